"""For tests of any mechanism: a fixed cast of posts, and time that travels.

The cast is of posts, not of persons: at each of the five levels of one line (province, city,
county, town, village) the posts that a mechanism may name, plus an outsider of another county.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from gongzhi.cases import sealed
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import NewParty, Words
from gongzhi.cases.models import Case
from gongzhi.declare import Act, Mechanism
from gongzhi.people.kinds import POST_KINDS
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, Resident
from gongzhi.people.scope import Scope, within

# Guangdong, Zhaoqing, Deqing, Jiushi town, a village of it.
LINE = ("44", "4412", "441226", "441226114", "441226114202")
OUTSIDE = "441202"
BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock in Zhaoqing
PHONE = "13800001234"


@dataclass
class Cast:
    """Posts by place and kind: `cast["441226114", "clerk"]`."""

    units: dict[str, UUID] = field(default_factory=dict)
    posts: dict[tuple[str, str], Holder] = field(default_factory=dict)

    def __getitem__(self, key: tuple[str, str]) -> Holder:
        return self.posts[key]

    @property
    def everyone(self) -> list[Holder]:
        return list(self.posts.values())


def make_unit(place: str, kind: str = "governance_centre", parent: UUID | None = None) -> UUID:
    return Unit.objects.create(
        kind=kind, name=f"{kind} {place}", place=place, parent=parent,
        valid_from=BEGAN - timedelta(days=1000),
    ).id  # fmt: skip


def make_post(
    unit: UUID, place: str, kind: str, *, unit_kind: str = "governance_centre", sees: bool = True
) -> Holder:
    """A post in a unit, and somebody who holds it."""
    long_ago = BEGAN - timedelta(days=1000)
    account = Account.objects.create(username=f"{kind}-{place}-{uuid4().hex[:8]}", name=kind)
    post = Post.objects.create(
        unit_id=unit, kind=kind, title=kind, place=place, sees_place=sees, valid_from=long_ago
    )
    Appointment.objects.create(post=post, account=account, held_from=long_ago)
    return Holder(
        account=account.id, post=post.id, unit=unit, kind=kind, unit_kind=unit_kind, place=place,
        sees_place=sees, name=kind, title=kind, title_en="", unit_name=f"{unit_kind} {place}",
    )  # fmt: skip


def make_cast(kinds: Iterable[str] = tuple(POST_KINDS)) -> Cast:
    """A governance centre with these kinds of posts at each level of the line, and one outside."""
    cast, parent = Cast(), None
    for place in (*LINE, OUTSIDE):
        above = parent if place in LINE else cast.units["4412"]
        cast.units[place] = parent = make_unit(place, parent=above)
        for kind in kinds:
            cast.posts[place, kind] = make_post(parent, place, kind)
    cast.units["court"] = make_unit("441226", "court", parent=cast.units["441226"])
    cast.posts["court", "judge"] = make_post(
        cast.units["court"], "441226", "judge", unit_kind="court", sees=False
    )
    cast.units["arbitration"] = make_unit("441226", "arbitration", parent=cast.units["441226"])
    cast.posts["arbitration", "arbitrator"] = make_post(
        cast.units["arbitration"], "441226", "arbitrator", unit_kind="arbitration", sees=False
    )
    return cast


@dataclass
class Told:
    """A case in a test: acts are done on it in the words of the field."""

    receipt: Receipt
    now: datetime

    @property
    def ref(self) -> tuple[str, UUID]:
        return self.receipt.county, self.receipt.id

    @property
    def resident(self) -> Resident:
        return Resident(case=self.receipt.id, tail=sealed.tail_index(PHONE))

    def act(
        self, what: Act, data: Mapping[str, Any] | None = None, *, by: Actor, key: str = ""
    ) -> Receipt:
        key = key or uuid4().hex
        return act(self.ref, what, data or {}, key=key, now=self.now, by=by)

    def travel(self, **span: float) -> None:
        self.now += timedelta(**span)

    def row(self) -> Case:
        with within(Scope(case=self.receipt.id)):
            return Case.objects.get(county=self.receipt.county, id=self.receipt.id)


def told(**changes: Any) -> Report:
    """A report as a resident of the village makes it."""
    usual = Report(
        place=LINE[-1],
        category="wages",
        title="拖欠工资",
        data={"text": Words("合作社拖欠工资三十八万元")},
        parties=[
            NewParty("applicant", name="张三", phone=PHONE),
            NewParty("respondent", name="某果蔬合作社"),
        ],
    )
    return replace(usual, **changes)


def begin(mechanism: Mechanism, *, by: Actor | None = None, key: str = "", **changes: Any) -> Told:
    """A case that has just been reported."""
    done = report(
        mechanism, told(**changes), key=key or uuid4().hex, now=BEGAN, by=by or Resident()
    )
    return Told(done, BEGAN)


def signed_in(by: Holder) -> Client:
    """A browser in which this person is signed in, in this post where it is their only one."""
    client = Client()
    client.force_login(Account.objects.get(id=by.account))
    return client
