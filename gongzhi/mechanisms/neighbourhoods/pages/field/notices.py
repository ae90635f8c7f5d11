"""Notices told at the door 上门告知: what they say, and which doors have not heard yet."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from gongzhi.mechanisms.neighbourhoods.models import Building, Household, Wording
from gongzhi.mechanisms.neighbourhoods.pages.field.asked import holder, named, number
from gongzhi.mechanisms.neighbourhoods.registers import announced, announcing
from gongzhi.mechanisms.neighbourhoods.registers.announced import AtHome
from gongzhi.people.permissions import Actor
from gongzhi.ui.offline import Answer, Operation


def told_at_door(one: Operation, now: datetime, by: Actor) -> Answer:
    """Of the wording that the phone had; a wrong tick is taken back.

    What no longer needs telling is an answer, not something for the chief to settle.
    """
    chief, home, id_ = holder(by), named(one.data, "household"), named(one.data, "notice")
    if one.data.get("undo"):
        announcing.untell_at_door(id_, home, by=chief)
        return Answer("done")
    n = number(one.data, "n")
    said = announcing.told_at_door(id_, home, n=n, by=chief, now=now)
    return Answer("done", _said(said))


def _said(word: str) -> str:
    return {
        "withdrawn": _("这份公告已经撤回，不用再告知了。"),
        "again": _("公告后来更正过，请按新的内容再告知这一户。"),
        "unknown": _("这份公告不是给这一户的，没有计入。"),
    }.get(word, "")


def left(of: Building, homes: Sequence[Household], today: date) -> dict[AtHome, list[UUID]]:
    """What is shown in the building, and the households that have not heard of it."""
    found = {}
    for a in announced.shown(of.id, None, today):
        if not a.withdrawn:
            known = announced.told_in(a.id, of.id)
            found[a] = [h.id for h in homes if not known.get(h.id, (False, None))[0]]
    return found


def shown(every: Iterable[AtHome]) -> list[dict[str, Any]]:
    """What they say, as the wording that holds now does."""
    which = {(a.id, a.n): a for a in every}
    if not which:
        return []
    these = reduce(or_, (Q(announcement=id_, n=n) for id_, n in which))
    texts = ("title", "title_en", "text", "text_en")
    found = []
    for w in Wording.objects.filter(these).order_by("-announcement__published_at"):
        said = announced.in_words({name: getattr(w, name) for name in texts})
        found.append({"id": w.announcement_id, "n": w.n, "title": said["shown_title"],
                      "text": said["shown_text"]})  # fmt: skip
    return found
