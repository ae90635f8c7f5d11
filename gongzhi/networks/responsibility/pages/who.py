"""Who is responsible for what where: one page, five levels."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongzhi.cases import catalogue
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility.ladder import ladder
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.fields import PlaceField
from gongzhi.ui import words


def matters() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every matter that somebody may be responsible for, by mechanism."""
    return [
        (words.label(m), [(f"{m.name}/{k.name}", str(k)) for k in catalogue.offered(m)])
        for m in registry.every()
    ]


class AskForm(forms.Form):
    place = PlaceField(label=gettext_lazy("在哪里"))
    matter = forms.ChoiceField(label=gettext_lazy("什么事"))

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.within = by.place[:4]
        self.fields["matter"].choices = matters()  # type: ignore[attr-defined]


@as_post
def who(request: HttpRequest, by: Holder) -> HttpResponse:
    """Any post may ask of any place in its city: names of posts and phones, no case."""
    asked = bool(request.GET)
    form = AskForm(request.GET if asked else None, by=by)
    context: dict[str, object] = {
        "by": by, "form": form,
        "may": may_set(by, Level.COUNTY, by.place),
    }  # fmt: skip
    if asked and form.is_valid():
        mechanism, category = form.cleaned_data["matter"].split("/")
        place = form.cleaned_data["place"]
        found = registry.get(mechanism)
        context |= {
            "rungs": ladder(found, category, place, now=timezone.now(), by=by), "place": place,
            "mechanism": found, "matter": catalogue.kind(found, category),
        }  # fmt: skip
    return render(request, "responsibility/who.html", context)
