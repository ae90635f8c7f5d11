"""The way into roads for staff: each room says what it is for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.mechanisms.roads.roles import STAFF
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def hub(request: HttpRequest, by: Holder) -> HttpResponse:
    """Only rooms that open to this post."""
    context = {"by": by, "reads": accidents.may_read(by), "calls": by.kind in STAFF}
    return render(request, "roads/hub.html", context)
