"""The way into work safety for staff: each room says what it is for. A firm has its own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongzhi.mechanisms.safety.pages.audits.listing import audits_room
from gongzhi.mechanisms.safety.registers import accidents, enterprises
from gongzhi.mechanisms.safety.roles import ENTERPRISE
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def hub(request: HttpRequest, by: Holder) -> HttpResponse:
    """Only rooms that open to this post."""
    if by.unit_kind == ENTERPRISE:
        return redirect("safety:own")
    context = {
        "by": by,
        "reads": enterprises.reads(by, by.place),
        "reads_accidents": accidents.may_read(by, by.place),
        "keeps": bool(enterprises.keeps(by, by.place)),
        "audits": audits_room(by),
    }
    return render(request, "safety/hub.html", context)
