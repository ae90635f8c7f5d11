"""Supplies 物资: in, and out to a building; there is never less than nothing, however many ask at
once: the row that holds what is left decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Emergency, Movement, Supply
from gongzhi.mechanisms.neighbourhoods.registers import emergencies
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder

MOST = 1_000_000  # of anything at once


def supplies_of(of: Emergency) -> QuerySet[Supply]:
    return of.supplies.order_by("name")


def take_in(
    of: Emergency, name: str, measure: str, n: int, note: str, *, now: datetime, by: Holder
) -> Supply:
    """So much came in; a thing that is new is added to the list. Raises Refused."""
    emergencies.must_run(by, of)
    _positive(n)
    with transaction.atomic():
        emergencies.going_on(of.id)
        found, _new = Supply.objects.get_or_create(
            emergency=of, name=name, defaults={"measure": measure}
        )
        if found.measure != measure:
            raise Refused(
                _("“%(name)s”已经按“%(measure)s”计。")
                % {"name": name, "measure": found.measure}, field="measure",
            )  # fmt: skip
        Supply.objects.filter(id=found.id).update(left=F("left") + n)
        _moved(found, n, None, note, now=now, by=by)
    return found


def give_out(
    of: Emergency, id_: UUID, n: int, to: Building, *, now: datetime, by: Holder, note: str = ""
) -> str:
    """So much went to a building. Returns what, in words. Raises Refused."""
    _positive(n)
    if emergencies.building_in(by, of, to.id) is None:
        raise Refused(_("您只发给自己负责的楼栋。"))
    with transaction.atomic():
        emergencies.going_on(of.id)
        # No join: PostgreSQL asks again what is left of a row that another has just changed.
        found = Supply.objects.filter(id=id_, emergency=of)
        if not found.filter(left__gte=n).update(left=F("left") - n):
            raise Refused(_("没有这么多了，请看现在的余量。"), field="n")
        supply = found.get()
        _moved(supply, -n, to, note, now=now, by=by)
    return f"{supply.name} {n} {supply.measure}"


def _positive(n: int) -> None:
    if not 0 < n <= MOST:
        raise Refused(_("数量要大于零。"), field="n")


def _moved(
    of: Supply, n: int, to: Building | None, note: str, *, now: datetime, by: Holder
) -> None:
    Movement.objects.create(supply=of, n=n, building=to, at=now, post=by.post, note=mask_text(note))
    facts = {"name": of.name, "measure": of.measure, "n": n, "building": to and str(to.id)}
    emergencies.noted(of.emergency, "supplied", facts, now=now, by=by)
