"""How a round 排查 stands, from its place down to the village; who is silent, by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.networks.investigation import asked, rounds
from gongzhi.networks.investigation import coverage as figures
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.pages import shown
from gongzhi.networks.investigation.turns import Turn, turns
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import paths
from gongzhi.ui import words


def _round(by: Holder, id_: UUID) -> Round:
    of = Round.objects.filter(id=id_).first()
    if of is None or not rounds.may_see(by, of):
        raise Http404
    return of


def _turn(request: HttpRequest, begun: Sequence[Turn]) -> Turn | None:
    """The one that is asked for, or the latest; none before the round begins."""
    said = request.GET.get("turn")
    if said is None:
        return begun[0] if begun else None
    for turn in begun:
        if str(turn.number) == said:
            return turn
    raise Http404


def _here(request: HttpRequest, by: Holder, of: Round) -> str:
    part = rounds.part_of(by, of)
    here = request.GET.get("place", part)
    known = Division.objects.filter(code=here, level__lte=of.level).exists()
    if not here.startswith(part) or not known:
        raise Http404
    return here


@as_post
def coverage(request: HttpRequest, by: Holder, round_: UUID) -> HttpResponse:
    of, now = _round(by, round_), timezone.now()
    here, begun = _here(request, by, of), turns(of, now)
    turn = _turn(request, begun)
    if turn and request.GET.get("as") == "xlsx":
        return _sheet(of, turn, here, now)
    context = {
        "by": by, "of": of, "now": now, "here": here, "turns": begun, "turn": turn,
        "trail": [c for c in ancestors(here) if c.startswith(rounds.part_of(by, of))],
        "declared_by": Post.objects.select_related("unit").filter(id=of.post).first(),
        "kinds": shown.kinds(of),
        "repeats": dict(shown.REPEATS)[of.repeats],
        "asks": asked.load(here, of.level, of.kinds, figures.seen_at(turn, now) if turn else now),
        "may_end": rounds.may_end(by, of),
    }  # fmt: skip
    if turn:
        context |= _figures(of, turn, here, now)
    return render(request, "investigation/round.html", context)


def _figures(of: Round, turn: Turn, here: str, now: datetime) -> dict[str, Any]:
    parts, silent = figures.parts(of, turn, here, now), figures.silent(of, turn, here, now)
    names = paths((s.code for s in silent), below=here)
    return {
        "parts": parts,
        "last": figures.below(of, here) == of.level,  # each part answers for itself
        "total": figures.total(here, parts),
        "silent": [(s, names[s.code] or words.place(s.code)) for s in silent],
        "is_over": turn.is_over(now) or of.ended_at is not None,
    }


def _said(line: figures.Line) -> str:
    if line.found is None:
        return _("没有回报")
    return _("发现 %(n)s 件") % {"n": line.found} if line.found else _("没有发现")


def _sheet(of: Round, turn: Turn, here: str, now: datetime) -> HttpResponse:
    """Every place that is to answer, with its answer and whom to call."""
    lines = figures.every(of, turn, here, now)
    names = paths((line.code for line in lines), below=here[:4])
    head = [_("代码"), _("地方"), _("回报"), _("逾期"), _("回报时间"), _("回报岗位"),
            _("请谁回报"), _("电话")]  # fmt: skip
    rows = [
        [line.code, names[line.code], _said(line), _("逾期") if line.late else "",
         words.moment(line.at) if line.at else "", words.named(line) if line.title else "",
         "；".join(words.post_of(a) for a in line.asked) or _("没有人可问"),
         "；".join(line.phones)]
        for line in lines
    ]  # fmt: skip
    response = HttpResponse(sheets.made_of(head, rows), content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="round-{here}-{turn.number}.xlsx"'
    return response
