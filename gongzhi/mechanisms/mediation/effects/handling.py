"""From the application to the end of the talks: danger, mediator, sessions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import hours
from gongzhi.mechanisms.mediation.effects.counted import tally
from gongzhi.mechanisms.mediation.tasks import MEETING
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder

Data = Mapping[str, Any]
NOT_IN_DANGER = "none"
FROM_COURT = {"court_before", "court_suit"}
AGAIN = timedelta(days=90)  # within which a matter that comes back counts as recurred
PROLONGED = ("mediate", "delegated")


def begin(case: None, data: Data, by: Actor) -> Changes:
    """Danger makes it urgent at once; a court that delegates stays concerned and is told."""
    danger = data.get("danger", NOT_IN_DANGER)
    facts: dict[str, Any] = {} if danger == NOT_IN_DANGER else {"danger": danger}
    if data.get("language"):
        facts["language"] = data["language"]
    figures: dict[str, int] = {}
    join: tuple[UUID, ...] = ()
    if data["channel"] in FROM_COURT and isinstance(by, Holder):
        facts["court"] = str(by.unit)
        join = (by.unit,)
    if data["channel"] == "court_suit":
        facts["filed"] = True
        figures[f"filed.{data['category']}"] = 1
    if data.get("recurs"):
        figures[f"recurred.{data['category']}"] = 1
    tasks = (NewTask("call_out", due=hours(1)),) if "danger" in facts else ()
    return Changes(urgent="danger" in facts, facts=facts, figures=figures, join=join, tasks=tasks)


def take_up(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Whoever is in danger is helped first; mediation is never the answer to violence alone."""
    if any(t.name == "call_out" for t in case.tasks):
        raise Refused(_("有人身危险：请先办理“紧急处置”，再决定是否受理。"))
    return Changes()


def call_out(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Somebody has gone there or called the police; until it is over the case stays urgent."""
    facts = {"danger": case.facts.get("danger", "threat"), "danger_handled": case.at.isoformat()}
    return Changes(urgent=not data.get("safe", False), facts=facts, done=("call_out",))


def name_mediator(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The chosen mediator's post holds the case, and with it their unit: a studio takes it so.

    The form has excluded conflicts of interest.
    """
    post, unit = data["mediator"], data.get("unit") or case.unit
    if str(post) in case.facts.get("objected", []):
        raise Refused(_("当事人已要求更换这位调解员，请另选。"), field="mediator")
    facts = {"mediator": str(post)}
    counted = tally(str(post), case.category, "taken")
    if unit == case.unit:
        return Changes(post=post, facts=facts, figures=counted, done=MEETING)
    facts["from_unit"] = str(case.unit)
    return Changes(unit=unit, post=post, offered=True, facts=facts, figures=counted, done=MEETING)


def drop_mediator(case: Snapshot, data: Data, by: Actor) -> Changes:
    """A party may object; that mediator lets go at once and is not named again in this case."""
    objected = [*case.facts.get("objected", []), str(case.post)]
    return Changes(release=True, facts={"objected": objected, "mediator": None}, done=MEETING)


def _meeting(case: Snapshot, data: Data) -> tuple[NewTask, ...]:
    """The session as a task of the mediator, and one for everybody asked to come."""
    begins = data["begins_at"]
    ends = begins + timedelta(minutes=data["minutes"])
    people: Sequence[tuple[UUID, UUID]] = data.get("people") or ()
    books = [case.post, *(post for post, _unit in people), data.get("room")]
    told = {
        "begins_at": begins.isoformat(),
        "ends_at": ends.isoformat(),
        "mode": data["mode"],
        "room": str(data["room"]) if data.get("room") else None,
        "where": data.get("where", ""),
        "occasion": str(data["visit"]) if data.get("visit") else None,
    }
    session = {**told, "books": sorted({str(b) for b in books if b})}
    return (
        NewTask("session", post=case.post, due=begins, data=session),
        *(NewTask("attend", unit=unit, post=post, due=begins, data=told)
          for post, unit in people),
    )  # fmt: skip


def book(case: Snapshot, data: Data, by: Actor) -> Changes:
    """One session at a time; the database refuses it when somebody or the room is taken.

    `people` are posts and their units.
    """
    if any(t.name == "session" for t in case.tasks):
        raise Refused(_("已约好一次调解，请先改期或登记调解情况。"))
    tasks = _meeting(case, data)
    return Changes(tasks=tasks, join=tuple(t.unit for t in tasks if t.unit))


def book_again(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Another time for the same people and room, or none."""
    now = next((t for t in case.tasks if t.name == "session"), None)
    if now is None:
        raise Refused(_("现在没有约好的调解。"))
    if not data.get("begins_at"):
        return Changes(done=MEETING)
    asked = {**data, "people": [(t.post, t.unit) for t in case.tasks if t.name == "attend"],
             "mode": now.data["mode"], "room": now.data["room"],
             "where": now.data.get("where", ""), "visit": now.data.get("occasion")}  # fmt: skip
    return Changes(done=MEETING, tasks=_meeting(case, asked))


def count_session(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(facts={"sessions": case.facts.get("sessions", 0) + 1}, done=MEETING)


def prolong(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Every limit on the talks that can still be moved, since the parties agree to more time."""
    running = {r.name for r in case.clocks if not r.extended}
    return Changes(extend=tuple(n for n in PROLONGED if n in running) or PROLONGED[:1])


def count_failure(case: Snapshot, data: Data, by: Actor) -> Changes:
    counted = {"failed": 1, **tally(case.facts.get("mediator"), case.category, "failed")}
    return Changes(figures=counted, done=MEETING, tasks=court_result(case))


def court_result(case: Snapshot) -> tuple[NewTask, ...]:
    """A court that delegated the dispute is told how it went."""
    asked = case.facts.get("court")
    return (NewTask("court_result", unit=UUID(asked)),) if asked else ()


def count_rating(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Counted once for each closing."""
    if case.facts.get("rated"):
        raise Refused(_("您已经评价过，谢谢。"))
    whose, kind = case.facts.get("mediator"), case.category
    figures = {"rated": 1, **tally(whose, kind, "rated")}
    if data["satisfied"]:
        figures |= {"satisfied": 1, **tally(whose, kind, "satisfied")}
    return Changes(figures=figures, facts={"rated": True})


def begin_again(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Back to intake; the first mediator is free to be chosen or not, and it may be rated anew."""
    soon = case.closed_at is not None and case.at - case.closed_at <= AGAIN
    return Changes(
        release=True, facts={"rated": False, "mediator": None},
        figures={f"recurred.{case.category}": 1} if soon else {},
    )  # fmt: skip
