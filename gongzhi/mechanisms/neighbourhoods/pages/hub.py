"""The way into the neighbourhood for staff: each room says what it is for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post


@as_post
def hub(request: HttpRequest, by: Holder) -> HttpResponse:
    return render(request, "neighbourhoods/hub.html", {"by": by})
