"""Accidents by Excel: read, checked row by row and column by column, then entered or not at all.

A row that stands in the register already is left as it is; corrections want a reason each, and are
made on the page.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import CHINA
from gongzhi.cases.workbooks import Row, Workbook, Wrong, called
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Accident, Enterprise, Site
from gongzhi.mechanisms.safety.registers import accidents, credit_code, industries
from gongzhi.mechanisms.safety.registers.accidents_law import KINDS
from gongzhi.mechanisms.safety.registers.groups import LABELS
from gongzhi.mechanisms.safety.registers.sheets import Unreadable
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder
from gongzhi.places.levels import BadCode, level_of
from gongzhi.places.written import NoSuchPlace, place_written

COLUMNS: Final[Mapping[str, Any]] = {
    "place": gettext_lazy("发生地（县、镇、村）"), "code": gettext_lazy("统一社会信用代码"),
    "site": gettext_lazy("场所名称"), "industry": gettext_lazy("行业大类"),
    "kind": gettext_lazy("事故类别"), "group": gettext_lazy("和哪一大类检查内容有关"),
    "at": gettext_lazy("发生时间"), "known_at": gettext_lazy("企业知道的时间"),
    "deaths": gettext_lazy("死亡人数"), "injured": gettext_lazy("重伤人数"),
    "loss_yuan": gettext_lazy("直接经济损失（元）"), "how": gettext_lazy("经过"),
}  # fmt: skip
BOOK: Final = Workbook({"accidents": (gettext_lazy("事故"), COLUMNS)})
NEAR: Final = (Level.COUNTY, Level.TOWN, Level.VILLAGE)
MOST_PEOPLE: Final = 999
LONGEST: Final = 1000
MOMENT: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T](\d{1,2})[:：](\d{2})(?:[:：]\d{2}(?:\.\d+)?)?"
)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    found = MOMENT.fullmatch(text)
    try:
        year, month, day, hour, minute = map(int, found.groups() if found else ())
        return datetime(year, month, day, hour, minute, tzinfo=CHINA)
    except ValueError:
        raise Unreadable(_("请写日期和时间，如 2026-01-31 08:30。")) from None


def _must(text: str) -> datetime | None:
    return _moment(text or "?")


def _people(text: str) -> int:
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and int(whole) <= MOST_PEOPLE):
        raise Unreadable(_("请写人数，没有写 0，最多 %(n)d。") % {"n": MOST_PEOPLE})
    return int(whole)


def _yuan(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Unreadable(_("请写元，如 120000；不知道就空着。")) from None
    if not (found.is_finite() and 0 <= found < Decimal(10) ** 12):
        raise Unreadable(_("请写元，如 120000；不知道就空着。"))
    return found


def _one_of(things: Mapping[str, Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = called(things).get(text.lower())
        if found is None:
            raise Unreadable(
                _("请写：%(names)s。") % {"names": _("、").join(map(str, things.values()))}
            )
        return found

    return read


def _or_empty(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: read(text) if text else ""


def _industry(text: str) -> str:
    found = industries.read(text)
    if found is None:
        raise Unreadable(_("请写国民经济行业大类的代码或名称，如 C33 或 金属制品业。"))
    return found


def _code(text: str) -> str:
    try:
        return credit_code.read(text)
    except credit_code.BadCode as error:
        raise Unreadable(str(error)) from None


def _how(text: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable(_("最多 %(n)d 个字。") % {"n": LONGEST})
    return mask_text(text)


READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "code": _or_empty(_code), "site": str, "industry": _or_empty(_industry),
    "kind": _one_of(KINDS), "group": _or_empty(_one_of(LABELS)), "at": _must,
    "known_at": _moment, "deaths": _people, "injured": _people, "loss_yuan": _yuan, "how": _how,
}  # fmt: skip


def blank() -> bytes:
    """Headings, and below them a line that says what can be written."""
    between, free = _("、"), _("可以空着")
    return BOOK.made({"accidents": [{
        "place": _("地名或行政区划代码"), "code": _("18 位，照营业执照；不知道可以空着"),
        "site": _("照台账；可以空着"), "industry": _("写了企业可以空着；如 C33 或 金属制品业"),
        "kind": between.join(map(str, KINDS.values())),
        "group": f"{free}{_('：')}{between.join(map(str, LABELS.values()))}",
        "at": "2026-01-31 08:30", "known_at": free, "deaths": 0, "injured": 1, "loss_yuan": free,
        "how": _("写经过；不写姓名、电话和证件号"),
    }]})  # fmt: skip


@dataclass
class Plan:
    """What a file would enter; `alike`: rows beside accidents that may be the same."""

    new: list[dict[str, Any]] = field(default_factory=list)
    same: int = 0
    alike: list[tuple[int, Accident]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def planned(rows: Sequence[Row], *, now: datetime, by: Holder) -> Plan:
    """What the file would enter, and all that is wrong with it."""
    reader = _Reader(rows, now, by)
    for row in rows:
        reader.take(row)
    return reader.plan


def enter(rows: Sequence[Row], *, now: datetime, by: Holder) -> Plan:
    """All of it, or nothing where anything is wrong. Raises Refused."""
    with transaction.atomic():
        plan = planned(rows, now=now, by=by)
        if plan.wrong:
            raise Refused(_("台账刚才有改动，请核对后再导入。"))
        for facts in plan.new:
            accidents.record(facts, now=now, by=by)
    return plan


class _Reader:
    """Reads one file's rows; firms and sites are looked up once."""

    def __init__(self, rows: Sequence[Row], now: datetime, by: Holder) -> None:
        self.now, self.by, self.plan = now, by, Plan()
        codes = {credit_code.normalise(row.cells.get("code", "")) for row in rows}
        found = Enterprise.objects.filter(code__in=codes - {""}).order_by("valid_from")
        self.firms = {e.code: e for e in found}
        sites = Site.objects.filter(enterprise__in=self.firms.values()).order_by("valid_from")
        self.sites = {(s.enterprise_id, s.name): s for s in sites}
        self.seen: set[Any] = set()

    def take(self, row: Row) -> None:
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column, read in {"place": self._place, **READ}.items():
            try:
                said[column] = read(row.cells.get(column, ""))
            except Unreadable as error:
                faults[column] = str(error)
        if not faults:
            try:
                self._known(row, self._facts(said))
            except Unreadable as error:
                faults[error.column] = str(error)
        self.plan.wrong += (BOOK.wrong(row, column, why) for column, why in faults.items())

    def _place(self, text: str) -> str:
        try:
            code = place_written(text, within=self.by.place, levels=NEAR) if text else ""
            if text and level_of(code) in NEAR and accidents.may_record(self.by, code):
                return code
        except (NoSuchPlace, BadCode) as error:
            raise Unreadable(str(error)) from None
        raise Unreadable(_("请写本辖区的县、镇（街道）或村（社区）。"))

    def _facts(self, said: dict[str, Any]) -> dict[str, Any]:
        """As the register takes them. Raises Unreadable."""
        code, name = said.pop("code"), said.pop("site")
        firm = self.firms.get(code)
        if code and firm is None:
            raise Unreadable(_("台账里没有这家企业；请先登记，或空着写行业。"), "code")
        site = self.sites.get((firm.id, name)) if firm and name else None
        if name and site is None:
            raise Unreadable(_("台账里这家企业没有这个场所；不清楚就空着。"), "site")
        said["industry"] = said["industry"] or (firm.industry if firm else "")
        if not said["industry"]:
            raise Unreadable(_("没有写企业，就要写行业。"), "industry")
        if said["at"] > self.now:
            raise Unreadable(_("时间不能晚于现在。"), "at")
        if said["known_at"] and not said["at"] <= said["known_at"] <= self.now:
            raise Unreadable(_("知道的时间不能早于发生的时间，也不能晚于现在。"), "known_at")
        return said | {"site": site, "enterprise": firm}

    def _known(self, row: Row, facts: dict[str, Any]) -> None:
        """Whether it stands there already, or may. Raises Unreadable."""
        firm = facts["enterprise"]
        key = (facts["place"], facts["at"], facts["kind"], firm and firm.id)
        if key in self.seen:
            raise Unreadable(_("这一起在文件里写了两次。"), "at")
        self.seen.add(key)
        like = accidents.alike({**facts, "enterprise_id": firm and firm.id})
        if any((a.place, a.at, a.kind, a.enterprise_id) == key for a in like):
            self.plan.same += 1
            return
        self.plan.alike += ((row.row, a) for a in like[:1])
        self.plan.new.append(facts)
