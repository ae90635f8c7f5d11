"""An emergency on the phone: the roll call answered with one press, needs told at the door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import (
    Building,
    Emergency,
    Household,
    RollCall,
)
from gongzhi.mechanisms.neighbourhoods.pages.emergency.forms import NeedForm
from gongzhi.mechanisms.neighbourhoods.pages.field.asked import door, holder, named
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, needs, roll_calls
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder
from gongzhi.ui import offline, words
from gongzhi.ui.offline import Answer, Operation


def answer(one: Operation, now: datetime, by: Actor) -> Answer:
    """到: at the time when it arrives; when it was pressed is noted beside it."""
    chief, id_ = holder(by), named(one.data, "roll")
    roll = RollCall.objects.select_related("emergency").filter(id=id_).first()
    if roll is None:
        raise Refused(_("没有这次点名。"))
    n = roll_calls.answer(roll, now=now, by=chief, noted=one.noted)
    if not n:
        return Answer("done", _("谢谢您应答。这次点名已经结束，或者已有人到岗，不用再应答。"))
    if roll_calls.was_late(roll, chief):
        return Answer("done", _("谢谢您应答。等候的时间已经过了，您的“到”照样记下。"))
    return Answer(
        "done", ngettext("到。已记下 %(n)d 栋楼。", "到。已记下 %(n)d 栋楼。", n) % {"n": n}
    )


def need(one: Operation, now: datetime, by: Actor) -> Answer:
    """What a household needs, or that it is well."""
    chief, home = holder(by), door(one.data)
    of = Emergency.objects.filter(id=named(one.data, "emergency")).first()
    if of is None:
        raise Refused(_("没有这次战斗状态。"))
    form = NeedForm(offline.filled(one.data))
    if not form.is_valid():
        raise Refused(offline.wrong(form))
    said = form.cleaned_data
    needs.register(of, home, said["kinds"], said["note"], now=now, by=chief)
    return Answer("done")


def left(of: Building, homes: Sequence[Household], by: Holder) -> dict[Emergency, list[UUID]]:
    """What goes on over the building, and the households that were not asked yet."""
    found = {}
    for one in emergencies.over_building(of.id):
        known = needs.asked_in(one, of, by=by)
        found[one] = [h.id for h in homes if h.id not in known]
    return found


def calls(by: Holder) -> list[dict[str, Any]]:
    """Roll calls that wait for this post, each with the buildings it is called for."""
    found: dict[UUID, dict[str, Any]] = {}
    waiting = roll_calls.waiting_for(by).select_related("building", "roll_call__emergency")
    for one in waiting.order_by("called_at", "building__code"):
        of = one.roll_call.emergency
        told = {"id": one.roll_call_id, "name": of.name, "due_at": one.due_at, "buildings": []}
        found.setdefault(one.roll_call_id, told)["buildings"].append(words.named(one.building))
    return list(found.values())


def shown(of: Emergency) -> dict[str, Any]:
    """With the form that the desk has too."""
    form = NeedForm(auto_id=f"e{of.id.hex[-8:]}-%s")
    kind = str(emergencies.KINDS[of.kind])
    return {"id": of.id, "name": of.name, "kind": kind, "form": str(form)}
