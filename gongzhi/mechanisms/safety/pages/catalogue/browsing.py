"""An edition of the catalogue: its groups and categories, what is looked for in it, an item."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Category, Edition
from gongzhi.mechanisms.safety.registers import editions, groups, industries
from gongzhi.mechanisms.safety.registers.catalogue_reading import EVIDENCE, RANKS
from gongzhi.mechanisms.safety.registers.catalogue_search import Asked, found
from gongzhi.mechanisms.safety.registers.contents import Contents
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.ranks import WAYS
from gongzhi.people.permissions import may_set
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post

MOST = 100
ALL = ("", gettext_lazy("全部"))


class AskedForm(forms.Form):
    """What to look for."""

    words = forms.CharField(label=gettext_lazy("词语"), required=False, max_length=60)
    industry = forms.ChoiceField(label=gettext_lazy("行业"), required=False)
    fact = forms.ChoiceField(
        label=gettext_lazy("场所情况"), required=False, choices=[ALL, *FACTS.items()]
    )
    rank = forms.ChoiceField(
        label=gettext_lazy("默认等级"), required=False, choices=[ALL, *RANKS.items()]
    )
    category = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices: list[Any] = [ALL, *industries.grouped()]  # in the reader's language
        self.fields["industry"] = forms.ChoiceField(
            label=gettext_lazy("行业"), required=False, choices=choices
        )
        self.order_fields(["words", "industry", "fact", "rank", "category"])

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data) if self.is_valid() else Asked()


def edition_or_404(id_: UUID) -> Edition:
    found = Edition.objects.filter(id=id_).first()
    if found is None:
        raise Http404
    return found


def around(by: Holder, **more: Any) -> dict[str, Any]:
    """What every page of this room shows."""
    return {"by": by, "may_set": may_set(by, Level.COUNTY, by.place),
            "today": timezone.localdate(), **more}  # fmt: skip


@as_post
def here(request: HttpRequest, by: Holder) -> HttpResponse:
    """What holds at one's place; where nothing does, which editions there are."""
    holds = editions.in_force(by.place, timezone.localdate())
    return redirect("safety:edition", holds.id) if holds else redirect("safety:editions")


@as_post
def edition(request: HttpRequest, by: Holder, edition: UUID) -> HttpResponse:
    of, held = edition_or_404(edition), editions.of(edition)
    form = AskedForm(request.GET)
    asked = form.asked()
    context = around(by, edition=of, form=form, asked=asked, total=len(held.items),
                     categories=len(held.categories), ranks=RANKS)  # fmt: skip
    if asked:
        items = found(held, asked)
        shown = groupby(items[:MOST], key=lambda item: item.category)
        context |= {"found": len(items), "most": MOST,
                    "under": [(category, list(of)) for category, of in shown]}  # fmt: skip
    else:
        context["groups"] = _groups(held)
    return render(request, "safety/catalogue/edition.html", context)


def _groups(held: Contents) -> list[tuple[Any, list[tuple[Category, int]]]]:
    """Categories by group, each with how many items it has."""
    n: dict[UUID, int] = {}
    for item in held.items:
        n[item.category_id] = n.get(item.category_id, 0) + 1
    by_group: dict[str, list[tuple[Category, int]]] = {name: [] for name in groups.LABELS}
    for category in held.categories:
        by_group[category.group].append((category, n.get(category.id, 0)))
    return [(groups.LABELS[name], of) for name, of in by_group.items() if of]


@as_post
def item(request: HttpRequest, by: Holder, edition: UUID, item: str) -> HttpResponse:
    """What to check, how, what is not met, on which basis, for whom."""
    of, shown = edition_or_404(edition), editions.shown(edition, item)
    if shown is None:
        raise Http404
    row = shown.item
    both = (row.category, row)
    context = around(
        by, edition=of, item=row, cited=shown.cited, rank=RANKS[row.rank],
        way=WAYS[row.category.way],
        evidence=[EVIDENCE[name] for name in row.evidence],
        needs=[FACTS[name] for x in both for name in x.needs],
        industries=[industries.INDUSTRIES[code] for code in row.industries
                    or row.category.industries],
    )  # fmt: skip
    return render(request, "safety/catalogue/item.html", context)
