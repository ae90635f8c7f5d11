"""Codes and signs to print: a code for each section, and a sign of who answers for a road."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.documents.placards import code_of, printed
from gongzhi.documents.tree import Placard, Placards
from gongzhi.mechanisms.roads.models import Road, Section
from gongzhi.mechanisms.roads.pages.answering import Answering, answering, offices
from gongzhi.mechanisms.roads.pages.roads import place_asked, road_or_404
from gongzhi.mechanisms.roads.registers import charges, geometry, roads
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of

MOST = 400  # codes on one file
VILLAGE_ROWS = 12  # chiefs on one sign: more would not be read from a car


def _foot() -> str:
    return _("也可拨打 %(hotline)s；危急情况请拨 %(emergency)s。") % {
        "hotline": settings.CONFIG.hotline, "emergency": settings.CONFIG.emergency_phone,
    }  # fmt: skip


def _stakes(section: Section) -> str:
    return f"{geometry.stake(section.from_km)} – {geometry.stake(section.to_km)}"


def _codes(
    request: HttpRequest, sections: Sequence[Section], title: str, *, large: bool = False
) -> HttpResponse:
    """Signs hang at the road for all to read, so they speak the city's first language."""
    with override(settings.CONFIG.language):
        placards = tuple(
            Placard(
                title=str(s.road), subtitle=f"{s.name} {_stakes(s)}",
                code=code_of(request.build_absolute_uri(reverse("roads:section", args=[s.id]))),
                call=_("扫码报告道路隐患"),
                foot=f"{name_of(s.village)} · {_foot()}",
            )
            for s in sections
        )  # fmt: skip
        made = Placards(title=title, unit=_("路长办公室"), made_at=timezone.now(),
                        placards=placards, large=large)  # fmt: skip
        return printed(made)


@as_post
def codes(request: HttpRequest, by: Holder) -> HttpResponse:
    """The sections of a place, eight codes to a page."""
    code = place_asked(request, by)
    found = list(roads.sections_in(code)[:MOST])
    if not found:
        raise Http404
    return _codes(request, found, _("%(place)s路段二维码") % {"place": name_of(code)})


@as_post
def road_codes(request: HttpRequest, by: Holder, road: UUID) -> HttpResponse:
    of = road_or_404(road)
    sections = roads.of_road(of)
    if not sections:
        raise Http404
    return _codes(request, sections, _("%(road)s路段二维码") % {"road": of})


@as_post
def section_code(request: HttpRequest, by: Holder, section: UUID) -> HttpResponse:
    """One large code."""
    found = roads.section(section)
    if found is None:
        raise Http404
    return _codes(request, [found], f"{found.road} {found}", large=True)


def _said(row: Answering) -> str:
    parts = [row.part, row.post, row.name, row.unit, row.phone]
    return " ".join(filter(None, parts))


@as_post
def sign(request: HttpRequest, by: Holder, road: UUID) -> HttpResponse:
    """The sign 公示牌 of a road: who answers at each level, how to reach them, and a code."""
    of, now = road_or_404(road), timezone.now()
    sections = roads.of_road(of)
    over = charges.chiefs_over([of], now=now).get(of.id, [])
    with override(settings.CONFIG.language):
        return printed(_sign(request, of, sections, answering(over, sections)))


def _sign(
    request: HttpRequest, of: Road, sections: Sequence[Section], chiefs: Sequence[Answering]
) -> Placards:
    rows = [
        (_("%(level)s级路长") % {"level": row.level}, _said(row)) for row in chiefs[:VILLAGE_ROWS]
    ]
    if len(chiefs) > VILLAGE_ROWS:
        rows.append(("", _("其余路长见扫码页面。")))
    reached = [f"{u.name} {u.phone}" for u in offices(of, sections) if u.phone]
    rows.append((_("路长办公室"), "\n".join(reached) or settings.CONFIG.hotline))
    km = sum(s.length_km for s in sections)
    length = _("全长 %(km).1f 公里") % {"km": km}
    ends = f"{geometry.stake(min(s.from_km for s in sections))} – " \
           f"{geometry.stake(max(s.to_km for s in sections))}" if sections else ""  # fmt: skip
    placard = Placard(
        title=_("%(road)s 路长公示牌") % {"road": of},
        subtitle=" · ".join(filter(None, [str(roads.GRADES[of.grade]), ends, length])),
        code=code_of(request.build_absolute_uri(reverse("roads:public_road", args=[of.id]))),
        call=_("扫码看谁负责、报告隐患"), rows=tuple(rows),
        foot=_foot() + (_("（演示，人物均为虚构）") if settings.CONFIG.demo else ""),
    )  # fmt: skip
    return Placards(title=placard.title, unit=_("路长办公室"), made_at=timezone.now(),
                    placards=(placard,), large=True)  # fmt: skip
