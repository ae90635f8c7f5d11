"""The letters of a case: which there are, and how one is made."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import timezone

from gongzhi.cases.numbers import spaced
from gongzhi.cases.reading import CaseView
from gongzhi.declare import Document
from gongzhi.documents.typesetting import chinese_date, render
from gongzhi.places.search import path_of


def letters_of(view: CaseView) -> list[Document]:
    """The letters whose act has been done."""
    done = {line.entry.act for line in view.lines}
    return [d for d in view.mechanism.documents if d.after.name in done]


def _template(view: CaseView, name: str) -> Path:
    folder = Path(apps.get_app_config(view.mechanism.name).path)
    return folder / "documents" / f"{name}.typ"


def facts(view: CaseView, name: str) -> dict[str, Any]:
    """What every letter may say: the case, the parties, and the words of its acts."""
    document = next(d for d in view.mechanism.documents if d.name == name)
    line = next(x for x in reversed(view.lines) if x.entry.act == document.after.name)
    said: dict[str, str] = {}
    for earlier in view.lines:
        said.update(earlier.words)
    return {
        "number": spaced(view.case.number),
        "title": document.label,
        "matter": dict(view.mechanism.categories).get(view.case.category, ""),
        "place": path_of(view.case.place),
        "unit": view.unit.name,
        "date": chinese_date(timezone.localtime(line.entry.at).date()),
        "parties": [
            {"side": p.side, "name": p.name, "phone": p.phone, "address": p.address}
            for p in view.people
        ],
        "said": said,
        "data": line.entry.data,
        "due": {
            c.run.name: chinese_date(timezone.localtime(c.run.due_at).date()) for c in view.clocks
        },
        "tasks": [
            {
                "n": t.data.get("n", t.n + 1),
                "amount": t.data.get("amount", ""),
                "due": chinese_date(timezone.localtime(t.due_at).date()) if t.due_at else "",
            }
            for t in view.tasks
            if t.seq == line.entry.seq
        ],
        "signatures": [f.sha256 for f in line.files if f.kind == "image/png"],
        "signed_at": timezone.localtime(line.entry.at).strftime("%Y-%m-%d %H:%M:%S"),
    }


def letter(view: CaseView, name: str) -> bytes:
    """The letter as PDF."""
    return render(_template(view, name), facts(view, name))
