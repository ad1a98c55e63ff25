"""What became of everything that the clients of a soak sent."""

import threading
from collections import Counter, defaultdict

KEPT = 20
"""Examples of each fault."""
FAULTS = ("lost", "mixed", "wrong")


class Counts:
    """Counts by client and outcome, from any thread.

    Outcomes: "right"; "interrupted", the server was killed meanwhile; "lost", no answer or one
    that is none; "mixed", an answer to another's file; "wrong", another answer than alone.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.outcomes: defaultdict[str, Counter] = defaultdict(Counter)
        self.examples: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, client: str, outcome: str, what: str = "") -> None:
        """Counts one; `what` tells of a fault."""
        with self._lock:
            self.outcomes[client][outcome] += 1
            if outcome in FAULTS and len(self.examples[outcome]) < KEPT:
                self.examples[outcome].append(f"{client}: {what}")

    @property
    def faults(self) -> int:
        """How many answers were lost, mixed up or wrong."""
        return sum(counts[fault] for counts in self.outcomes.values() for fault in FAULTS)


def judge_api(name: str, answers, digests, results: list[dict] | None) -> tuple[str, str]:
    """The outcome of one request, and what was wrong.

    Args:
        name: that was sent.
        answers: that must come, in order.
        digests: of the X-rays, "" where there is none.
        results: records that came; None where nothing did.
    """
    if results is None:
        return "lost", name
    strangers = [record["file"] for record in results if not record["file"].startswith(name)]
    hashes = [record.get("sha256", "") for record in results]
    if strangers or any(given and given not in digests for given in hashes):
        return "mixed", f"{name} got {strangers or hashes}"
    found = tuple("unreadable" if "error" in each else each["verdict"] for each in results)
    return ("right", "") if found == tuple(answers) else ("wrong", f"{name}: {found}, {answers}")
