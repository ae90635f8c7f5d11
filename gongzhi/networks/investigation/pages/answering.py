"""One place answers a round 排查: nothing found, found, or an answer corrected."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases import numbers
from gongzhi.cases.changes import Refused
from gongzhi.networks.investigation import answers
from gongzhi.networks.investigation.asked import Place
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui import words


def _register(place: Place) -> str:
    """The ordinary registration, which then answers the round by itself."""
    address = reverse("desk:register", args=[place.of.mechanism, place.code])
    asked = {"category": place.of.category, "round": place.of.id, "turn": place.turn.number}
    return f"{address}?{urlencode(asked)}"


@as_post
def answer(request: HttpRequest, by: Holder, round_: UUID, turn: int, place: str) -> HttpResponse:
    now = timezone.now()
    asked = answers.place_for(by, round_, turn, place, now=now)
    if asked is None:
        raise Http404
    wrong, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("number", "")
        try:
            messages.success(request, _answered(request, asked, by), extra_tags="good")
            return redirect("networks:rounds")
        except Refused as error:
            wrong = str(error.reason)
    offered = answers.offered(asked, by=by)
    named = asked.answer.numbers if asked.answer else []
    context: dict[str, Any] = {
        "by": by, "asked": asked, "wrong": wrong, "typed": typed, "offered": offered, "now": now,
        "chosen": request.POST.getlist("case") or named,
        "register": _register(asked), "earlier": answers.earlier(asked),
    }  # fmt: skip
    return render(request, "investigation/answer.html", context, status=422 if wrong else 200)


def _seen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("seen", ""))
    except ValueError:
        return None


def _named(request: HttpRequest) -> list[str]:
    """The cases that were ticked and the one that was typed. Raises Refused."""
    said = request.POST.get("number", "").strip()
    typed = numbers.parse(said) if said else None
    if said and typed is None:
        raise Refused(_("编号有误，请对照登记时的 16 位编号再写一遍。"))
    found = [*request.POST.getlist("case"), *([typed] if typed else [])]
    if not found:
        raise Refused(_("请勾选案件，或者写案件编号；还没有登记的，请先登记。"))
    return found


def _answered(request: HttpRequest, asked: Place, by: Holder) -> str:
    """Does what was pressed and says what was done. Raises Refused."""
    now, what = timezone.now(), request.POST.get("what", "")
    of, turn, code, seen = asked.of.id, asked.turn.number, asked.code, _seen(request)
    where = {"place": words.place(code), "title": asked.of.title}
    if what == "withdraw" and seen:
        answers.withdraw(of, turn, code, seen=seen, now=now, by=by)
        return _("已撤回%(place)s的回报：%(title)s。") % where
    if what == "found":
        done = answers.answer(of, turn, code, numbers=_named(request), seen=seen, now=now, by=by)
        return _("%(place)s已回报：发现 %(n)s 件。") % {**where, "n": done.found}
    if what == "zero":
        answers.answer(of, turn, code, seen=seen, now=now, by=by)
        return _("%(place)s已回报：没有发现。点错了可以在下面更正。") % where
    raise Refused
