"""To print: the code that hangs at a site, and a firm's four-colour board 四色图 on one page."""

import io
from collections.abc import Sequence
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.documents.tree import Placard, Placards
from gongzhi.documents.typesetting import placards_pdf
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.pages.register.asking import firm_printed, place_asked
from gongzhi.mechanisms.safety.registers import enterprises, sites
from gongzhi.mechanisms.safety.registers.facts import FACTS
from gongzhi.mechanisms.safety.registers.kinds import COLOURS
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.ui.words import named

MOST = 400  # codes on one file
SITES = 16  # of one colour on the board: it stays on one page


def _svg(address: str) -> bytes:
    """Level Q: a quarter of it may be dirty."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=4)
    return out.getvalue()


def _printed(made: Placards) -> HttpResponse:
    response = HttpResponse(placards_pdf(made), content_type="application/pdf")
    name = content_disposition_header(False, f"{made.title}.pdf".replace("/", "／"))
    response["Content-Disposition"] = name or ""
    return response


def _address(request: HttpRequest, site: Site) -> str:
    return request.build_absolute_uri(reverse("safety:at", args=[site.id]))


def _codes(
    request: HttpRequest, found: Sequence[Site], title: str, *, large: bool = False
) -> HttpResponse:
    """They hang for all to read, so they speak the city's first language."""
    with override(settings.CONFIG.language):
        placards = tuple(
            Placard(
                title=s.name, subtitle=str(s.enterprise), code=_svg(_address(request, s)),
                call=_("扫码报告安全隐患，不用留姓名，企业不会知道是谁"),
                foot=_("也可拨打 %(hotline)s；危急情况请先离开，拨 %(emergency)s。") % {
                    "hotline": settings.CONFIG.hotline,
                    "emergency": settings.CONFIG.emergency_phone,
                },
            )
            for s in found
        )  # fmt: skip
        return _printed(Placards(title=title, unit=_("安全生产监管"), made_at=timezone.now(),
                                 placards=placards, large=large))  # fmt: skip


@as_post
def codes(request: HttpRequest, by: Holder) -> HttpResponse:
    """The sites of a place, eight codes to a page."""
    place = place_asked(request, by)
    found = list(sites.in_place(place)[:MOST])
    if not found:
        raise Http404
    return _codes(request, found, _("%(place)s场所二维码") % {"place": name_of(place)})


@as_post
def firm_codes(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    of = firm_printed(by, firm)
    found = sites.of_firm(of)[:MOST]
    if not found:
        raise Http404
    return _codes(request, found, _("%(firm)s场所二维码") % {"firm": named(of)})


@as_post
def site_code(request: HttpRequest, by: Holder, site: UUID) -> HttpResponse:
    """One large code."""
    found = sites.site(site)
    if found is None:
        raise Http404
    if not enterprises.reads(by, found.place):
        firm_printed(by, found.enterprise_id)
    return _codes(request, [found], str(found), large=True)


@as_post
def board(request: HttpRequest, by: Holder, firm: UUID) -> HttpResponse:
    """Which sites are how dangerous, and what is in them; the code of the gravest to report."""
    of = firm_printed(by, firm)
    found = sites.of_firm(of)
    if not found:
        raise Http404
    with override(settings.CONFIG.language):
        return _printed(_board(request, of, found))


def _board(request: HttpRequest, of: Enterprise, found: Sequence[Site]) -> Placards:
    overseer = Unit.objects.filter(id=of.overseer).first() if of.overseer else None
    reached = f"{overseer.name} {overseer.phone}".strip() if overseer else settings.CONFIG.hotline
    placard = Placard(
        title=_("安全风险四色图"), subtitle=str(of), code=_svg(_address(request, found[0])),
        call=_("扫码报告安全隐患，不用留姓名"),
        rows=tuple((str(COLOURS[c]), _row(found, c)) for c in COLOURS), tones=tuple(COLOURS),
        foot=_("监管单位：%(unit)s。颜色由企业和监管单位按辨识评估确定，%(day)s 打印。") % {
            "unit": reached, "day": timezone.localdate().isoformat(),
        },
    )  # fmt: skip
    return Placards(title=placard.title, unit=str(of), made_at=timezone.now(),
                    placards=(placard,), large=True)  # fmt: skip


def _row(found: Sequence[Site], colour: str) -> str:
    here = [s for s in found if s.colour == colour]
    said = [_called(s) for s in here[:SITES]]
    if len(here) > SITES:
        said.append(_("另有 %(n)d 处") % {"n": len(here) - SITES})
    return "；".join(said) or _("无")


def _called(site: Site) -> str:
    facts = "、".join(str(FACTS[name]) for name in site.facts if name in FACTS)
    return f"{site.name}（{facts}）" if facts else site.name
