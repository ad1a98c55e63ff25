"""The folder of a run's results: two tables that grow row by row, and each X-ray's pictures.

A row and its pictures appear together or not at all, whatever stops the run: pictures are written
as drafts, then come the rows, then the drafts get their names.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType

from fracturelens.batch.earlier import (
    CONDITIONS,
    DRAFT,
    PARQUET,
    PICTURES,
    RECORDS,
    STUDIES,
    SUMMARY,
    TABLE,
    ResultsFolderError,
    keep_finished,
    record_line,
    remove_earlier,
)
from fracturelens.batch.growing import GrowingFile
from fracturelens.batch.names import PictureNames
from fracturelens.export.csv import FINDING_COLUMNS, report_rows, table_csv
from fracturelens.export.records import Report, whole_record
from fracturelens.studies import STUDY, Study, StudyKey, study_record

COLUMNS = (*FINDING_COLUMNS, PICTURES)


class ResultsFolder:
    """Takes the results of one X-ray after the other; a context, closed at its end.

    Attributes:
        finished: how often each name stands in the records that an earlier run left.
    """

    def __init__(
        self, path: Path, conditions: dict, note: Callable[[dict], None], resume: bool = False
    ):
        """Makes the folder ready.

        Args:
            path: made if it is missing.
            conditions: networks and options of the run, ready for JSON.
            note: is called with each record of an earlier run that stays, and each new one.
            resume: keep what an earlier run with the same conditions has finished; otherwise its
                results are removed.

        Raises:
            ResultsFolderError: the folder cannot be written to, or holds other results.
        """
        self.path, self._note = path, note
        self.finished: Counter[str] = Counter()
        try:
            path.mkdir(parents=True, exist_ok=True)
            if resume:
                self.finished = keep_finished(path, conditions, note)
            else:
                remove_earlier(path)
            (path / CONDITIONS).write_text(
                json.dumps(conditions, indent=2) + "\n", encoding="utf-8"
            )
            self._names = PictureNames((SUMMARY, *(entry.name for entry in path.iterdir())))
            self._records, self._table = (GrowingFile(path / name) for name in (RECORDS, TABLE))
            if not self._table.size:
                self._table.append(table_csv(COLUMNS, []))
        except OSError as error:
            raise ResultsFolderError(
                f"The results cannot be written to {path} ({error.strerror}). "
                "Choose another folder with --out."
            ) from error

    def __enter__(self) -> "ResultsFolder":
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes both tables."""
        self._records.close()
        self._table.close()

    def add(
        self,
        report: Report,
        pictures: Mapping[str, Callable[[], bytes]],
        study: StudyKey | None = None,
    ) -> None:
        """Writes the rows and pictures of one X-ray, or nothing at all.

        Args:
            report: what became of it.
            pictures: what makes each picture's file, by its kind, such as "unet_mask.png".
            study: which one it belongs to, None where nothing says so.

        Raises:
            OSError: the disk took no more; nothing of this X-ray is left.
        """
        names = self._names.names_for(report.name, list(pictures))
        record = whole_record(report) | {PICTURES: list(names.values())}
        record |= {STUDY: dict([study])} if study else {}
        cell = {PICTURES: "+".join(names.values())}
        rows = table_csv(COLUMNS, [row | cell for row in report_rows(report)])
        paths = [self.path / name for name in names.values()]
        drafts = [path.with_name(f"{path.name}{DRAFT}") for path in paths]
        sizes, done = (self._table.size, self._records.size), False
        try:
            for kind, draft in zip(names, drafts, strict=True):
                draft.write_bytes(pictures[kind]())
            self._table.append(rows.split(b"\n", 1)[1])
            self._records.append(record_line(record).encode())
            for draft, path in zip(drafts, paths, strict=True):
                draft.replace(path)
            done = True
        finally:
            if not done:
                self._take_back(sizes, [*drafts, *paths])
        self._note(record)

    def write_summary(self, content: bytes) -> None:
        """Writes summary.pdf over all records, whole or not at all.

        Raises:
            OSError: the disk took no more.
        """
        draft = self.path / f"{SUMMARY}{DRAFT}"
        draft.write_bytes(content)
        draft.replace(self.path / SUMMARY)

    def write_parquet(self) -> None:
        """Writes results.parquet of all records, whole or not at all.

        Raises:
            OSError: the disk took no more.
        """
        from fracturelens.export.parquet import write_parquet  # none of the edge's packages

        draft = self.path / f"{PARQUET}{DRAFT}"
        try:
            write_parquet(self.path / RECORDS, draft)
            draft.replace(self.path / PARQUET)
        finally:
            draft.unlink(missing_ok=True)

    def write_studies(self, studies: Iterable[Study]) -> None:
        """Writes one line for each study, whole or not at all; no file where there is none.

        Raises:
            OSError: the disk took no more.
        """
        path = self.path / STUDIES
        draft = path.with_name(f"{STUDIES}{DRAFT}")
        lines = (record_line(study_record(study)) for study in studies)
        if first := next(lines, ""):
            with draft.open("w", encoding="utf-8") as file:
                file.write(first)
                file.writelines(lines)
            draft.replace(path)
        else:
            path.unlink(missing_ok=True)

    def _take_back(self, sizes: tuple[int, int], paths: list[Path]) -> None:
        """Removes what was written of one X-ray."""
        for path in paths:
            path.unlink(missing_ok=True)
        self._table.cut(sizes[0])
        self._records.cut(sizes[1])
