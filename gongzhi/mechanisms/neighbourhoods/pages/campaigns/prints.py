"""What hangs in the hallway and on the community's board, and the after-report, as PDF (Typst)."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.documents.tree import Cell, Letter, Paragraph, Placard, Placards, Run, Style, Table
from gongzhi.documents.typesetting import pdf, placards_pdf
from gongzhi.mechanisms.neighbourhoods.models import Building, Campaign, Slot
from gongzhi.mechanisms.neighbourhoods.pages.campaigns import asked
from gongzhi.mechanisms.neighbourhoods.pages.campaigns.report import Report, percent
from gongzhi.mechanisms.neighbourhoods.registers import campaigns, slots
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.ui.words import day

MOST = 400  # placards on one file, buildings in one report
LONGEST = 240  # signs of guidance on a placard; the rest is behind the code


def _sent(content: bytes, title: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    name = content_disposition_header(False, f"{title}.pdf".replace("/", "／"))
    response["Content-Disposition"] = name or ""
    return response


def _svg(address: str) -> bytes:
    """Level Q: a quarter of it may be dirty."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", border=4)
    return out.getvalue()


def _span(slot: Slot) -> str:
    since, until = timezone.localtime(slot.from_at), timezone.localtime(slot.to_at)
    return f"{since:%H:%M}–{until:%H:%M}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"


def _placard(
    request: HttpRequest, of: Campaign, building: Building, own: Sequence[Slot]
) -> Placard:
    """In both languages as far as they were written."""
    address = reverse("neighbourhoods:campaign_at", args=[of.id, building.id])
    times = [
        (_("时间"), f"{day(s.from_at)} {_span(s)}  {s.spot or _('上门')}") for s in own
    ] or [(_("时间"), _("还没有安排，请看扫码页面。"))]  # fmt: skip
    said = [(_("请注意"), _short(of.guidance)), ("Please note", _short(of.guidance_en))]
    return Placard(
        title=of.name, subtitle=" · ".join(filter(None, [str(building), of.name_en])),
        code=_svg(request.build_absolute_uri(address)), call=_("扫码看时间、地点和要带什么"),
        rows=(*times, *((label, text) for label, text in said if text)),
        foot=_("只记来了几户几人，不记姓名和结果。"),
    )  # fmt: skip


def _placards(request: HttpRequest, of: Campaign, found: Sequence[Building], title: str
              ) -> HttpResponse:  # fmt: skip
    """They hang for all to read, so they begin in the city's first language."""
    with override(settings.CONFIG.language):
        own: dict[UUID, list[Slot]] = {}
        for slot in Slot.objects.filter(campaign=of, building__in=found).order_by("from_at"):
            own.setdefault(slot.building_id, []).append(slot)
        made = Placards(
            title=title, unit=name_of(of.place), made_at=timezone.now(), large=True,
            placards=tuple(_placard(request, of, b, own.get(b.id, [])) for b in found),
        )  # fmt: skip
        return _sent(placards_pdf(made), title)


@as_post
def building_placard(request: HttpRequest, by: Holder, campaign: UUID, building: UUID
                     ) -> HttpResponse:  # fmt: skip
    of, at = asked.campaign_for(by, campaign), asked.building_for(by, building)
    return _placards(request, of, [at], f"{of.name} {at}")


def _community(request: HttpRequest, by: Holder, of: Campaign) -> str:
    code = asked.community(request, by, of)
    if not code or not by.sees_place:
        raise Http404
    return code


@as_post
def community_placards(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """One for each building of a community."""
    of = asked.campaign_for(by, campaign)
    code = _community(request, by, of)
    found = slots.in_turn(campaigns.buildings_in(of).filter(community=code))[:MOST]
    if not found:
        raise Http404
    return _placards(request, of, found, f"{of.name} {name_of(code)}")


def _says(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(text),), style)


def _row(cells: Iterable[object], *, bold: bool = False) -> tuple[Cell, ...]:
    return tuple(Cell((Run(str(c), bold),)) for c in cells)


@as_post
def timetable(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """For the board of a community."""
    of = asked.campaign_for(by, campaign)
    code = _community(request, by, of)
    with override(settings.CONFIG.language):
        head = _row([_("日期"), _("时间"), _("楼栋"), _("地点")], bold=True)
        rows = [
            _row([timezone.localdate(s.from_at), _span(s), s.building, s.spot or _("上门")])
            for s in slots.slots_in(of, code)
        ]  # fmt: skip
        body: list[Any] = [_says(of.guidance)] if of.guidance else []
        body += [Table((head, *rows))] if rows else [_says(_("还没有安排时段。"))]
        title = _("%(name)s时间表") % {"name": of.name}
        made = Letter(title=title, number="", unit=name_of(code), made_at=timezone.now(),
                      body=(_says(name_of(code), Style.SECTION), *body))  # fmt: skip
        return _sent(pdf(made), f"{title} {name_of(code)}")


@as_post
def report_pdf(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """The whole of it, or the part that the post stands over."""
    of = asked.campaign_for(by, campaign)
    if of.report is None or not by.sees_place:
        raise Http404
    with override(settings.CONFIG.language):
        return _sent(
            pdf(_letter(of, Report(of, asked.top(by, of)))), _("%(name)s总结") % {"name": of}
        )


def _letter(of: Campaign, told: Report) -> Letter:
    head = [_("户数"), _("已到户数"), _("到场人数"), _("到户率")]
    places = told.places
    body: list[Any] = [_says(line) for line in told.lines()]
    if told.days:
        body += [_says(_("一、逐日"), Style.SECTION), Table((
            _row([_("日期"), _("已到户数"), _("到场人数")], bold=True),
            *(_row([d, n, heads]) for d, n, heads in told.days),
        ))]  # fmt: skip
    body += [_says(_("二、各社区"), Style.SECTION), Table((
        _row([_("社区"), *head], bold=True),
        *(_row([name_of(c["code"]), *_figures(c)]) for c in told.communities),
    ))]  # fmt: skip
    body.append(_says(_("三、各楼栋"), Style.SECTION))
    if len(places) <= MOST:
        body.append(Table((_row([_("楼栋"), *head], bold=True),
                           *(_row([p["name"], *_figures(p)]) for p in places))))  # fmt: skip
    else:
        body.append(_says(_("楼栋很多，逐栋的数字见网页。")))
    if told.note:
        body += [_says(_("四、总结人的话"), Style.SECTION), _says(told.note)]
    closed: datetime = of.closed_at or timezone.now()
    return Letter(title=_("%(name)s总结") % {"name": of.name}, number="", unit=name_of(of.place),
                  made_at=closed, body=tuple(body))  # fmt: skip


def _figures(of: dict[str, Any]) -> list[object]:
    return [of["households"], of["came"], of["people"], percent(of)]
