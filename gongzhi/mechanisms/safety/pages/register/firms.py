"""The list of firms, one firm, one site, and what was changed."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from gongzhi.mechanisms.safety.models import Enterprise, RegisterChange, Site
from gongzhi.mechanisms.safety.pages.register.asking import (
    firm_read,
    place_asked,
    places_near,
    site_read,
)
from gongzhi.mechanisms.safety.registers import (
    audit_rights,
    changes,
    contacts,
    duplicates,
    enterprises,
    firm_units,
    industries,
    listing,
    sites,
)
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, DUTIES, SIZES
from gongzhi.mechanisms.safety.registers.sheets import SHEETS
from gongzhi.mechanisms.safety.roles import OWN
from gongzhi.people.models import Account, Post, Unit
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder, holders_in
from gongzhi.people.session import as_post, revealed
from gongzhi.places.search import paths
from gongzhi.ui.words import named, short_path

# What is changed in a row, as the sheets call it.
LABELS = {
    **SHEETS["sites"][1], **SHEETS["firms"][1], **DUTIES, "name": gettext_lazy("名称"),
    "valid_to": gettext_lazy("停用"), "unit": gettext_lazy("企业账号"),
    "enterprise_head": gettext_lazy("主要负责人账号"),
    "safety_officer": gettext_lazy("安全管理人员账号"),
}  # fmt: skip
VALUES: Mapping[str, Mapping[str, Any]] = {
    "size": SIZES,
    "colour": COLOURS,
    "industry": industries.INDUSTRIES,
}
RECENT = 5
SET_OR_NOT = {"unit", *OWN}


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """The firms of a place, page by page."""
    place = place_asked(request, by)
    wanted = {name: request.GET[name] for name in listing.FILTERS if request.GET.get(name)}
    page = listing.page(place, wanted, after=request.GET.get("after", ""))
    paths(row.firm.place for row in page.rows)  # all names at once
    here = {"place": place, **wanted}
    context = {
        "by": by,
        "tab": "register",
        "page": page,
        "wanted": wanted,
        "narrowed": bool(wanted.keys() - {"said"}),
        "industries": industries.grouped(),
        "known": industries.INDUSTRIES,
        "sizes": SIZES,
        "colours": COLOURS,
        "facts": FACTS,
        "overseers": enterprises.overseers(place),
        "keeps": bool(enterprises.keeps(by, place)),
        "next": urlencode({**here, "after": page.after}) if page.after else "",
        **places_near(place, by),
    }
    return render(request, "safety/register/list.html", context)


def told_of(rows: Iterable[RegisterChange]) -> list[dict[str, Any]]:
    """Changes with who made them, in the reader's language."""
    rows = list(rows)
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in rows})
    return [
        {"row": r, "unit": named(posts[r.post].unit) if r.post in posts else "",
         "facts": [(LABELS.get(n, n), _value(n, pair[0]), _value(n, pair[1]))
                   for n, pair in r.facts.items()]}
        for r in rows
    ]  # fmt: skip


def _value(name: str, value: Any) -> Any:
    if value in (None, "", []):
        return "—"
    if name == "facts":
        return "、".join(str(FACTS.get(v, v)) for v in value)
    if name in SET_OR_NOT:
        return gettext("有")
    if name == "place":
        return short_path(value)
    if name == "overseer":
        return named(Unit.objects.filter(id=value).first() or value)
    return VALUES.get(name, {}).get(value, value)


def facts_of(site: Site) -> list[Any]:
    return [FACTS[name] for name in site.facts if name in FACTS]


def shown_sites(firm: Enterprise) -> list[dict[str, Any]]:
    return [
        {"site": s, "colour": COLOURS[s.colour], "facts": facts_of(s)} for s in sites.of_firm(firm)
    ]


def shown_people(firm: Enterprise, *, masked: bool) -> list[dict[str, Any]]:
    """Every duty, with who has it."""
    known = {
        p.duty: p.masked if masked else p for p in contacts.of_firms([firm.id]).get(firm.id, ())
    }
    return [{"duty": duty, "label": label, "person": known.get(duty)}
            for duty, label in DUTIES.items()]  # fmt: skip


@as_post
def firm(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    found = firm_read(by, firm)
    keeps = enterprises.keeps(by, found.place)
    open_ = revealed(request, found.id)
    rows = shown_sites(found)
    paths([found.place, *(row["site"].place for row in rows)])  # all names at once
    overseer = Unit.objects.filter(id=found.overseer).first() if found.overseer else None
    context = {
        "by": by,
        "firm": found,
        "industry": industries.INDUSTRIES.get(found.industry),
        "size": SIZES[found.size],
        "overseer": overseer,
        "sites": rows,
        "people": shown_people(found, masked=not open_),
        "open": open_,
        "likes": duplicates.same_name(found) if keeps else [],
        "posts": _posts(found),
        "history": told_of(changes.history(found)[:RECENT]),
        "keeps": bool(keeps),
        "audits": bool(audit_rights.may_open(by, found)),
        "why_not": keeps.reason if isinstance(keeps, No) else "",
    }
    return render(request, "safety/register/firm.html", context)


def _posts(found: Enterprise) -> list[dict[str, Any]]:
    """The firm's own posts, and who acts in them."""
    if found.unit is None:
        return []
    held = {h.post: h.name for h in holders_in([found.unit], at=timezone.now()) if not h.deputy}
    return [{"post": p, "name": held.get(p.id, "")} for p in firm_units.posts_of(found)]


@as_post
def site(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    found = site_read(by, site)
    context = {
        "by": by,
        "site": found,
        "firm": found.enterprise,
        "industry": industries.INDUSTRIES.get(found.enterprise.industry),
        "colour": COLOURS[found.colour],
        "facts": facts_of(found),
        "likes": duplicates.sites_like(
            found.address, found.place, of=found.enterprise_id, but=found.id
        ),
        "history": told_of(changes.history(found.enterprise).filter(what=found.id)[:RECENT]),
        "keeps": bool(enterprises.keeps(by, found.place)),
    }
    return render(request, "safety/register/site.html", context)


@as_post
def history(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    """All that was changed of a firm and its sites, and who looked at its contacts."""
    found = firm_read(by, firm)
    said = request.GET.get("before", "")
    before = int(said) if said.isdigit() else None
    rows = list(changes.history(found, before=before)[: changes.PAGE + 1])
    context = {
        "by": by,
        "firm": found,
        "history": told_of(rows[: changes.PAGE]),
        "next": rows[changes.PAGE - 1].id if len(rows) > changes.PAGE else "",
        "looks": looks_at(found) if before is None else [],
    }
    return render(request, "safety/register/history.html", context)


def looks_at(found: Enterprise) -> list[dict[str, Any]]:
    """Who saw contacts unmasked, when, in which post and why."""
    rows = list(found.looks.order_by("-at")[: changes.PAGE])
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in rows})
    names = dict(Account.objects.filter(id__in={r.account for r in rows}).values_list("id", "name"))
    return [
        {"at": r.at, "why": r.reason, "who": names.get(r.account, ""),
         "unit": named(posts[r.post].unit), "post": named(posts[r.post])}
        for r in rows
    ]  # fmt: skip
