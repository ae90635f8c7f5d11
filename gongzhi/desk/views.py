"""Staff pages: choose a post, see what waits, open a case, do the next act."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.cases import files, linkage, numbers, worklists
from gongzhi.cases.act import act
from gongzhi.cases.changes import NotFound, Refused
from gongzhi.cases.reading import (
    CaseView,
    acts_open_to,
    attachment_for,
    case_for,
    seen_by,
)
from gongzhi.cases.registers import SavedFilter
from gongzhi.cases.snapshot import Snapshot
from gongzhi.declare import OPEN, Act, Tie, registry
from gongzhi.documents.filling import TextRefused, unfillable
from gongzhi.documents.letters import letter, letters_of
from gongzhi.documents.sending import sent
from gongzhi.people.permissions import No, may
from gongzhi.people.posts import Holder, posts_of
from gongzhi.people.session import account_of, as_post, reveal, revealed
from gongzhi.places.levels import ancestors
from gongzhi.places.search import children
from gongzhi.ui.words import label

FILTERS = ("mechanism", "phase", "category", "overdue", "urgent", "place")


@login_required
def posts(request: HttpRequest) -> HttpResponse:
    held = posts_of(account_of(request).id, at=timezone.now())
    if request.method == "POST":
        chosen = next((h for h in held if str(h.post) == request.POST.get("post")), None)
        if chosen is not None:
            request.session["post"] = str(chosen.post)
            return redirect("desk:list")
    return render(request, "desk/posts.html", {"held": held})


@as_post
def worklist(request: HttpRequest, by: Holder) -> HttpResponse:
    """Open cases by due time, the most pressing first."""
    said = request.GET.get("number", "")
    if said:
        number = numbers.parse(said)
        case = worklists.by_number(by, number) if number else None
        if case:
            return redirect("desk:case", case.county, case.id)
        messages.warning(request, _("没有找到这个编号，或者不在您的范围内。"), extra_tags="warn")
    # A leader's unit seldom holds cases itself: they begin with what lies below them.
    first = "place" if by.kind == "leader" and by.sees_place else "unit"
    kind = request.GET.get("kind", first)
    order = request.GET.get("sort", worklists.ORDERS[0])
    if kind not in worklists.KINDS or order not in worklists.ORDERS:
        raise Http404
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    after = request.GET.get("after", "")
    page = worklists.page(kind, by, wanted, after=after, order=order)
    here = {"kind": kind, **wanted, "sort": order}
    context = {
        "by": by,
        "kind": kind,
        "page": page,
        "wanted": wanted,
        "order": order,
        "after": after,
        "places": _around(by, wanted.get("place", "")) if kind == "place" else [],
        "mechanisms": registry.every(),
        # Whoever looks for cases of some kind or place is not after what waits for themselves.
        "tasks": [] if wanted else worklists.tasks_of(by),
        "saved": SavedFilter.objects.filter(account=by.account),
        "here": urlencode(here),
        "next": urlencode({**here, "after": page.after}) if page.after else "",
    }
    return render(request, "desk/list.html", context)


@as_post
def waiting(request: HttpRequest, by: Holder) -> HttpResponse:
    """How many tasks wait, for the header of a page that is open."""
    return render(request, "ui/waiting.html", {"by": by})


def _around(by: Holder, chosen: str) -> list[str]:
    """Places to narrow a list down to, step by step: from one's own to those below the chosen."""
    here = chosen if chosen.startswith(by.place) else by.place
    above = [c for c in ancestors(here) if c.startswith(by.place)]
    return [*above, here, *(d.code for d in children(here))]


@require_POST
@as_post
def save_filter(request: HttpRequest, by: Holder) -> HttpResponse:
    name = request.POST.get("name", "").strip()[:40]
    query = request.POST.get("query", "")[:500]
    if name:
        SavedFilter.objects.update_or_create(
            account=by.account, name=name, defaults={"query": query}
        )
    return redirect(f"{reverse('desk:list')}?{query}")


@require_POST
@as_post
def drop_filter(request: HttpRequest, by: Holder) -> HttpResponse:
    SavedFilter.objects.filter(account=by.account, name=request.POST.get("name", "")).delete()
    return redirect("desk:list")


def _view(request: HttpRequest, by: Holder, county: str, id_: UUID) -> CaseView:
    return case_for(by, county, id_, unmasked=revealed(request, id_))


def _next_step(view: CaseView, by: Holder) -> Act | None:
    """The one act to do next: accept the case, do one's task, or move the case on."""
    fulfils = {**linkage.FULFILS, **{name: act for name, _, act in view.mechanism.tasks}}
    asked = [
        fulfils[t.name]
        for t in view.snapshot.tasks
        if t.name in fulfils and t.unit == by.unit and t.post in {None, by.post}
    ]
    # What may be done at any time, like withdrawing, is not what the case waits for; nor is what
    # staff only enter in the name of a party.
    here = [a for a in view.mechanism.acts if a.when is not OPEN
            and view.state in view.mechanism.sources(a)]  # fmt: skip
    own = [a for a in here if not _of_party(a)]
    # While a party is to decide how it goes on, staff do nothing next but move the case.
    if any(_of_party(a) and a.then and not a.then.final for a in here):
        own = [a for a in own if a.then]
    return next((a for a in [linkage.take_in, *asked, *own] if a in view.acts), None)


def _of_party(act: Act) -> bool:
    """Whether staff may do it too, in the name of a party."""
    return len(act.roles) > 1 and any(r.tie is Tie.PARTY for r in act.roles)


@as_post
def case(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    """The one case page, for every mechanism."""
    view = _view(request, by, county, id_)
    step = _next_step(view, by)
    own = {a.name for a in view.mechanism.acts}
    context = {
        "by": by,
        "view": view,
        "step": step,
        "own": [a for a in view.acts if a.name in own and a is not step],
        "shared": [a for a in view.acts if a.name not in own and a is not step],
        "letters": letters_of(view),
    }
    return render(request, "desk/case.html", context)


@as_post
def do(request: HttpRequest, by: Holder, county: str, id_: UUID, name: str) -> HttpResponse:
    """One act: its form, and doing it. What was typed stays whatever goes wrong."""
    try:
        seen = seen_by(by, county, id_)
        chosen = linkage.act_named(seen.mechanism, name)
    except (NotFound, Refused):
        raise Http404 from None
    if chosen not in acts_open_to(by, seen):
        messages.warning(request, _why_not(by, seen, chosen), extra_tags="warn")
        return redirect("desk:case", county, id_)
    form = None
    if chosen.form is not None:
        form = chosen.form(
            request.POST or None, request.FILES or None,
            case=seen, by=by, now=timezone.now(),
            initial={"number": request.GET.get("number", "")},
        )  # fmt: skip
    if request.method == "POST" and (form is None or form.is_valid()):
        error = _perform(request, by, seen, chosen, form)
        if error is None:
            return redirect("desk:case", county, id_)
        if form is None:
            messages.warning(request, error, extra_tags="warn")
            return redirect("desk:case", county, id_)
        form.add_error(None, error)
    context = {
        "by": by, "view": _view(request, by, county, id_), "act": chosen, "form": form,
        "key": request.POST.get("key") or uuid4().hex,
    }  # fmt: skip
    return render(request, "desk/do.html", context,
                  status=422 if form and form.errors else 200)  # fmt: skip


def _why_not(by: Holder, seen: Snapshot, chosen: Act) -> str:
    """The reason that the declaration gives: the person, or where the case stands."""
    allowed = may(by, chosen, seen)
    if isinstance(allowed, No):
        return str(allowed.reason)
    sources = seen.mechanism.sources(chosen)
    if seen.state in sources:
        return _("这一步现在不能办理，请看最新情况。")
    return _("这一步现在不能办理：案件现在是“%(now)s”，“%(act)s”只能在“%(when)s”时办。") % {
        "now": label(seen.state), "act": label(chosen),
        "when": _("、").join(label(state) for state in sources),
    }  # fmt: skip


def _perform(
    request: HttpRequest, by: Holder, seen: Snapshot, chosen: Act, form: Any
) -> str | None:
    """Do it; a refusal comes back as a sentence."""
    try:
        stored = [files.accept(content) for _name, content in form.attached()] if form else []
        act(
            (seen.county, seen.id), chosen, form.told() if form else {},
            key=request.POST.get("key") or uuid4().hex, now=timezone.now(), by=by, files=stored,
            given=form.given() if form else None,
        )  # fmt: skip
    except Refused as error:
        return str(error.reason)
    if chosen is linkage.reveal:
        reveal(request, seen.id)
    done = _("已办理：%(act)s") % {"act": _(chosen.label)}
    messages.success(request, done, extra_tags="good")
    return None


@as_post
def attachment(
    request: HttpRequest, by: Holder, /, county: str, id_: UUID, **of: int
) -> HttpResponse:
    try:
        found = attachment_for(by, county, id_, **of)
        content = files.read(found.sha256)
    except (NotFound, FileNotFoundError):
        raise Http404 from None
    shown = found.kind.startswith("image/")
    response = HttpResponse(content, content_type=found.kind)
    disposition = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{found.sha256[:12]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@as_post
def document(request: HttpRequest, by: Holder, county: str, id_: UUID, name: str) -> HttpResponse:
    """A letter as PDF or Word: with full names, so for the units of the case only."""
    view = _view(request, by, county, id_)
    if name not in {d.name for d in letters_of(view)}:
        raise Http404
    if by.unit not in {view.case.unit, *view.case.units}:
        raise Http404
    full = case_for(by, county, id_, unmasked=True)
    try:
        return sent(letter(full, name), as_word=request.GET.get("as") == "docx")
    except TextRefused as error:
        messages.warning(request, unfillable(error), extra_tags="warn")
        return redirect("desk:case", county, id_)
