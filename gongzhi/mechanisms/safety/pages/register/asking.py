"""What pages of the register are asked for: a place, a firm, a site; 404 where it is not theirs."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers import enterprises, sites
from gongzhi.people.posts import Holder
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, paths


def place_asked(request: HttpRequest, by: Holder) -> str:
    """A place in the post's own."""
    code = request.GET.get("place") or by.place
    if not enterprises.reads(by, code) or not Division.objects.filter(code=code).exists():
        raise Http404
    return code


def places_near(code: str, by: Holder) -> dict[str, Any]:
    """What a filter by place offers: above, here and below."""
    below = [c.code for c in children(code)] if len(code) < Level.VILLAGE.digits else []
    paths([code, *below])  # all names at once
    return {"here": code, "children": below,
            "trail": [c for c in ancestors(code) if c.startswith(by.place)]}  # fmt: skip


def is_own(by: Holder, firm: Enterprise) -> bool:
    """Whether this post is in the firm's own unit."""
    own = enterprises.of_unit(by)
    return own is not None and own.id == firm.id


def firm_read(by: Holder, id_: UUID) -> Enterprise:
    found = enterprises.firm(id_)
    if found is None or not enterprises.reads(by, found.place):
        raise Http404
    return found


def firm_kept(by: Holder, id_: UUID) -> Enterprise:
    found = firm_read(by, id_)
    if not enterprises.keeps(by, found.place):
        raise Http404
    return found


def firm_printed(by: Holder, id_: UUID) -> Enterprise:
    """Codes and boards, for staff and for the firm itself."""
    found = enterprises.firm(id_)
    if found is None or not (enterprises.reads(by, found.place) or is_own(by, found)):
        raise Http404
    return found


def site_read(by: Holder, id_: UUID) -> Site:
    """Of a firm that one reads, or in a place that one reads."""
    found = sites.site(id_)
    places = (found.place, found.enterprise.place) if found else ()
    if found is None or not any(enterprises.reads(by, place) for place in places):
        raise Http404
    return found


def site_kept(by: Holder, id_: UUID) -> Site:
    found = sites.site(id_)
    if found is None or not enterprises.keeps(by, found.place):
        raise Http404
    return found


def own_firm(by: Holder) -> Enterprise:
    found = enterprises.of_unit(by)
    if found is None:
        raise Http404
    return found
