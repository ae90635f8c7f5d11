"""What an act on a road changes beyond the state: plain functions that return it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewLink, Refused
from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.roads.registers.recurring import COMES_BACK
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]
FACTS = ("road", "section", "patrol")


def begin(case: None, data: Data, by: Actor) -> Changes:
    """Where on the road it is stays with the case; what is dangerous now is urgent."""
    facts = {name: str(data[name]) for name in FACTS if data.get(name)}
    return Changes(facts=facts, urgent=bool(data.get("danger")) or None)


def mend(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(offered=False, figures={"mended": 1})


def verify(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(facts={"cleared_at": case.at.isoformat()}, figures={"verified": 1})


def redo(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"not_mended": 1})


def dismiss(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(figures={"dismissed": 1})


def merge(case: Snapshot, data: Data, by: Actor) -> Changes:
    county, other = data["other"]
    return Changes(links=(NewLink(county, other, "duplicate"),), figures={"repeated": 1})


def recur(case: Snapshot, data: Data, by: Actor) -> Changes:
    """What was thought gone is not: the same case, with all that was done, is taken up again."""
    if case.closed_at is None or case.at - case.closed_at > COMES_BACK:
        raise Refused(_("销号已经超过九十天，请另报一件，再关联这一件。"))
    n = int(case.facts.get("recurred", 0)) + 1
    return Changes(facts={"recurred": n}, figures={"recurred": 1})


def rate(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Once: a second rating of the same ending counts nothing."""
    if isinstance(by, Holder) or case.facts.get("rated_at") == str(case.closed_at):
        raise Refused(_("这件事您已经评价过了，谢谢。"))
    figures = {"rated": 1, **({"satisfied": 1} if data.get("satisfied") else {})}
    return Changes(facts={"rated_at": str(case.closed_at)}, figures=figures)
