"""For tests of any mechanism: a fixed cast of posts, and time that travels.

The cast is of posts, not of persons: at each of the five levels of one line (province, city,
county, town, village) the posts that a mechanism may name, plus an outsider of another county.
"""

from collections.abc import Iterable, Mapping, Sequence
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


LONG_AGO = BEGAN - timedelta(days=1000)


def _unit(place: str, kind: str = "governance_centre", parent: UUID | None = None) -> Unit:
    return Unit(
        kind=kind, name=f"{kind} {place}", place=place, parent=parent, valid_from=LONG_AGO
    )  # fmt: skip


def make_unit(place: str, kind: str = "governance_centre", parent: UUID | None = None) -> UUID:
    made = _unit(place, kind, parent)
    made.save(force_insert=True)
    return made.id


def _post(of: Unit, kind: str, *, sees: bool = True) -> Appointment:
    """With its post and its account, none of them written yet."""
    post = Post(
        unit=of, kind=kind, title=kind, place=of.place, sees_place=sees, valid_from=LONG_AGO
    )
    account = Account(username=f"{kind}-{of.place}-{uuid4().hex[:8]}", name=kind)
    return Appointment(post=post, account=account, held_from=LONG_AGO)


def _write(made: Sequence[Appointment]) -> None:
    Account.objects.bulk_create([a.account for a in made])
    Post.objects.bulk_create([a.post for a in made])
    Appointment.objects.bulk_create(made)


def _holder(of: Appointment) -> Holder:
    post, unit = of.post, of.post.unit
    return Holder(
        account=of.account.id, post=post.id, unit=unit.id, kind=post.kind, unit_kind=unit.kind,
        place=post.place, sees_place=post.sees_place, name=post.kind, title=post.kind, title_en="",
        unit_name=unit.name,
    )  # fmt: skip


def make_post(
    unit: UUID, place: str, kind: str, *, unit_kind: str = "governance_centre", sees: bool = True
) -> Holder:
    """A post in a unit, and somebody who holds it."""
    of = _unit(place, unit_kind)
    of.id = unit
    made = _post(of, kind, sees=sees)
    _write([made])
    return _holder(made)


def make_cast(kinds: Iterable[str] = tuple(POST_KINDS)) -> Cast:
    """A governance centre with these kinds of posts at each level of the line, and one outside.

    Written in a few statements: hundreds of tests begin with it.
    """
    cast, units, kinds = Cast(), dict[str, Unit](), list(kinds)
    for place, above in zip((*LINE, OUTSIDE), (None, *LINE[:-1], "4412"), strict=True):
        units[place] = _unit(place, parent=units[above].id if above else None)
    for kind in ("court", "arbitration"):
        units[kind] = _unit("441226", kind, units["441226"].id)
    made = {(place, kind): _post(units[place], kind) for place in (*LINE, OUTSIDE)
            for kind in kinds}  # fmt: skip
    made["court", "judge"] = _post(units["court"], "judge", sees=False)
    made["arbitration", "arbitrator"] = _post(units["arbitration"], "arbitrator", sees=False)
    Unit.objects.bulk_create(units.values())
    _write(list(made.values()))
    cast.units = {name: unit.id for name, unit in units.items()}
    cast.posts = {key: _holder(one) for key, one in made.items()}
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
