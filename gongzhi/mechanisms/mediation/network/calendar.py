"""Who and what a session can be booked with."""

from gongzhi.cases.snapshot import Snapshot
from gongzhi.mechanisms.mediation.models import Room
from gongzhi.mechanisms.mediation.network import courts
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder, holders_in

KINDS = ("judge", "judicial_officer", "mediator", "lawyer", "expert", "handler")


def helpers(case: Snapshot) -> list[Holder]:
    """Posts of the units in the case, and the judges of its place, except whoever mediates."""
    courts_near = [u.id for u in courts.near(case, courts.COURTS)[:2]]
    units = dict.fromkeys([case.unit, *case.units, *courts_near])
    found = holders_in([u for u in units if u not in case.hidden], at=case.at, kinds=KINDS)
    shut_out = {*case.hidden, case.post}
    return [h for h in found if not {h.post, h.account} & shut_out]


def rooms(case: Snapshot) -> list[Room]:
    """Rooms of the units that are in the case and of those at its place."""
    here = Unit.objects.filter(place=case.place[:9], valid_to=None).values_list("id", flat=True)
    units = {case.unit, *case.units, *here}
    return list(Room.objects.filter(unit__in=units, closed_on=None).order_by("name"))
