"""Where nobody is, and where somebody has too much: by place, down to the village."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.declare import Level, Mechanism, registry
from gongzhi.networks.responsibility import vacancies
from gongzhi.networks.responsibility.load import loads
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors, level_of
from gongzhi.places.models import Division
from gongzhi.places.search import paths
from gongzhi.ui import words


def _here(request: HttpRequest, by: Holder) -> str:
    """A place that the post stands over; its own, if none is asked for."""
    here = request.GET.get("place", by.place)
    known = Division.objects.filter(code=here, valid_to=None).exists()
    if not by.sees_place or not here.startswith(by.place) or not known:
        raise Http404
    return here


def _mechanism(request: HttpRequest) -> Mechanism:
    wanted = request.GET.get("mechanism", "")
    found = {m.name: m for m in registry.every()}
    return found.get(wanted) or next(iter(found.values()))


def _level(request: HttpRequest, here: str) -> Level | None:
    """Of which level places are named: the one asked for; of a town its villages, at once."""
    said = request.GET.get("level", "")
    if said in {str(int(x)) for x in Level if x > level_of(here)}:
        return Level(int(said))
    return Level.VILLAGE if level_of(here) == Level.TOWN else None


def _trail(here: str, by: Holder) -> list[str]:
    return [code for code in ancestors(here) if code.startswith(by.place)]


@as_post
def vacant(request: HttpRequest, by: Holder) -> HttpResponse:
    """Counts by place and level; names of one level, a page at a time."""
    here, now, mechanism = _here(request, by), timezone.now(), _mechanism(request)
    if request.GET.get("as") == "xlsx":
        return _sheet(vacancies.vacant(mechanism, here, now=now), here)
    level, after = _level(request, here), request.GET.get("after", "")
    named = vacancies.vacant(
        mechanism, here, now=now, level=level, after=after, most=vacancies.PAGE + 1
    ) if level else []  # fmt: skip
    shown = named[: vacancies.PAGE]
    names = paths((p.code for p in shown), below=here)
    context: dict[str, Any] = {
        "by": by, "here": here, "trail": _trail(here, by), "mechanism": mechanism,
        "mechanisms": registry.every(), "chain": vacancies.chain(mechanism, here, now=now),
        "parts": vacancies.parts(mechanism, here, now=now) if level_of(here) < Level.TOWN else [],
        "level": level, "named": [(p, names[p.code]) for p in shown], "after": after,
        "next": shown[-1].code if len(named) > len(shown) else "",
    }  # fmt: skip
    return render(request, "responsibility/vacancies.html", context)


def _sheet(found: list[vacancies.Place], here: str) -> HttpResponse:
    names = paths((p.code for p in found), below=here[:4])
    head = [_("代码"), _("地方"), _("级别"), _("情况")]
    said = {True: _("有单位，无人在岗"), False: _("没有受理单位")}
    lines = [[p.code, names[p.code], words.level(p.level), said[p.has_unit]] for p in found]
    response = HttpResponse(sheets.made_of(head, lines), content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="vacancies-{here}.xlsx"'
    return response


@as_post
def overloaded(request: HttpRequest, by: Holder) -> HttpResponse:
    """Posts that hold too much, by place and not by how much: it is no ranking."""
    here, after = _here(request, by), request.GET.get("after", "")
    found = sorted(
        (x for x in loads(here, over=here).values() if x.overloaded and x.place.startswith(here)),
        key=lambda x: (x.place, str(x.post)),
    )
    left = [x for x in found if f"{x.place}_{x.post}" > after]
    shown = left[: vacancies.PAGE]
    posts = Post.objects.select_related("unit").in_bulk([x.post for x in shown])
    context = {
        "by": by, "here": here, "trail": _trail(here, by),
        "counts": [(level, sum(level_of(x.place) == level for x in found))
                   for level in Level if level >= level_of(here)],
        "rows": [(x, posts[x.post]) for x in shown], "after": after,
        "next": f"{shown[-1].place}_{shown[-1].post}" if len(left) > len(shown) else "",
    }  # fmt: skip
    return render(request, "responsibility/overload.html", context)
