"""The paper of our PDF files: A4 pages with head and foot, and the pieces that stand on them.

reportlab is imported inside functions: only who asks for a PDF needs it.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from fracturelens.export.provenance import Provenance
from fracturelens.export.text import pdf_fonts, printable
from fracturelens.results import Verdict
from important_variables import ATTRIBUTION, DISCLAIMER, RGB

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 40.0
"""Of A4, points."""
ROOM = WIDTH - 2 * MARGIN
HEAD, FOOT = 62.0, 34.0
"""Heights that head and foot take inside the margins, points."""
BODY = HEIGHT - 2 * MARGIN - HEAD - FOOT
NORMAL, SMALL = 8.5, 7.0
"""Sizes of letters, points."""
PICTURE_HEIGHT = 290.0
INK, SOFT, LINE = "#17232b", "#51616a", "#c3cccb"
EDGES: dict[str, tuple[str, float, tuple[int, ...]]] = {
    Verdict.FRACTURE: ("#96286a", 2.5, ()),
    Verdict.DOUBTFUL: ("#7a5c00", 2.5, (2, 3)),
    Verdict.NO_FRACTURE: ("#0b6b67", 0.8, ()),
}
"""Color, width and dashes of the verdict's border: told apart without color too."""


class Page:
    """An A4 document under construction, page by page.

    Args:
        file: that it is written to.
        title: of the document.
        made: what made the results; its date stands in the head, and in the file's properties.
    """

    def __init__(self, file: BytesIO, title: str, made: Provenance | None):
        from reportlab.pdfgen.canvas import Canvas

        pdf_fonts()
        self.title, self.made, self.number = title, made, 0
        # `invariant` keeps the time of writing out, so that equal reports are equal files.
        self.canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, lang="en")
        self.canvas.setTitle(f"FractureLens: {title}")
        self.canvas.setAuthor("FractureLens")
        self.canvas.setSubject(DISCLAIMER)
        if made:
            self.canvas.setCreator(f"FractureLens {made.version}")
            self.canvas.setDateFormatter(lambda *_: f"{made.moment:D:%Y%m%d%H%M%S+00'00'}")

    def fill(self, pieces: list[Any]) -> None:
        """One page with all these pieces, made smaller where they do not fit."""
        from reportlab.platypus import KeepInFrame

        self._begin()
        _frame().addFromList([KeepInFrame(ROOM, BODY, pieces, mode="shrink")], self.canvas)

    def flow(self, pieces: list[Any]) -> None:
        """These pieces on as many pages as they need; tables go on over the pages' ends.

        Raises:
            ValueError: a piece that cannot be split is taller than a page.
        """
        waiting = list(pieces)
        while waiting:
            self._begin()
            frame, drawn = _frame(), False
            while waiting and frame.add(waiting[0], self.canvas):
                drawn = bool(waiting.pop(0))
            parts = frame.split(waiting[0], self.canvas) if waiting else []
            if parts:
                frame.add(parts[0], self.canvas)
                waiting[:1] = parts[1:]
            elif waiting and not drawn:
                raise ValueError("a piece of the document is taller than a page.")

    def close(self) -> None:
        """Writes the file."""
        self.canvas.showPage()
        self.canvas.save()

    def _begin(self) -> None:
        """A new page with its head and foot."""
        if self.number:
            self.canvas.showPage()
        self.number += 1
        canvas, top = self.canvas, HEIGHT - MARGIN
        canvas.setFillColor(INK)
        canvas.setFont("DejaVu-bold", 15)
        canvas.drawString(MARGIN, top - 13, f"FractureLens: {self.title}")
        canvas.setFont("DejaVu-regular", NORMAL)
        if self.made:
            when = f"{self.made.moment:%-d %B %Y, %H:%M} UTC"
            canvas.drawRightString(WIDTH - MARGIN, top - 11, when)
        self._notice(top - 46)
        canvas.setFillColor(SOFT)
        canvas.setFont("DejaVu-regular", SMALL)
        version = f"FractureLens {self.made.version}. " if self.made else "FractureLens. "
        canvas.drawString(MARGIN, MARGIN + 12, version + DISCLAIMER)
        canvas.drawString(MARGIN, MARGIN, ATTRIBUTION)
        canvas.drawRightString(WIDTH - MARGIN, MARGIN + 12, f"Page {self.number}")

    def _notice(self, bottom: float) -> None:
        """The disclaimer in a box below the title."""
        self.canvas.setStrokeColor(INK)
        self.canvas.setFillColor("#fff4cc")
        self.canvas.rect(MARGIN, bottom, ROOM, 20, fill=1)
        self.canvas.setFillColor(INK)
        self.canvas.setFont("DejaVu-bold", 9.5)
        self.canvas.drawCentredString(WIDTH / 2, bottom + 6.5, DISCLAIMER)


def cell(words: str, most: int = 90) -> str:
    """Text of strangers for a paragraph: printable, and without meaning to the markup."""
    return escape(printable(words, most))


def text(
    markup: str, size: float = NORMAL, color: str = INK, bold: bool = False, before: float = 0
) -> Any:
    """A paragraph of markup: our own words, with those of strangers made harmless by `cell`."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    font = "DejaVu-bold" if bold else "DejaVu-regular"
    room = {"leading": 1.35 * size, "spaceBefore": before, "spaceAfter": 2}
    style = ParagraphStyle(font, fontName=font, fontSize=size, textColor=color, **room)
    bolder = markup.replace("<b>", '<font name="DejaVu-bold">').replace("</b>", "</font>")
    return Paragraph(bolder, style)


def heading(words: str) -> Any:
    """The title of a section."""
    return text(words, 10.5, bold=True, before=8)


def color_of(color: RGB) -> str:
    """A square of a color, as markup."""
    return f'<font color="#{color[0]:02x}{color[1]:02x}{color[2]:02x}">■</font>'


def verdict_box(verdict: str, headline: str, sentences: Sequence[str]) -> Any:
    """The verdict in a box whose border tells it too; `sentences` are markup."""
    from reportlab.platypus import Table

    color, width, dashes = EDGES[verdict]
    rows = [[text(headline, 15, color, bold=True)], *([text(one)] for one in sentences)]
    edge = ("BOX", (0, 0), (-1, -1), width, color, 1, dashes or None)
    box = Table(rows, [ROOM - 3], spaceBefore=4, spaceAfter=8, hAlign="CENTER")
    box.setStyle([edge, *_padding(9, 2), ("TOPPADDING", (0, 0), (0, 0), 5)])
    box.setStyle([("BOTTOMPADDING", (0, -1), (-1, -1), 6)])
    return box


def picture(jpegs: Sequence[tuple[bytes, tuple[int, int], str]]) -> Any:
    """Pictures side by side with their captions.

    Args:
        jpegs: file, height and width in pixels, and caption as markup of each.
    """
    from reportlab.platypus import Image, Table

    room = (ROOM - 12) / 2
    images, captions = [], []
    for data, (height, width), words in jpegs:
        scale = min(room / width, PICTURE_HEIGHT / height)
        images.append(Image(BytesIO(data), width * scale, height * scale))
        captions.append(text(words, SMALL, SOFT))
    grid = Table([images, captions], [room + 6] * len(images), hAlign="LEFT")
    grid.setStyle([("ALIGN", (0, 0), (-1, -1), "LEFT"), *_padding(0, 2)])
    return grid


def table(
    heads: Sequence[str] | None, rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> Any:
    """A table of plain text, lines between its rows; its head is repeated on each page."""
    from reportlab.platypus import Table

    body = [[text(escape(words), SMALL) for words in row] for row in rows]
    head = [[text(escape(words), SMALL, SOFT) for words in heads]] if heads else []
    grid = Table(head + body, widths, repeatRows=len(head), hAlign="LEFT")
    lines = ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)
    grid.setStyle([lines, ("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(2, 1.5)])
    return grid


def _frame() -> Any:
    """The room between head and foot of a page."""
    from reportlab.platypus import Frame

    return Frame(MARGIN, MARGIN + FOOT, ROOM, BODY, 0, 0, 0, 0)


def _padding(beside: float, above: float) -> list[tuple]:
    """Room around the cells of a table, points."""
    sides = {"LEFT": beside, "RIGHT": beside, "TOP": above, "BOTTOM": above}
    return [(f"{side}PADDING", (0, 0), (-1, -1), room) for side, room in sides.items()]
