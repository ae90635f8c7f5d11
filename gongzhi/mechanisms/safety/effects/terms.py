"""The day of an order, and the one extension that a second person agrees to.

The clock of a site ends on the day of its order, also when a re-inspection sends it back: no act
that one person does alone gives the firm another day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.clocks import end_of, local
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.safety.effects.listing import firm_of, must_be_its_lister
from gongzhi.mechanisms.safety.registers import terms
from gongzhi.people.permissions import Actor

NO_ACCOUNT = _(
    "企业在这里还没有账号。红色隐患只能由企业自己报告整改完成：请台账维护单位在企业页设账号、"
    "任命人，再在这里送达企业账号。"
)
SERVE = "serve"  # the holder's task as long as nobody can report a stop rectified
RECTIFY, STOP = "rectify", "stop"  # the clocks that an order sets, and the firm's task


def running(until: date) -> dict[str, Any]:
    """Whichever of the two clocks starts, ends with that day."""
    end = end_of(until)
    return {RECTIFY: end, STOP: end}


def _day(case: Snapshot, name: str) -> date:
    return date.fromisoformat(case.facts[name])


def until(case: Snapshot) -> date:
    return _day(case, "until")


def _asked(firm: UUID | None, day: date) -> tuple[NewTask, ...]:
    return (NewTask(RECTIFY, unit=firm, due=end_of(day)),) if firm else ()


def again(case: Snapshot) -> Changes:
    """The firm goes on where it was, until the day of its order."""
    day = until(case)
    return Changes(limits=running(day), done=(RECTIFY,), tasks=_asked(firm_of(case), day))


def must_not_be_told(case: Snapshot) -> None:
    """Whoever is joined reads the whole case, so a firm is never joined to what a worker or
    neighbour told. Raises Refused."""
    if case.facts.get("told_by_public"):
        raise Refused(
            _(
                "这件是职工或群众报告的，企业看不到，也不能交给企业。请到现场核实，另行登记检查发现的"
                "隐患，把这件并入那一件，再对那一件下达指令。"
            )
        )


def _firm(data: Mapping[str, Any]) -> UUID | None:
    return UUID(str(data["firm"])) if data.get("firm") else None


def given(case: Snapshot, data: Mapping[str, Any]) -> Changes:
    """To the firm: the five things settled 五落实, and by when. What was asked before, was asked of
    another order."""
    firm = _firm(data)
    if firm:
        must_not_be_told(case)
    day = terms.of_order(data["until"], case.at)
    return Changes(
        join=(firm,) if firm else (), tasks=_asked(firm, day), done=(RECTIFY,),
        facts={
            "until": day.isoformat(), "ordered_on": local(case.at).date().isoformat(),
            "firm": str(firm) if firm else None, "asked_until": None,
        },
        limits=running(day), figures={"ordered": 1},
    )  # fmt: skip


def serve(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    """The stop stands as it is; the firm sees it from now on and can report."""
    firm = _firm(data)
    if firm is None:
        raise Refused(NO_ACCOUNT)
    must_not_be_told(case)
    return Changes(
        facts={"firm": str(firm)}, join=(firm,), tasks=_asked(firm, until(case)), done=(SERVE,)
    )


def _may_be_until(case: Snapshot, day: date) -> None:
    """Raises Refused."""
    if case.facts.get("extended"):
        raise Refused(_("整改期限只能延长一次，已经延长过。"))
    last = terms.longest(until(case), _day(case, "ordered_on"))
    if not until(case) < day <= last:
        raise Refused(
            _(
                "新的时限要晚于现在的时限，最迟到%(day)s：一次最多延长三十天，从下达指令起不超过九十天。"
            )
            % {"day": date_format(last, "DATE_FORMAT")},
            field="until",
        )


def ask(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    """Nothing changes until somebody else agrees."""
    day = local(data["until"]).date()
    _may_be_until(case, day)
    return Changes(facts={"asked_until": day.isoformat()}, figures={"extensions_asked": 1})


def agree(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    """To what was asked, and to nothing else."""
    if not case.facts.get("asked_until"):
        raise Refused(_("没有人提请延长整改期限。"))
    must_be_its_lister(case, by, _("挂牌督办的隐患，整改期限由挂牌单位同意延长。"))
    day = _day(case, "asked_until")
    _may_be_until(case, day)
    return Changes(
        extend=(RECTIFY,), limits={RECTIFY: end_of(day)}, done=(RECTIFY,),
        tasks=_asked(firm_of(case), day),
        facts={"until": day.isoformat(), "asked_until": None, "extended": True},
        figures={"extended": 1},
    )  # fmt: skip
