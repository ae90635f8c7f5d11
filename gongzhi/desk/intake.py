"""A clerk registers a case for somebody who came, called or wrote."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import channels, files, linkage, similar
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.changes import Accused, NotFound, Refused
from gongzhi.cases.forms import OtherCase, unit_label
from gongzhi.cases.intake import ReportForm, code_for, preset, report_from
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import CaseView, Line, acts_open_to, case_for, seen_by
from gongzhi.cases.similar import Found
from gongzhi.declare import Mechanism, registry
from gongzhi.documents.letters import letters_to_party
from gongzhi.networks.investigation import answers
from gongzhi.networks.responsibility import routing
from gongzhi.people.permissions import may_begin
from gongzhi.people.posts import Holder, units_at
from gongzhi.people.session import as_post
from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division
from gongzhi.places.search import children, search

EARLIER = 5  # tied cases whose answers are shown


class RegisterForm(ReportForm):
    """What a clerk writes down: the report, and how it came. A court names its number, and the
    unit that shall take the case."""

    plain = ReportForm.plain | {"court_number"}

    channel = forms.ChoiceField(label=gettext_lazy("来源"))
    court_number = forms.CharField(label=gettext_lazy("法院案号"), max_length=60, required=False)
    unit = forms.TypedChoiceField(
        label=gettext_lazy("交给哪里"), coerce=UUID, empty_value=None, required=False
    )
    urgent = forms.BooleanField(label=gettext_lazy("紧急"), required=False)

    def __init__(self, *args: Any, by: Holder, place: str, **kwargs: Any) -> None:
        super().__init__(*args, place=place, **kwargs)
        self.fields["name"].label = gettext_lazy("申请人姓名")
        self.fields["phone"].label = gettext_lazy("申请人电话")
        self.fields["channel"].choices = channels.offered_to(by)  # type: ignore[attr-defined]
        if by.unit_kind not in channels.COURTS:
            del self.fields["court_number"], self.fields["unit"]
            return
        near = units_at([place, *ancestors(place)], self.mechanism.routed_to)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", _("按地点分派")),
            *((str(u.id), unit_label(u)) for u in near),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if channels.of_court(said.get("channel", "")) and not said.get("court_number"):
            self.add_error("court_number", _("请写法院的案号，结果要告知法院。"))
        return said


@as_post
def where(request: HttpRequest, by: Holder, mechanism: str) -> HttpResponse:
    """The place first, within the post's own."""
    at = request.GET.get("at", by.place)
    said = request.GET.get("q", "")
    if not at.startswith(by.place):
        raise Http404
    context = {
        "by": by, "mechanism": mechanism, "at": at, "said": said, "children": children(at),
        "found": search(said, within=by.place) if said else None,
    }  # fmt: skip
    return render(request, "desk/where.html", context)


@as_post
def new(request: HttpRequest, by: Holder, mechanism: str, place: str) -> HttpResponse:
    declared = registry.get(mechanism)
    if not Division.objects.filter(code=place, valid_to=None).exists():
        raise Http404
    allowed = may_begin(by, declared.starts, place)
    if not allowed:
        messages.warning(request, str(getattr(allowed, "reason", "")), extra_tags="warn")
        return redirect("desk:list")
    form = RegisterForm(
        request.POST or None, request.FILES or None, mechanism=declared, by=by, place=place,
        initial={"category": request.GET.get("category", ""),
                 **preset(declared, request.GET.dict())},
    )  # fmt: skip
    found: list[Found] = []
    if request.method == "POST" and form.is_valid():
        found = _similar(form, place, by)
        if "same" in request.POST or not found:
            done = _register(request, form, place, found, by)
            if done:
                _answer_round(request, done, place, by)
                return _shown(request, done, by)
    context = {
        "by": by, "form": form, "mechanism": declared, "place": place, "found": found,
        "key": request.POST.get("key") or uuid4().hex,
    }  # fmt: skip
    return render(request, "desk/new.html", context,
                  status=422 if form.errors or found else 200)  # fmt: skip


def _shown(request: HttpRequest, done: Receipt, by: Holder) -> HttpResponse:
    """The new case; one that was routed past whoever wrote it down is not theirs to see."""
    try:
        seen_by(by, done.county, done.id)
    except NotFound:
        said = _("编号 %(number)s，已转给办理的单位；您这里看不到它。") % {
            "number": spaced(done.number)
        }
        messages.info(request, said)
        return redirect("desk:list")
    return redirect("desk:case", done.county, done.id)


def _answer_round(request: HttpRequest, done: Receipt, place: str, by: Holder) -> None:
    """Who came here from a round 排查 has answered it by registering what was found."""
    if "round" not in request.GET or done.again:
        return
    try:
        of, turn = UUID(request.GET["round"]), int(request.GET.get("turn", ""))
        answers.registered(of, turn, place, done.id, now=timezone.now(), by=by)
    except (ValueError, Refused):
        said = _("没有记入排查：请到“联动”里的“排查网”，选这件案件回报。")
        messages.warning(request, said, extra_tags="warn")
    else:
        messages.success(request, _("已记入排查的回报。"), extra_tags="good")


def _similar(form: RegisterForm, place: str, by: Holder) -> list[Found]:
    said = form.cleaned_data
    told = similar.Told.new(
        names=[said["name"], said.get("respondent", "")],
        phones=[said["phone"], said.get("respondent_phone", "")],
        text=said["text"],
    )
    return similar.find(by, place, told, now=timezone.now())


@as_post
def like(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    """What may be the same matter as a case that waits to be taken up: part of its page."""
    found = similar.like_case(by, county, id_, now=timezone.now())
    acts = acts_open_to(by, seen_by(by, county, id_)) if found else []
    ties = [a for a in acts if a.form and issubclass(a.form, OtherCase)]
    context = {"found": found, "ties": ties, "county": county, "id": id_}
    return render(request, "desk/like.html", context)


def _keeps(mechanism: Mechanism, by: Holder) -> UUID | None:
    """Whoever is asked first judges whose duty it is, where the mechanism says so."""
    stays = getattr(mechanism.starts.form, "stays_where_told", False)
    return by.unit if stays and by.unit_kind in mechanism.routed_to else None


def _begun(mechanism: Mechanism, told: Report, *, key: str, now: datetime, by: Holder) -> Receipt:
    """What complains about the very unit that writes it down goes past it."""
    if told.unit == by.unit:
        with suppress(Accused), transaction.atomic():
            return report(mechanism, told, key=key, now=now, by=by)
        told = replace(told, unit=None)
    return routing.begin(mechanism, told, key=key, now=now, by=by)


@as_post
def earlier(request: HttpRequest, by: Holder, county: str, id_: UUID) -> HttpResponse:
    """What was answered before, in the cases that are tied to this one: part of its page."""
    linked = case_for(by, county, id_).linked
    found = [case_for(by, c.county, c.id) for c in linked[:EARLIER]]
    answers = [(view, line) for view in found for line in _answers(view)]
    return render(request, "desk/earlier.html", {"answers": answers})


def _answers(view: CaseView) -> list[Line]:
    """Acts of which a letter told the party something, those that had words to tell."""
    acts = {d.after.name for d in letters_to_party(view)}
    return [x for x in view.lines if x.entry.seq > 1 and x.entry.act in acts and x.said]


def _register(
    request: HttpRequest, form: RegisterForm, place: str, found: list[Found], by: Holder
) -> Receipt | None:
    """The case begins, tied to the one that the clerk says it is the same matter as."""
    said, now = form.cleaned_data, timezone.now()
    same = next((f for f in found if str(f.case.id) == request.POST.get("same")), None)
    facts = {"recurs": str(same.case.id)} if same and same.recurs(now) else {}
    key = request.POST.get("key") or uuid4().hex
    try:
        stored = [files.accept(f.file) for f in said["photos"]]
        told = report_from(
            form, place, stored, key=key, channel=said["channel"], urgent=said["urgent"],
            unit=said.get("unit") or _keeps(form.mechanism, by), facts=facts,
        )  # fmt: skip
        done = _begun(form.mechanism, told, key=key, now=now, by=by)
    except Refused as error:
        form.add_error(None, str(error.reason))
        return None
    code = code_for(form, key)
    told_code = _("已登记。请把编号和查询码 %(code)s 写给当事人，凭它查进度。") % {"code": code}
    messages.success(request, told_code if code else _("已登记。"), extra_tags="good")
    if same:
        tied = {"number": same.case.number, "kind": "related",
                "other": (same.case.county, same.case.id)}  # fmt: skip
        try:
            act((done.county, done.id), linkage.link, tied, key=f"{key}/link", now=now, by=by)
        except Refused:
            messages.warning(request, _("两案由承办单位关联。"), extra_tags="warn")
    return done
