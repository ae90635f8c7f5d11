"""Notices on paper: one to put up, or one for each building of a community."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from gongzhi.documents.placards import code_of
from gongzhi.documents.tree import Poster, Posters
from gongzhi.documents.typesetting import posters_pdf
from gongzhi.mechanisms.neighbourhoods.models import Announcement, Building
from gongzhi.mechanisms.neighbourhoods.pages.notices.staff import notice_or_404, scope_of
from gongzhi.mechanisms.neighbourhoods.registers import announcing, buildings
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of
from gongzhi.ui.words import day

MOST = 400  # posters in one file


def _call(*, english: bool) -> str:
    """What the code is for, in the languages of the notice."""
    said = [_("扫码看最新内容")]
    if english:
        with override("en"):
            said.append(_("扫码看最新内容"))
    return "\n".join(dict.fromkeys(said))


def _posters(
    request: HttpRequest, a: Announcement, of: Iterable[Building | None]
) -> tuple[Poster, ...]:
    """They hang for all to read, so they speak the city's first language, and English below."""
    w, unit = announcing.latest(a), Unit.objects.filter(id=a.unit).first()
    page = request.build_absolute_uri(reverse("neighbourhoods:open_notice", args=[a.id]))
    names = [unit.name, unit.name_en if w.title_en else ""] if unit is not None else []
    demo = _("（演示，人物均为虚构）") if settings.CONFIG.demo else ""
    shown = _("展示到 %(day)s") % {"day": f"{a.shown_until:%Y-%m-%d}"}
    return tuple(
        Poster(
            heading=_("公告（更正）") if w.n > 1 else pgettext("one notice", "公告"),
            title=w.title, text=w.text, title_en=w.title_en, text_en=w.text_en,
            signed=tuple(filter(None, [*names, day(w.at)])),
            code=code_of(f"{page}?at={b.id}" if b is not None else page),
            call=_call(english=bool(w.title_en)),
            foot=f"{b.name if b is not None else scope_of(a)} · {shown}{demo}",
        )
        for b in of
    )  # fmt: skip


def _printed(made: Posters) -> HttpResponse:
    response = HttpResponse(posters_pdf(made), content_type="application/pdf")
    name = content_disposition_header(False, f"{made.title}.pdf".replace("/", "／"))
    response["Content-Disposition"] = name or ""
    return response


def _printable(by: Holder, announcement: UUID) -> Announcement:
    a = notice_or_404(by, announcement)
    if a.withdrawn_at is not None:
        raise Http404
    return a


@as_post
def poster(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    """One; a chief's own names the building."""
    a = _printable(by, announcement)
    title = announcing.latest(a).title
    with override(settings.CONFIG.language):
        made = _posters(request, a, [a.building])
        return _printed(Posters(title, by.unit_name, timezone.now(), made))


@as_post
def sheet(request: HttpRequest, by: Holder, announcement: UUID) -> HttpResponse:
    """One for each building that the post answers for, in a community."""
    a = _printable(by, announcement)
    found = buildings.buildings_of(by)
    place = request.GET.get("place", "")
    if place:
        found = found.filter(community=place)
    if a.building_id is not None:
        found = found.filter(id=a.building_id)
    elif a.grid_id is not None:
        found = found.filter(grid=a.grid_id)
    every = list(found.filter(community__startswith=a.place)[: MOST + 1])
    if not 0 < len(every) <= MOST:
        raise Http404
    title = f"{announcing.latest(a).title} {name_of(place) if place else ''}".strip()
    with override(settings.CONFIG.language):
        made = _posters(request, a, every)
        return _printed(Posters(title, by.unit_name, timezone.now(), made))
