"""The way into mediation for staff: what is next today, and where everything else is."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.documents import texts
from gongzhi.mechanisms.mediation.network import diary
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

AHEAD = timedelta(days=7)


@as_post
def hub(request: HttpRequest, by: Holder) -> HttpResponse:
    now = timezone.now()
    context = {
        "by": by, "next": diary.entries(by, [by.post], now, now + AHEAD),
        "changes_texts": texts.may_change(by) is True,
    }  # fmt: skip
    return render(request, "mediation/hub.html", context)
