"""From the agreement to its performance, to the court, and to the end."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.clocks import end_of
from gongzhi.cases.snapshot import OpenTask, Snapshot
from gongzhi.mechanisms.mediation.effects.counted import tally
from gongzhi.mechanisms.mediation.effects.handling import court_result
from gongzhi.mechanisms.mediation.tasks import DUTY, INSTALMENT, MEETING, PARTS
from gongzhi.people.permissions import Actor

Data = Mapping[str, Any]


def plan_performance(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Each instalment and each thing promised becomes a task of the holder, due at the end of its
    day. What is to be done stays in the sealed words; the task knows its number."""
    money, days = data.get("instalments", ()), data.get("duty_days", ())
    paid = tuple(
        NewTask(INSTALMENT, due=end_of(line["on"]), data={"n": n, "amount": str(line["amount"])})
        for n, line in enumerate(money, 1)
    )
    done = tuple(
        NewTask(DUTY, due=end_of(day), data={"n": n}) for n, day in enumerate(days, len(paid) + 1)
    )
    return Changes(
        tasks=(*paid, *done, *court_result(case)),
        facts={"agreed_at_entry": case.seq + 1, "partial": data.get("whole") == "part"},
        figures={"agreed": 1, **tally(case.facts.get("mediator"), case.category, "agreed")},
        done=MEETING,
    )


def _parts(case: Snapshot) -> list[OpenTask]:
    return [t for t in case.tasks if t.name in PARTS]


def _fell_due(case: Snapshot, parts: int, kept: int) -> dict[str, int]:
    whose, kind = case.facts.get("mediator"), case.category
    found = {"due": parts, **tally(whose, kind, "due", parts)} if parts else {}
    return found | ({"kept": kept, **tally(whose, kind, "kept", kept)} if kept else {})


def tick_off(case: Snapshot, data: Data, by: Actor) -> Changes:
    """One part performed, in time or late."""
    for part in _parts(case):
        if part.data["n"] == data["n"]:
            kept = int(part.due_at is None or case.at <= part.due_at)
            return Changes(done_tasks=((part.seq, part.n),), figures=_fell_due(case, 1, kept))
    raise Refused(_("这一项已经登记过，或者不存在。"), field="n")


def _missed(case: Snapshot) -> dict[str, int]:
    late = [p for p in _parts(case) if p.due_at is not None and p.due_at < case.at]
    return _fell_due(case, len(late), 0)


def drop_performance(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was promised and not done is talked about anew."""
    return Changes(done=PARTS, figures=_missed(case), facts={"defaulted": True})


def settle(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Raises Refused while a part of the agreement has not been performed."""
    left = [str(t.data["n"]) for t in _parts(case)]
    if left:
        raise Refused(_("还有第 %(left)s 项未登记履行，不能办结。") % {"left": "、".join(left)})
    figures = tally(case.facts.get("mediator"), case.category, "settled")
    filed = "filed" if case.facts.get("filed") else "unfiled"
    figures[f"settled_{filed}.{case.category}"] = 1
    return Changes(figures=figures)


def ask_court(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The right court examines the agreement; the judge of the village's contact point has it in
    their own list."""
    task = NewTask("examine", unit=data["unit"], post=data.get("judge"))
    return Changes(join=(data["unit"],), tasks=(task,), facts={"confirmed": None})


def confirm(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Enforceable from now on: who does not perform is brought to the court's enforcement."""
    return Changes(done=("examine",), facts={"confirmed": True})


def reject(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Still binding as a contract; the parties may change it by new mediation, or sue."""
    return Changes(done=("examine",), facts={"confirmed": False})


def take_result(case: Snapshot, data: Data, by: Actor) -> Changes:
    if not any(t.name == "court_result" for t in case.tasks):
        raise Refused(_("没有需要接收的调解结果。"))
    return Changes(done=("court_result",))


def send(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The file goes to court or arbitration, which holds it until the end."""
    return Changes(unit=data["unit"], facts={"referred_from": str(case.unit)})


def send_unperformed(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(
        unit=data["unit"], done=PARTS, figures=_missed(case),
        facts={"referred_from": str(case.unit), "defaulted": True},
    )  # fmt: skip


def file(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Counted once, however often it was in court."""
    first = not case.facts.get("filed")
    return Changes(facts={"filed": True}, figures={f"filed.{case.category}": 1} if first else {})


def send_back(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Nothing falls through: whoever sent it has it again."""
    return Changes(unit=UUID(case.facts["referred_from"]))
