"""What pages of accidents are asked for: a place, a month, an accident; 404 where not theirs."""

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from gongzhi.mechanisms.safety.models import Accident
from gongzhi.mechanisms.safety.registers import accidents
from gongzhi.people.posts import Holder
from gongzhi.places.models import Division
from gongzhi.ui.period import MONTH


def place_asked(request: HttpRequest, by: Holder) -> str:
    """A place in the post's own, whose accidents it reads."""
    code = request.GET.get("place") or by.place
    if not accidents.may_read(by, code) or not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def month_asked(request: HttpRequest) -> str:
    """This month unless said; none that has not come."""
    this = f"{timezone.localdate():%Y-%m}"
    month = request.GET.get("month") or this
    if re.fullmatch(MONTH, month) is None or not "2000" < month <= this:
        raise Http404
    return month


def accident_read(by: Holder, id_: UUID) -> Accident:
    found = accidents.accident_for(by, id_)
    if found is None:
        raise Http404
    return found


def accident_kept(by: Holder, id_: UUID) -> Accident:
    found = accident_read(by, id_)
    if not accidents.may_record(by, found.place):
        raise Http404
    return found


def tabs(by: Holder, place: str, tab: str) -> dict[str, Any]:
    return {"by": by, "here": place, "tab": tab, "may": accidents.may_record(by, place)}
