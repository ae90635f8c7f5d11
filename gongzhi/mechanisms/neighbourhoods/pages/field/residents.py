"""Residents registered at the door 上门登记."""

from datetime import date, datetime
from typing import Any
from uuid import uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.forms.registering import Registering
from gongzhi.mechanisms.neighbourhoods.models import Purpose
from gongzhi.mechanisms.neighbourhoods.pages.field.asked import door, holder, named
from gongzhi.mechanisms.neighbourhoods.pages.residents.shown import explained
from gongzhi.mechanisms.neighbourhoods.registers import purposes, residents
from gongzhi.people.permissions import Actor
from gongzhi.ui import offline
from gongzhi.ui.offline import Answer, Operation


def register(one: Operation, now: datetime, by: Actor) -> Answer:
    """A resident, at the door; the phone's key makes it once."""
    home, chief = door(one.data), holder(by)
    of = purposes.offered(home.community, timezone.localdate(now))
    purpose = of.filter(id=named(one.data, "purpose")).first()
    if purpose is None:
        raise Refused(_("这项登记已经结束。"))
    form = Registering(offline.filled(one.data), purpose=purpose, at_door=True)
    if not form.is_valid():
        raise Refused(offline.wrong(form))
    id_ = uuid5(chief.account, one.key)
    _row, new = residents.register(purpose, home, form.told, id_=id_, now=now, by=chief)
    return Answer("done" if new else "again")


def shown(of: Purpose, today: date) -> dict[str, Any]:
    """What is read out at the door, and the form that the desk has too."""
    form = Registering(
        purpose=of, at_door=True, auto_id=f"p{of.id.hex[-8:]}-%s", use_required_attribute=True
    )
    return {**explained(of, today), "form": str(form)}
