"""What stands before the end of a hazard, on its case page: who must have looked, who takes it off
the list, until when, and what was asked."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from gongzhi.cases.reading import CaseView
from gongzhi.declare import Act, Level, State
from gongzhi.mechanisms.safety import mechanism as m
from gongzhi.mechanisms.safety.effects.listing import firm_of
from gongzhi.mechanisms.safety.effects.terms import NO_ACCOUNT
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.ui import words

# The way out of a stop, each step with the state it leads to.
WAY: Final[list[tuple[Act, State]]] = [
    (m.rectify_stopped, m.stop_rectified), (m.pass_stopped, m.rechecked),
    (m.restart, m.eliminated),
]  # fmt: skip
STOPPED: Final = [m.halted, m.stop_rectified, m.rechecked]


def _way(view: CaseView) -> list[dict[str, Any]]:
    """Of a red hazard: what is done and who does what is not."""
    if view.state not in STOPPED:
        return []
    done = STOPPED.index(view.state)
    return [
        {"label": words.label(act), "done": n < done,
         "by": _("、").join(words.label(role) for role in act.roles)}
        for n, (act, _after) in enumerate(WAY)
    ]  # fmt: skip


def _waits_for_account(view: CaseView) -> bool:
    """A red one that nobody can report rectified yet."""
    return view.state is m.halted and firm_of(view.snapshot) is None


def _day(facts: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(facts[name]) if facts.get(name) else None


def part(view: CaseView, by: Holder, now: Any) -> Mapping[str, Any] | None:
    """Nothing while nobody has ordered anything, nor when it is over."""
    facts = view.case.facts
    if not view.case.is_open or not facts.get("until"):
        return None
    listed = facts.get("listed")
    return {
        "way": _way(view), "until": _day(facts, "until"), "asked": _day(facts, "asked_until"),
        "extended": bool(facts.get("extended")), "listed": listed,
        "level": words.level(Level[listed["level"].upper()]) if listed else "",
        "no_account": NO_ACCOUNT if _waits_for_account(view) else "",
        "lister": Unit.objects.filter(id=UUID(listed["unit"])).first() if listed else None,
    }  # fmt: skip
