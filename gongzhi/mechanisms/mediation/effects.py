"""What an act of mediation changes beyond the state: plain functions that return it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, NewTask, Refused
from gongzhi.cases.clocks import CHINA, DAY_END
from gongzhi.cases.snapshot import Snapshot
from gongzhi.people.permissions import Actor

Data = Mapping[str, Any]
INSTALMENT = "instalment"


def name_mediator(case: Snapshot, data: Data, by: Actor) -> Changes:
    """The chosen mediator's post holds the case. The form has excluded conflicts of interest."""
    post = data["mediator"]
    if str(post) in case.facts.get("objected", []):
        raise Refused(_("当事人已要求更换这位调解员，请另选。"), field="mediator")
    return Changes(post=post, facts={"mediator": str(post)})


def drop_mediator(case: Snapshot, data: Data, by: Actor) -> Changes:
    """A party may object; that mediator lets go at once and is not named again in this case."""
    objected = [*case.facts.get("objected", []), str(case.post)]
    return Changes(release=True, facts={"objected": objected, "mediator": None})


def count_session(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(facts={"sessions": case.facts.get("sessions", 0) + 1})


def plan_performance(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Each instalment becomes a task of the holder, due at the end of its day."""
    tasks = tuple(
        NewTask(
            INSTALMENT,
            due=datetime.combine(line["on"], DAY_END, CHINA),
            data={"n": n, "amount": str(line["amount"])},
        )
        for n, line in enumerate(data["instalments"], 1)
    )
    return Changes(tasks=tasks, facts={"agreed_at_entry": case.seq + 1})


def tick_off(case: Snapshot, data: Data, by: Actor) -> Changes:
    """One instalment performed."""
    for task in case.tasks:
        if task.name == INSTALMENT and task.data["n"] == data["n"]:
            return Changes(done_task=(task.seq, task.n))
    raise Refused(_("这一期已经登记过，或者不存在。"), field="n")


def drop_performance(case: Snapshot, data: Data, by: Actor) -> Changes:
    return Changes(done=(INSTALMENT,))


def all_performed(case: Snapshot, data: Data, by: Actor) -> Changes:
    left = [t.data["n"] for t in case.tasks if t.name == INSTALMENT]
    if left:
        raise Refused(
            _("还有第 %(left)s 期未登记履行，不能办结。")
            % {"left": "、".join(str(n) for n in left)}
        )
    return Changes()


def count_rating(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Counted once for each closing."""
    if case.facts.get("rated"):
        raise Refused(_("您已经评价过，谢谢。"))
    figures = {"rated": 1, **({"satisfied": 1} if data["satisfied"] else {})}
    return Changes(figures=figures, facts={"rated": True})


def begin_again(case: Snapshot, data: Data, by: Actor) -> Changes:
    """Back to intake; the first mediator is free to be chosen or not, and it may be rated anew."""
    return Changes(release=True, facts={"rated": False, "mediator": None})
