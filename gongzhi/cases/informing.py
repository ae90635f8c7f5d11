"""Who of a group was told what 告知到人: a member reads the letter, or is told and it is noted.

Nothing is kept but the ledger: which letter (the number of its entry), which members, how, when.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Changes, Refused
from gongzhi.cases.informing_forms import MISTAKEN, TellMembers
from gongzhi.cases.models import Entry
from gongzhi.cases.roles import holder, joined, party
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import EVER, Act
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Resident

Data = Mapping[str, Any]
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Telling:
    """How and on which day a member was told."""

    way: str
    on: date


# By the number of the letter's entry, then by member.
Informed = Mapping[int, Mapping[str, Telling]]


def told_to(case: Snapshot, data: Data, by: Actor) -> Changes:
    members = {str(p.id) for p in case.members}
    if not members.issuperset(map(str, data["members"])):
        raise Refused(_("名单里有人不是本案的信访人，请看最新情况后再办。"), field="members")
    return Changes()


def read_by(case: Snapshot, data: Data, by: Actor) -> Changes:
    """By one member and nobody else: of two whose phones end alike it is not known who read."""
    mine = [str(p.id) for p in case.parties_of(by.tail)] if isinstance(by, Resident) else []
    if len(mine) != 1 or data.get("members") != mine:
        raise Refused
    return Changes()


# fmt: off
tell_members = Act("tell_members", "告知到人", when=EVER, by=(holder, joined), form=TellMembers,
                   effect=told_to, quiet=True)
read_letter = Act("read_letter", "本人已阅", when=EVER, by=party, effect=read_by, quiet=True)
# fmt: on
INFORMING = (tell_members, read_letter)


def informed(entries: Iterable[Entry]) -> Informed:
    """Who has been told of each letter; of several times the first. A mistake of the clerk's is
    taken back, what the member has read is not."""
    found: dict[int, dict[str, Telling]] = {}
    for entry in entries:
        if entry.act not in {act.name for act in INFORMING}:
            continue
        of = found.setdefault(entry.data["notice"], {})
        way = entry.data.get("way", ONLINE)
        for member in entry.data["members"]:
            if way != MISTAKEN:
                of.setdefault(member, Telling(way, _day(entry)))
            elif member in of and of[member].way != ONLINE:
                del of[member]
    return found


def _day(entry: Entry) -> date:
    said = entry.data.get("on")
    return date.fromisoformat(said) if said else timezone.localdate(entry.at)
