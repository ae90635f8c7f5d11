"""What was decided before on whose duty a matter is, and from there into the list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import catalogue
from gongzhi.cases.whistle_forms import VERDICTS
from gongzhi.declare import Level, registry
from gongzhi.networks.responsibility import precedents
from gongzhi.networks.responsibility.pages.who import matters
from gongzhi.people.models import Unit
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import children, name_of


class Narrowed(forms.Form):
    """One matter, one place below one's own, or all."""

    matter = forms.ChoiceField(label=_("什么事"), required=False)
    place = forms.ChoiceField(label=_("在哪里"), required=False)

    def __init__(self, *args: Any, by: Holder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = [("", _("全部")), *matters()]  # type: ignore[attr-defined]
        here = [by.place, *(d.code for d in children(by.place))] if by.sees_place else []
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("全部")),
            *((code, name_of(code)) for code in here),
        ]


def _matter(precedent: precedents.Precedent) -> str:
    case = precedent.case
    return str(catalogue.kind(registry.get(case.mechanism), case.category))


@as_post
def listing(request: HttpRequest, by: Holder) -> HttpResponse:
    form = Narrowed(request.GET, by=by)
    wanted = {k: v for k, v in form.cleaned_data.items() if v} if form.is_valid() else {}
    mechanism, _sep, category = wanted.get("matter", "").partition("/")
    found = precedents.page(
        by, mechanism=mechanism, category=category, place=wanted.get("place", ""),
        after=request.GET.get("after", ""),
    )  # fmt: skip
    ids = {u for p in found.rows for u in (p.disputing, p.unit, p.entry.unit) if u}
    context = {
        "by": by, "form": form, "rows": [(p, _matter(p)) for p in found.rows],
        "units": Unit.objects.in_bulk(ids),
        "verdicts": dict(VERDICTS), "may": may_set(by, Level.COUNTY, by.place),
        "older": f"?{urlencode({**wanted, 'after': found.after})}" if found.after else "",
        "newer": f"?{urlencode(wanted)}" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "responsibility/precedents.html", context)
