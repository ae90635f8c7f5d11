"""The way into the three networks for staff: what each of them is for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def hub(request: HttpRequest, by: Holder) -> HttpResponse:
    return render(request, "networks/hub.html", {"by": by})
