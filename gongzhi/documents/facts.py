"""What a letter may say of a case, as it stood when the letter's act was done. In Chinese."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import DateTimeField
from django.utils import timezone, translation

from gongzhi.cases import catalogue, files
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import CaseView, Line, Person
from gongzhi.declare import TIMER, Document, Mechanism
from gongzhi.documents.figures import chinese_date, chinese_money
from gongzhi.people.models import Account, Appointment, Unit
from gongzhi.people.posts import current
from gongzhi.places.search import path_of

UNKNOWN = "（待查明）"


def lines_of(view: CaseView, document: Document) -> list[int]:
    """Where in the ledger the letter's act was done."""
    wanted = [document.only] if document.only else []
    return [
        n for n, line in enumerate(view.lines)
        if line.entry.act == document.after.name
        and all(line.entry.data.get(name) == value for name, value in wanted)
    ]  # fmt: skip


def asked_of(mechanism: Mechanism) -> dict[str, Any]:
    """Every field of every form of a mechanism: what may have been said somewhere."""
    found: dict[str, Any] = {"title": None, "text": None}
    for act in (mechanism.starts, *mechanism.acts):
        found |= getattr(act.form, "base_fields", {})
    return found


def _day(iso: str) -> str:
    return chinese_date(timezone.localtime(datetime.fromisoformat(iso)).date())


def _instant(iso: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(iso))
    return f"{chinese_date(at.date())} {at:%H:%M}"


def _dues(lines: list[Line]) -> dict[str, str]:
    """When each clock fell due as the ledger said on the letter's day, not as it does now."""
    runs = [run for line in lines for run in line.entry.changes.get("clocks", [])]
    return {run["name"]: _day(run["due_at"]) for run in runs}


def _instalments(line: Line) -> Iterator[dict[str, Any]]:
    """The tasks that this act made, where they are about money."""
    for task in line.entry.changes.get("tasks", []):
        made_here = task["seq"] == line.entry.seq and task["due_at"]
        if made_here and "amount" in task["data"]:
            yield {
                "n": task["data"].get("n", task["n"] + 1),
                "amount": task["data"]["amount"],
                "due": _day(task["due_at"]),
            }


def money(instalments: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The instalments, their sum, and the sum in capitals; both empty without money."""
    paid = [{**i, "amount": Decimal(i["amount"]).quantize(Decimal("0.01"))} for i in instalments]
    total = sum((i["amount"] for i in paid), Decimal())
    return {
        "instalments": [{**i, "amount": str(i["amount"])} for i in paid],
        "total": str(total) if paid else "",
        "capitals": chinese_money(total) if paid else "",
    }


def asked_to_sign(fields: Mapping[str, Any]) -> list[str]:
    """Whose signature a form asks for, in its order."""
    wanted = [str(field.label) for name, field in fields.items() if name.startswith("signature_")]
    return [label.removesuffix("签名") for label in wanted]


def _signatures(line: Line) -> Iterator[dict[str, Any]]:
    """Each signature that the form asked for; drawn ones with their picture.

    The form lays pictures to the act in the order of its fields, and refuses an empty one.
    """
    asked = getattr(line.act.form, "base_fields", {}) if line.act else {}
    drawn = [f.sha256 for f in line.files if f.kind == "image/png" and f.erased_at is None]
    for n, who in enumerate(asked_to_sign(asked)):
        picture = files.read(drawn[n]) if n < len(drawn) else None
        digest = drawn[n][:16] if n < len(drawn) else ""
        yield {"who": who, "picture": picture, "digest": digest}


def _other_unit(view: CaseView, line: Line) -> str:
    """The unit that this act named: a court, an arbitration commission."""
    named = line.entry.data.get("unit")
    unit = view.units.get(UUID(named)) if isinstance(named, str) else None
    return unit.name if unit else ""


def _signs(view: CaseView, line: Line) -> Unit:
    """Whose act it was; what time does, it may do in the name of a unit that it names."""
    by_time = line.act is not None and line.act.roles == (TIMER,)
    named = line.entry.data.get("unit") if by_time else line.entry.unit
    return view.units.get(UUID(str(named)), view.unit) if named else view.unit


def _assigned(lines: list[Line]) -> str:
    """Who held the post that held the case at that time; empty when none did."""
    posts = [line.entry.changes.get("case", {}).get("post", "") for line in lines]
    named = [post for post in posts if post != ""]
    if not named or named[-1] is None:
        return ""
    appointed = Appointment.objects.filter(
        current(lines[-1].entry.at), post=UUID(named[-1]), deputy=False
    )
    return appointed.values_list("account__name", flat=True).first() or ""


def _actor(line: Line) -> str:
    if line.entry.account is None:
        return ""
    return Account.objects.values_list("name", flat=True).get(id=line.entry.account)


def _answers(line: Line) -> dict[str, str]:
    """What was chosen in the act's form, in the words of the form."""
    asked = getattr(line.act.form, "base_fields", {}) if line.act else {}
    found = {}
    for name, value in line.entry.data.items():
        if isinstance(asked.get(name), DateTimeField):
            found[name] = _instant(value)
            continue
        choices = dict(getattr(asked.get(name), "choices", None) or ())
        chosen = value if isinstance(value, list) else [value]
        plain = [v for v in chosen if isinstance(v, str | int) and not isinstance(v, bool)]
        found[name] = "、".join(str(choices.get(v, v)) for v in plain)
    return found


def _session(line: Line) -> dict[str, str]:
    """The session that this act booked: when, how and where; empty when it booked none."""
    for task in line.entry.changes.get("tasks", []):
        if task["seq"] == line.entry.seq and "books" in task["data"]:
            data = task["data"]
            when = _instant(data["begins_at"])
            return {"when": when, "mode": data["mode"], "where": data.get("where") or ""}
    return {"when": "", "mode": "", "where": ""}


def _person(name: str, phone: str, address: str) -> str:
    rest = [f"联系电话：{phone}" if phone else "", f"住址：{address}" if address else ""]
    return "，".join([name, *filter(None, rest)])


def side(people: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """One side of a dispute, of (name, phone, address): names alone, and all that is known."""
    known = list(people)
    return {
        "names": "、".join(name for name, _phone, _address in known) or UNKNOWN,
        "persons": "；".join(_person(*one) for one in known),
    }


def _side(people: Iterable[Person], which: str) -> dict[str, str]:
    return side((p.name, p.phone, p.address) for p in people if p.side == which)


def facts(view: CaseView, document: Document) -> dict[str, Any]:
    """Plain words, lists and mappings. What nobody said is empty, so that a text may name it."""
    lines = view.lines[: lines_of(view, document)[-1] + 1]
    line = lines[-1]
    said = {name: text for earlier in lines for name, text in earlier.words.items()}
    unit = _signs(view, line)
    at = timezone.localtime(line.entry.at)
    nothing = dict.fromkeys(asked_of(view.mechanism), "")
    with translation.override("zh-hans"):
        return {
            "number": spaced(view.case.number),
            "title": str(document.label),
            "matter": catalogue.kind(view.mechanism, view.case.category).label,
            "summary": said.get("title", "").strip("。"),
            "place": path_of(view.case.place).replace(" / ", ""),
            "unit": unit.name,
            "phone": unit.phone,
            "hotline": settings.CONFIG.hotline,
            "date": chinese_date(at.date()),
            "applicant": _side(view.people, "applicant"),
            "respondent": _side(view.people, "respondent"),
            "said": {**nothing, **said},
            "answers": {**nothing, **_answers(line)},
            "session": _session(line),
            "other_unit": _other_unit(view, line),
            "due": {**{c.name: "" for c in view.mechanism.clocks}, **_dues(lines)},
            **money(_instalments(line)),
            "signatures": list(_signatures(line)),
            "signed_at": f"{chinese_date(at.date())} {at:%H:%M:%S}",
            "assigned": _assigned(lines),
            "actor": _actor(line),
        }
