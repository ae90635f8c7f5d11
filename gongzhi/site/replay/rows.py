"""One row of the replay: what is done through real acts, and what is then counted."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, ClassVar

from gongzhi.cases.changes import Refused
from gongzhi.declare import Mechanism, registry
from gongzhi.people.scope import Scope, within
from gongzhi.site.replay.figures import ARTICLE, Statement
from gongzhi.site.replay.stage import Stage


class Row(ABC):
    """`rooms` are the offices it needs (see Stage); `did` says in both languages what is done."""

    name: ClassVar[str]
    mechanism: ClassVar[Mechanism]
    rooms: ClassVar[Collection[str]] = ()
    did: ClassVar[tuple[str, str]]

    @abstractmethod
    def run(self, stage: Stage) -> None:
        """Do it. Raises Refused."""

    @abstractmethod
    def count(self) -> Mapping[str, int]:
        """What is in the database, by the names of the article's figures; nothing is remembered
        from the acts but which case it was."""

    @property
    def statement(self) -> Statement:
        return ARTICLE[self.name]


@dataclass
class Told:
    """What came of a row."""

    row: Row
    wrong: str = ""  # why it was not done, if it was not
    counted: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def figures(self) -> list[tuple[str, str, int, bool]]:
        """What is counted, in the article, in the database, and whether they agree."""
        asked = self.row.statement.figures
        return [
            (what, str(figure), self.counted.get(what, 0), self._agrees(what))
            for what, figure in asked.items()
        ]

    def _agrees(self, what: str) -> bool:
        found = self.counted.get(what)
        return found is not None and self.row.statement.figures[what].met_by(found)

    @property
    def ok(self) -> bool:
        return not self.wrong and all(agrees for *_said, agrees in self.figures)

    def plain(self) -> dict[str, Any]:
        said = self.row.statement
        return {
            "row": self.row.name, "mechanism": self.row.mechanism.name,
            "mechanism_zh": str(self.row.mechanism.label), "statement": said.zh,
            "statement_en": said.en, "done": self.row.did[0], "done_en": self.row.did[1],
            "wrong": self.wrong, "ok": self.ok, "seconds": round(self.seconds, 1),
            "figures": [
                {"what": what, "article": figure, "counted": n,
                 "counted_said": f"{n:,}", "ok": agrees}
                for what, figure, n, agrees in self.figures
            ],
        }  # fmt: skip


def told(row: Row, stage: Stage) -> Told:
    """Done, as far as its mechanism is installed; counted in any case."""
    found, began = Told(row), perf_counter()
    try:
        registry.get(row.mechanism.name)
        row.run(stage)
    except registry.Unknown as error:
        found.wrong = f"机制未启用 mechanism not installed: {error}"
    except Refused as error:
        found.wrong = f"被拒绝 refused: {error.reason}"
    with within(Scope(place="44")):
        found.counted = dict(row.count())
    found.seconds = perf_counter() - began
    return found
