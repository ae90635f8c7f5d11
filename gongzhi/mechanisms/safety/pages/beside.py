"""What stands beside a hazard on its case page: each room adds its part here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.cases.reading import CaseView, case_for
from gongzhi.mechanisms.safety.mechanism import safety
from gongzhi.mechanisms.safety.pages.ranked import ending
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

# Each tells what its template (safety/beside/<name>.html) shows; None: it has nothing to say.
PARTS: Sequence[tuple[str, Callable[[CaseView, Holder, Any], Mapping[str, Any] | None]]] = (
    ("ending", ending.part),
)


@as_post
def beside(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    view = case_for(by, county, id_)
    if view.mechanism.name != safety.name:
        raise Http404
    now = timezone.now()
    parts = [(f"safety/beside/{name}.html", told(view, by, now)) for name, told in PARTS]
    shown = [(template, said) for template, said in parts if said is not None]
    return render(request, "safety/beside.html", {"view": view, "parts": shown, "now": now})
