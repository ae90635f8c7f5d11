"""How an emergency is shown: bars, the entries in words, who may see which part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.mechanisms.neighbourhoods.models import Building, Emergency, EmergencyEntry
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, needs
from gongzhi.mechanisms.neighbourhoods.registers.roll_calls import EDGES, Standing
from gongzhi.people.posts import Holder
from gongzhi.ui import words

# What became of buildings, in the order of the bar.
PARTS: Final = {
    "answered": gettext_lazy("楼长到岗"), "acting": gettext_lazy("代理到岗"),
    "waiting": gettext_lazy("等候应答"), "gaps": gettext_lazy("无人应答"),
}  # fmt: skip
NEWEST: Final = 12  # lines
ENTRIES: Final[dict[str, Any]] = {
    "activated": gettext_lazy("启动，%(buildings)s 栋楼"),
    "extended": gettext_lazy("延长到 %(until)s"),
    "roll_called": gettext_lazy("点名，%(buildings)s 栋楼"),
    "answered": gettext_lazy("%(building)s 到岗"),
    "passed_on": gettext_lazy("%(missed)s 个岗位没有应答，叫下一位；无人可叫 %(gaps)s 栋"),
    "errands_given": gettext_lazy("下达任务 %(n)s 项"),
    "errand_done": gettext_lazy("%(building)s 完成一项任务"),
    "registered": gettext_lazy("%(building)s 登记一户"),
    "served": gettext_lazy("%(building)s 解决一项需求：%(kind)s"),
    "supplied": gettext_lazy("%(name)s %(moved)s %(measure)s %(building)s"),
    "shift_added": gettext_lazy("排班：%(spot)s"),
    "shift_removed": gettext_lazy("取消一班：%(spot)s"),
    "looked": gettext_lazy("%(building)s 一条需求说明被查看"),
    "erases_sooner": gettext_lazy("提前到 %(on)s 删除"),
    "ended": gettext_lazy("结束"),
}


def emergency_for(by: Holder, id_: UUID) -> Emergency:
    """One that concerns this post. Raises Http404."""
    found = emergencies.seen_by(by).filter(id=id_).first()
    if found is None:
        raise Http404
    return found


def run_by(by: Holder, id_: UUID) -> Emergency:
    """One that this post works over the whole of. Raises Http404."""
    found = emergency_for(by, id_)
    if not emergencies.runs(by, found):
        raise Http404
    return found


def commanded_by(by: Holder, id_: UUID) -> Emergency:
    """One that this post may end. Raises Http404."""
    found = emergency_for(by, id_)
    if not emergencies.may_command(by, found.place):
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar, in hundredths of its width."""

    name: str
    label: Any
    n: int
    x: float
    width: float


def pieces(rows: Iterable[tuple[str, Any, int]], whole: int) -> list[Piece]:
    found, x = [], 0.0
    for name, label, n in rows:
        width = round(100 * n / whole, 2) if whole else 0.0
        found.append(Piece(name, label, n, round(x, 2), width))
        x += width
    return found


def bar(of: Standing) -> list[Piece]:
    return pieces([(name, label, getattr(of, name)) for name, label in PARTS.items()], of.buildings)


def time_label(n: int) -> str:
    """A part of the times of answers."""
    if n == 0:
        return _("%(to)s 分钟内") % {"to": EDGES[0]}
    if n == len(EDGES):
        return _("%(since)s 分钟以上") % {"since": EDGES[-1]}
    return _("%(since)s–%(to)s 分钟") % {"since": EDGES[n - 1], "to": EDGES[n]}


def times(counts: Sequence[int]) -> list[Piece]:
    """A bar for each part, as long as the longest is."""
    most = max([*counts, 1])
    return [
        Piece("time", time_label(n), count, 0, round(100 * count / most, 2))
        for n, count in enumerate(counts)
    ]


def median_label(of: Standing) -> str:
    return "—" if of.median is None else time_label(of.median)


def _facts(entry: EmergencyEntry, names: dict[str, str]) -> dict[str, Any]:
    facts = dict(entry.facts)
    building = facts.get("building")
    facts["building"] = names.get(str(building), "") if building else ""
    n = facts.get("n")
    facts["moved"] = f"{n:+d}" if isinstance(n, int) else ""
    facts["kind"] = needs.kind_label(facts.get("kind", ""))
    return facts


def told(entries: Sequence[EmergencyEntry]) -> list[tuple[EmergencyEntry, str, int]]:
    """In words; what happens again and again is one line, with how often."""
    ids = {e.facts["building"] for e in entries if e.facts.get("building")}
    names = {str(b.id): words.named(b) for b in Building.objects.filter(id__in=ids)}
    found: list[tuple[EmergencyEntry, str, int]] = []
    for e in entries:
        said = str(ENTRIES[e.what]) % _facts(e, names)
        if found and found[-1][1] == said:
            found[-1] = (found[-1][0], said, found[-1][2] + 1)
        else:
            found.append((e, said, 1))
    return found[:NEWEST]


def step_said(step: dict[str, Any]) -> str:
    """A line of a report's timeline in words; of what came in thousands, only that it began."""
    if step["facts"]:
        return str(ENTRIES[step["what"]]) % {"building": "", **step["facts"]}
    return str(BEGAN.get(step["what"], ENTRIES["ended"]))


BEGAN: Final[dict[str, Any]] = {
    "answered": gettext_lazy("第一个楼栋到岗"), "errand_done": gettext_lazy("第一项任务完成"),
    "registered": gettext_lazy("第一户登记"), "served": gettext_lazy("第一项需求解决"),
    "supplied": gettext_lazy("第一批物资"), "shift_added": gettext_lazy("第一次排班"),
    "shift_removed": gettext_lazy("第一次取消排班"), "looked": gettext_lazy("第一次查看需求说明"),
    "erases_sooner": gettext_lazy("提前删除日期"), "ended": gettext_lazy("结束"),
}  # fmt: skip
