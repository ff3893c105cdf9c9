"""Scores the guard or the hints on sentences: `python -m tests.wording.score FILE…`.

A file has a JSON object a line: kind (question, posting or feedback), topic, text, unlawful.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.do_not_ask import findings
from bot.domain.feedback_hints import noticed
from bot.library.catalogue import Library
from bot.library.loader import load


@dataclass(frozen=True)
class Score:
    """How many remarks were found, missed, and how many innocent sentences were reported."""

    found: int
    missed: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 1.0

    def __str__(self) -> str:
        return (
            f"recall {self.recall:.3f} precision {self.precision:.3f} "
            f"(found {self.found}, missed {self.missed}, wrongly reported {self.wrong})"
        )


Row = dict[str, object]
OUTCOMES = {
    (True, True): "found",
    (True, False): "missed",
    (False, True): "wrong",
    (False, False): "right",
}


def score(library: Library, rows: Iterable[Row]) -> dict[str, Score]:
    """Scores by topic, and of all under ""."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        outcome = OUTCOMES[bool(row["unlawful"]), is_reported(library, row)]
        counts[""][outcome] += 1
        counts[str(row["topic"])][outcome] += 1
    return {
        topic: Score(count["found"], count["missed"], count["wrong"])
        for topic, count in counts.items()
    }


def is_reported(library: Library, row: Row) -> bool:
    """Whether anything is said of a row's text, as what it is."""
    text = str(row["text"])
    if row["kind"] == "feedback":
        return bool(noticed([text], library.feedback_hints))
    return bool(findings(text, library.do_not_ask))


def main() -> None:
    library = load()
    for name in sys.argv[1:]:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        for topic, of_topic in sorted(score(library, rows).items()):
            print(f"{topic or name}: {of_topic}")


if __name__ == "__main__":
    main()
