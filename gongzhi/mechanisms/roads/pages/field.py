"""What a road chief's phone takes along and sends back: stretches, patrols, hazards found.

Hazards that come in a row are written together, a thousand in a second or two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongzhi.cases import catalogue, files
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.bulk import report_many
from gongzhi.cases.changes import Refused, Words
from gongzhi.mechanisms.roads.forms.finding import Begun, Finding, Finished, kinds_of
from gongzhi.mechanisms.roads.forms.report import IN_PLAIN_WORDS
from gongzhi.mechanisms.roads.mechanism import recur, roads
from gongzhi.mechanisms.roads.models import Section
from gongzhi.mechanisms.roads.registers import patrols, recurring
from gongzhi.mechanisms.roads.registers.matters import GROUPS, group_of
from gongzhi.mechanisms.roads.registers.patrols import Stretch
from gongzhi.networks.responsibility.routing import led
from gongzhi.people.permissions import Actor, may_begin
from gongzhi.people.posts import Holder
from gongzhi.ui.offline import Answer, Kit, Operation, each
from gongzhi.ui.reminders import Reminder


def _said(form: forms.Form) -> str:
    return "；".join(f"{name}：{errors[0]}" for name, errors in form.errors.items())


def _checked(form: forms.Form) -> Mapping[str, Any]:
    """Raises Refused."""
    if not form.is_valid():
        raise Refused(_("这条记录不完整：%(wrong)s") % {"wrong": _said(form)})
    return form.cleaned_data


def _holder(by: Actor) -> Holder:
    if not isinstance(by, Holder):
        raise Refused
    return by


def _begun(one: Operation, now: datetime, by: Actor) -> Answer:
    said = _checked(Begun(dict(one.data)))
    new = patrols.begin(said["patrol"], at=one.at, skew=one.skew, now=now, by=_holder(by))
    return Answer("done" if new else "again")


def _stop(told: Mapping[str, Any], one: Operation, began: datetime) -> Mapping[str, Any]:
    at = min(began + timedelta(seconds=told["after"]), one.at)
    return {**{k: v for k, v in told.items() if k != "after"}, "at": at}


def _finished(one: Operation, now: datetime, by: Actor) -> Answer:
    said = _checked(Finished(dict(one.data)))
    track = said["track"]
    began = one.at - timedelta(seconds=track[-1][2] if track else 0)
    told = patrols.Finished(
        at=one.at, track=track, stops=[_stop(s, one, began) for s in said["stops"]],
        found=said["found"], note=said["note"],
    )  # fmt: skip
    return Answer("done" if patrols.finish(said["patrol"], told, by=_holder(by)) else "again")


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard that was read and may be reported."""

    one: Operation
    told: Report
    sight: recurring.Sight


def _report(one: Operation, form: Finding, place: str) -> Report:
    said = form.cleaned_data
    label = catalogue.kind(roads, said["category"]).label
    text = said["text"] or _("巡查发现：%(matter)s") % {"matter": label}
    named = {n: str(said[n]) for n in ("section", "patrol") if said[n]}
    spot = form.spot or (None, None)
    return Report(
        place=place, category=said["category"], title=f"{label}：{said['text'][:24]}".rstrip("："),
        data={"text": Words(text), "danger": said["danger"], **named, **one.noted},
        files=[files.accept(f) for f in one.files],  # type: ignore[arg-type]
        channel="patrol", longitude=spot[0], latitude=spot[1],
    )  # fmt: skip


def _found(
    one: Operation, kinds: Sequence[tuple[str, str]], villages: Mapping[str, str], by: Actor
) -> Found:
    """Raises Refused: with what is wrong, or where this post may not report."""
    form = Finding(dict(one.data), kinds=kinds)
    said = _checked(form)
    place = villages.get(str(said["section"]), said["place"])
    allowed = may_begin(by, roads.starts, place)
    if not allowed:
        raise Refused(getattr(allowed, "reason", None))
    sight = recurring.Sight(place, said["category"], form.spot)
    return Found(one, _report(one, form, place), sight)


def _villages(run: Sequence[Operation]) -> Mapping[str, str]:
    """Where sections lie, as our register says, whatever the phone does."""
    named = set()
    for one in run:
        try:
            named.add(UUID(str(one.data.get("section"))))
        except ValueError:
            continue
    rows = Section.objects.filter(id__in=named).values_list("id", "village") if named else ()
    return {str(id_): village for id_, village in rows}


def findings(run: Sequence[Operation], now: datetime, by: Actor) -> list[Answer]:
    kinds, villages = kinds_of(roads), _villages(run)
    answers: dict[str, Answer] = {}
    read: list[Found] = []
    for one in run:
        try:
            read.append(_found(one, kinds, villages, by))
        except Refused as error:
            answers[one.key] = Answer("rejected", str(error.reason))
    before = recurring.come_back([f.sight for f in read], now=now, by=by)
    fresh = []
    for found, case in zip(read, before, strict=True):
        answer = _taken_up(found, case, now, by) if case else None
        if answer is None:
            fresh.append(found)
        else:
            answers[found.one.key] = answer
    answers |= _reported(fresh, now, by)
    return [answers[one.key] for one in run]


def _taken_up(found: Found, case: tuple[str, UUID], now: datetime, by: Actor) -> Answer | None:
    """What was struck off here is taken up again; None where this post may not."""
    said = {"reason": found.told.data["text"], **found.one.noted}
    try:
        with transaction.atomic():
            done = act(case, recur, said, key=found.one.key, now=now, by=by,
                       files=found.told.files)  # fmt: skip
    except Refused:
        return None
    return _answer(done, _("这里的同一隐患销号不到九十天，原案件已重新办理。"))


def _answer(done: Receipt, said: str = "") -> Answer:
    what = "again" if done.again else "done"
    return Answer(what, said, done.number, (done.county, done.id))


def _led(fresh: Sequence[Found], now: datetime) -> Iterator[Report]:
    """With the unit that should take each; asked once for hazards of a kind on a section."""
    known: dict[tuple[object, ...], Report] = {}
    for told in (f.told for f in fresh):
        like = (told.data.get("section"), told.place, told.category)
        if like not in known:
            known[like] = led(roads, told, now=now)
        yield replace(told, unit=known[like].unit, facts=known[like].facts)


def _reported(fresh: Sequence[Found], now: datetime, by: Actor) -> dict[str, Answer]:
    told = [(f.one.key, one) for f, one in zip(fresh, _led(fresh, now), strict=True)]
    try:
        with transaction.atomic():
            done = report_many(roads, told, now=now, by=by)
        return {key: _answer(one) for (key, _told), one in zip(told, done, strict=True)}
    except (
        Refused
    ):  # one of them cannot be taken: each by itself, keys see to it that none is twice
        return {key: _alone(key, one, now, by) for key, one in told}


def _alone(key: str, told: Report, now: datetime, by: Actor) -> Answer:
    try:
        with transaction.atomic():
            done = report(roads, told, key=key, now=now, by=by)
    except Refused as error:
        return Answer("rejected", str(error.reason))
    return _answer(done)


def _stretch(of: Stretch, today: date) -> dict[str, Any]:
    section = of.section
    return {
        "id": str(section.id), "name": section.name, "road": str(section.road),
        "place": section.village, "line": section.line, "from_km": section.from_km,
        "to_km": section.to_km, "every": of.every, "due_on": of.due_on,
        "overdue": of.is_overdue(today), "last_on": of.last_on,
    }  # fmt: skip


def _matters() -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, str]]] = {name: [] for name in GROUPS}
    for kind in catalogue.offered(roads):
        hint = IN_PLAIN_WORDS.get(kind.name, "")
        groups[group_of(kind.name)].append(
            {"name": kind.name, "label": str(kind), "hint": str(hint)}
        )
    return [
        {"name": name, "label": _(GROUPS[name][0]), "matters": matters}
        for name, matters in groups.items()
    ]  # fmt: skip


def _pack(by: Holder, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    return {
        "stretches": [_stretch(s, today) for s in patrols.of_post(by.post, now)],
        "matters": _matters(),
        "place": by.place,
    }


def remind(by: Holder, now: datetime) -> Reminder | None:
    """On the worklist, as rounds do."""
    late = patrols.overdue(by, now)
    said = ngettext("您有 %(n)d 段路要巡查", "您有 %(n)d 段路要巡查", late) % {"n": late}
    return Reminder(said, reverse("roads:patrols")) if late else None


KIT = Kit(
    name=roads.name, label=gettext_lazy("巡查"), pack=_pack,
    offered_to=lambda by: by.kind in {"road_chief", "grid_member"},
    kinds={"roads.begin": each(_begun), "roads.finish": each(_finished),
           "roads.finding": findings},
    acts=frozenset({"mend", "whistle", "verify", "check", "redo", "inspect", "dismiss"}),
    anyone=frozenset({"roads.finding"}),
    screens="roads/field/screens.html", scripts=("roads/field.js",),
)  # fmt: skip
