"""The letters of a case: which there are, and how one is made."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.forms import DateTimeField
from django.utils import timezone, translation

from gongzhi.cases import files
from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import CaseView, Line
from gongzhi.declare import Document
from gongzhi.documents.figures import chinese_date, chinese_money
from gongzhi.documents.typesetting import render
from gongzhi.people.models import Account, Appointment
from gongzhi.people.posts import current
from gongzhi.places.search import path_of


def letters_of(view: CaseView) -> list[Document]:
    """The letters whose act has been done, and said what the letter is about."""
    return [d for d in view.mechanism.documents if _lines_of(view, d)]


def _template(view: CaseView, name: str) -> Path:
    folder = Path(apps.get_app_config(view.mechanism.name).path)
    return folder / "documents" / f"{name}.typ"


def _day(iso: str) -> str:
    return chinese_date(timezone.localtime(datetime.fromisoformat(iso)).date())


def _instant(iso: str) -> str:
    at = timezone.localtime(datetime.fromisoformat(iso))
    return f"{chinese_date(at.date())} {at:%H:%M}"


def _dues(lines: list[Line]) -> dict[str, str]:
    """When each clock fell due as the ledger said on the letter's day, not as it does now."""
    runs = [run for line in lines for run in line.entry.changes.get("clocks", [])]
    return {run["name"]: _day(run["due_at"]) for run in runs}


def _money(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def _instalments(line: Line) -> Iterator[dict[str, Any]]:
    """The tasks that this act made, where they are about money."""
    for task in line.entry.changes.get("tasks", []):
        made_here = task["seq"] == line.entry.seq and task["due_at"]
        if made_here and "amount" in task["data"]:
            amount = _money(task["data"]["amount"])
            yield {
                "n": task["data"].get("n", task["n"] + 1),
                "amount": amount,
                "due": _day(task["due_at"]),
            }


def _signatures(view: CaseView, line: Line) -> Iterator[dict[str, Any]]:
    """Each signature that the form asked for, in its order; drawn ones with their picture.

    The form lays pictures to the act in the order of its fields, and refuses an empty one.
    """
    asked = getattr(line.act.form, "base_fields", {}) if line.act else {}
    drawn = [f.sha256 for f in line.files if f.kind == "image/png" and f.erased_at is None]
    wanted = [str(field.label) for name, field in asked.items() if name.startswith("signature_")]
    for n, label in enumerate(wanted):
        picture = files.read(drawn[n]) if n < len(drawn) else None
        digest = drawn[n][:16] if n < len(drawn) else ""
        yield {"who": label.removesuffix("签名"), "picture": picture, "digest": digest}


def _other_unit(view: CaseView, line: Line) -> str:
    """The unit that this act named: a court, an arbitration commission."""
    named = line.entry.data.get("unit")
    unit = view.units.get(UUID(named)) if isinstance(named, str) else None
    return unit.name if unit else ""


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


def _lines_of(view: CaseView, document: Document) -> list[int]:
    """Where in the ledger its act was done."""
    wanted = [document.only] if document.only else []
    return [
        n for n, line in enumerate(view.lines)
        if line.entry.act == document.after.name
        and all(line.entry.data.get(name) == value for name, value in wanted)
    ]  # fmt: skip


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


def _session(line: Line) -> dict[str, Any] | None:
    """The session that this act booked: when, and where."""
    for task in line.entry.changes.get("tasks", []):
        if task["seq"] == line.entry.seq and "books" in task["data"]:
            data = task["data"]
            return {"when": _instant(data["begins_at"]), "mode": data["mode"]}
    return None


def facts(view: CaseView, name: str) -> Mapping[str, Any]:
    """What every letter may say, as the case stood when its act was done. In Chinese."""
    document = next(d for d in view.mechanism.documents if d.name == name)
    lines = view.lines[: _lines_of(view, document)[-1] + 1]
    line = lines[-1]
    said = {name: text for earlier in lines for name, text in earlier.words.items()}
    unit = view.units.get(line.entry.unit, view.unit) if line.entry.unit else view.unit
    at = timezone.localtime(line.entry.at)
    with translation.override("zh-hans"):
        instalments = list(_instalments(line))
        total = sum((i["amount"] for i in instalments), Decimal())
        return {
            "number": spaced(view.case.number),
            "title": document.label,
            "matter": dict(view.mechanism.categories).get(view.case.category, ""),
            "summary": said.get("title", ""),
            "place": path_of(view.case.place).replace(" / ", ""),
            "unit": unit.name,
            "phone": unit.phone,
            "hotline": settings.CONFIG.hotline,
            "date": chinese_date(at.date()),
            "accepted_on": chinese_date(at.date()),
            "parties": [
                {"side": p.side, "name": p.name, "phone": p.phone, "address": p.address}
                for p in view.people
            ],
            "said": said,
            "answers": _answers(line),
            "session": _session(line),
            "other_unit": _other_unit(view, line),
            "due": _dues(lines),
            "instalments": instalments,
            "total": total,
            "capitals": chinese_money(total) if instalments else "",
            "signatures": list(_signatures(view, line)),
            "signed_at": f"{chinese_date(at.date())} {at:%H:%M:%S}",
            "assigned": _assigned(lines),
            "actor": _actor(line),
        }


def letter(view: CaseView, name: str) -> bytes:
    """The letter as PDF, each time the same. Raises FontsMissing."""
    document = next(d for d in view.mechanism.documents if d.name == name)
    made_at = view.lines[_lines_of(view, document)[-1]].entry.at
    return render(_template(view, name), facts(view, name), made_at=made_at)
