"""Words about a study of several views: its verdict, and what each view adds."""

from fracturelens.measured.words import VERDICTS
from fracturelens.results import Verdict
from fracturelens.studies import Study, View


def study_sentence(study: Study) -> str:
    """Verdict, highest probability and agreement; what has no verdict is told."""
    size = "1 X-ray" if study.size == 1 else f"{study.size} X-rays"
    if study.highest is None or study.verdict is None:
        return f"Study of {size}: none has a verdict."
    said = f"{VERDICTS[study.verdict]} ({study.highest.probability:.1%})"
    parts = [f"Study of {size}: {said}.", _agreement(study)]
    if missing := len(study.not_judged):
        parts.append(f"{missing} {'has' if missing == 1 else 'have'} no verdict.")
    return " ".join(part for part in parts if part)


def added_words(study: Study, view: View) -> str:
    """What one view adds to the others of its study, a sentence; "" where it is the only one."""
    if len(study.views) < 2:
        return ""
    if study.decides(view):
        return "This view alone gives the study its verdict."
    if view.verdict is not study.verdict:
        return "Another view gives the study a higher verdict."
    others = len(study.agreeing) - 1
    if view.verdict is Verdict.NO_FRACTURE:
        return "No view shows a fracture."
    return f"{others} other {'view says' if others == 1 else 'views say'} the same."


def _agreement(study: Study) -> str:
    """How many views have the study's verdict; "" where there is one view."""
    if len(study.views) < 2:
        return ""
    agreeing = len(study.agreeing)
    if agreeing == len(study.views):
        return "All views agree."
    return f"{agreeing} of {len(study.views)} views {'says' if agreeing == 1 else 'say'} so."
