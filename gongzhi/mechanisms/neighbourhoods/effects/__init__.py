"""What an act on a resident's request changes beyond the state: plain functions that return it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewLink, Refused
from gongzhi.cases.linkage import go_up
from gongzhi.cases.snapshot import Snapshot
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]
FACTS = ("building", "shown", "same_as")


def begin(case: None, data: Data, by: Actor) -> Changes:
    """Which building, and what neighbours may see of it; a chief complained about is shut out."""
    facts = {name: str(data[name]) for name in FACTS if data.get(name)}
    hidden = (data["about"],) if data.get("about") else ()
    return Changes(facts=facts, urgent=bool(data.get("danger")) or None, hide=hidden)


def _in_time(case: Snapshot) -> dict[str, int]:
    """The chief's limit ended by somebody's act, not by time."""
    return {"chief_in_time": 1} if any(run.name == "chief" for run in case.clocks) else {}


def reply(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(offered=False, figures={"replied": 1, **_in_time(case)})


def pass_on(case: Snapshot, data: Data, by: Actor) -> Changes:
    return replace(go_up(case, data, by), figures=_in_time(case))


def take_back(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures=_in_time(case))


def confirm(case: Snapshot, data: Data, by: Actor) -> Changes:
    return rate(case, data, by)


def contest(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Who answered in vain does not get it again: what the building's team leaves, goes up."""
    if case.facts.get("team") == str(case.unit) and case.parent_unit is not None:
        facts = {"from_unit": str(case.unit)}
        return Changes(
            unit=case.parent_unit, level=case.parent_level, offered=True, facts=facts,
            figures={"contested": 1},
        )  # fmt: skip
    return Changes(figures={"contested": 1})


def gather(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Neighbours who ask for the same follow the first of them."""
    county, other = data["other"]
    return Changes(
        links=(NewLink(county, other, "repeat"),), figures={"repeated": 1, **_in_time(case)}
    )


def rate(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Once: a second rating counts nothing."""
    if isinstance(by, Holder) or case.facts.get("rated"):
        raise Refused(_("这件事您已经评价过了，谢谢。"))
    figures = {"rated": 1, **({"satisfied": 1} if data.get("satisfied") else {})}
    return Changes(facts={"rated": True}, figures=figures)
