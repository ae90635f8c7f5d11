"""Accidents by Excel: out, corrected there, and in again; all lines or none."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.roads.forms.accidents import AccidentForm
from gongzhi.mechanisms.roads.models import Accident
from gongzhi.mechanisms.roads.registers import accidents
from gongzhi.people.posts import Holder
from gongzhi.places.search import name_of, paths

LANGUAGES = ("zh-hans", "en")
CODE = re.compile(r"(\d{6,12})\b.*")
COLUMNS: dict[str, Any] = {
    "id": gettext_lazy("编号（新的空着）"), "place": gettext_lazy("在哪里"),
    "at": gettext_lazy("什么时候"), "road": gettext_lazy("道路编号"),
    "km": gettext_lazy("桩号（公里）"), "longitude": gettext_lazy("经度"),
    "latitude": gettext_lazy("纬度"), "kind": gettext_lazy("怎样的事故"),
    "deaths": gettext_lazy("死亡人数"), "injured": gettext_lazy("受伤人数"),
    "loss_yuan": gettext_lazy("直接损失（元）"), "source": gettext_lazy("谁提供的"),
    "note": gettext_lazy("说明"), "void": gettext_lazy("作废（写“是”）"),
}  # fmt: skip
NEEDED = ("place", "at", "kind", "deaths", "injured")


def _head() -> list[str]:
    return [str(label) for label in COLUMNS.values()]


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    kinds = "／".join(str(label) for label in accidents.KINDS.values())
    example = ["", _("地名或行政区划代码"), "2026-01-31 08:30", "X413", 3.2, "", "", kinds, 0, 1,
               "", _("写单位，不写个人。"), "", ""]  # fmt: skip
    return sheets.made_of(_head(), [example])


def written(rows: Iterable[Accident]) -> bytes:
    """As read() takes them."""
    rows = list(rows)
    paths(r.place for r in rows)  # their names at once
    return sheets.made_of(_head(), (_line(r) for r in rows))


def _line(r: Accident) -> list[object]:
    return [
        str(r.id), f"{r.place} {name_of(r.place)}", f"{timezone.localtime(r.at):%Y-%m-%d %H:%M}",
        r.road.code if r.road else "", r.km, r.longitude, r.latitude,
        str(accidents.KINDS.get(r.kind, r.kind)), r.deaths, r.injured, r.loss_yuan, r.source,
        r.note, _("是") if r.void else "",
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that has to be changed: where it is, and what to do."""

    row: int
    column: str
    said: str


@dataclass(frozen=True, slots=True)
class Done:
    """How many lines were new, changed something, or changed nothing; or what is wrong."""

    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: Sequence[Wrong] = ()


def _called(things: dict[str, Any]) -> dict[str, str]:
    """Names by label, in each language."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            found |= {str(label).lower(): name for name, label in things.items()}
    return found


def _columns(line: Sequence[str]) -> list[str]:
    """Which column stands where. Raises BadSheet."""
    known = _called(COLUMNS)
    found = [known.get(said.lower(), "") for said in line]
    lacking = [str(COLUMNS[name]) for name in NEEDED if name not in found]
    if lacking:
        between = ", " if (get_language() or "").startswith("en") else "、"
        raise sheets.BadSheet(_("表头缺少：%(columns)s。") % {"columns": between.join(lacking)})
    return found


def _form(cells: dict[str, str], of: Accident | None, by: Holder) -> AccidentForm:
    data: dict[str, Any] = {**cells, "kind": _called(dict(accidents.KINDS)).get(
        cells.get("kind", "").lower(), cells.get("kind", ""))}  # fmt: skip
    code = CODE.fullmatch(cells.get("place", ""))
    data |= {"place": code[1]} if code else {"place": "", "place_said": cells.get("place", "")}
    data["void"] = cells.get("void", "").lower() in {"是", "yes"}
    form = AccidentForm(data, by=by, of=of)
    # A sheet has nothing below to choose from.
    form.fields["place"].error_messages["several"] = _("不止一处叫这个名字，请写行政区划代码。")
    return form


def take_in(content: bytes, *, now: datetime, by: Holder) -> Done:
    """All lines or none. Raises BadSheet."""
    lines = sheets.lines_of(content)
    if not lines:
        raise sheets.BadSheet(_("表格是空的，请先下载空白表格填写。"))
    order = _columns(lines[0][1])
    said = [(n, {c: v for c, v in zip(order, line, strict=False) if c}) for n, line in lines[1:]]
    known = _known(cells.get("id", "") for _n, cells in said)
    wrong: list[Wrong] = []
    ready: list[tuple[int, Accident | None, AccidentForm]] = []
    for n, cells in said:
        of = known.get(cells.get("id", ""))
        if cells.get("id") and of is None:
            wrong.append(Wrong(n, str(COLUMNS["id"]), _("没有这个编号；新的一起请空着。")))
            continue
        form = _form(cells, of, by)
        wrong += [
            Wrong(n, str(COLUMNS.get(name, "")), str(errors[0]))
            for name, errors in form.errors.items()
        ]
        ready.append((n, of, form))
    return Done(wrong=wrong) if wrong else _entered(ready, now, by)


def _known(ids: Iterable[str]) -> dict[str, Accident]:
    asked = set()
    for text in ids:
        try:
            asked.add(UUID(text))
        except ValueError:
            continue
    found = Accident.objects.filter(id__in=asked).select_related("road")
    return {str(a.id): a for a in found}


def _entered(
    ready: Sequence[tuple[int, Accident | None, AccidentForm]], now: datetime, by: Holder
) -> Done:
    counts = {"new": 0, "changed": 0, "same": 0}
    try:
        with transaction.atomic():
            for n, of, form in ready:
                counts[_enter(of, form, now, by, n)] += 1
    except _AtLine as error:
        return Done(wrong=[Wrong(error.n, "", str(error.refused.reason))])
    return Done(counts["new"], counts["changed"], counts["same"])


class _AtLine(Exception):
    """What was refused, and at which line."""

    def __init__(self, n: int, refused: Refused) -> None:
        self.n, self.refused = n, refused
        super().__init__()


def _enter(of: Accident | None, form: AccidentForm, now: datetime, by: Holder, n: int) -> str:
    facts = form.facts()
    try:
        if of is not None:
            return "changed" if accidents.correct(of.id, facts, now=now, by=by) else "same"
        if accidents.there(facts):
            return "same"
        accidents.record(facts, now=now, by=by)
    except Refused as error:
        raise _AtLine(n, error) from None
    return "new"
