"""What a workbook says of firms, sites and contacts, against what stands in the register.

All of it comes in or nothing, and each fault has its row and column. A row that is there already
is changed where the file says something else, and never ended because a file leaves it out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.declare import Level
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers import contacts, enterprises, likeness, sites
from gongzhi.mechanisms.safety.registers.duplicates import COUNTY
from gongzhi.mechanisms.safety.registers.entering import (
    NewContact,
    NewFirm,
    NewSite,
    enter_many,
    once,
)
from gongzhi.mechanisms.safety.registers.sheets import (
    MASKED,
    SHEETS,
    Item,
    Unreadable,
    Wrong,
    value,
)
from gongzhi.mechanisms.safety.registers.sites import current
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.places.written import NoSuchPlace, place_written


@dataclass
class Plan:
    """What a file would change; `alike`: new firms beside those whose name is the same but for
    place and legal form."""

    firms: list[NewFirm] = field(default_factory=list)
    sites: list[NewSite] = field(default_factory=list)
    people: list[NewContact] = field(default_factory=list)
    # Rows with the facts that they would take.
    changed: list[tuple[Enterprise | Site, dict[str, Any]]] = field(default_factory=list)
    others: list[tuple[Enterprise, NewContact]] = field(default_factory=list)
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    alike: list[tuple[str, str]] = field(default_factory=list)

    @property
    def new(self) -> int:
        return len(self.firms) + len(self.sites) + len(self.people)

    @property
    def otherwise(self) -> int:
        return len(self.changed) + len(self.others)


def planned(items: Sequence[Item], *, system: str, by: Holder) -> Plan:
    """What the file would change, and all that is wrong with it."""
    reader = _Reader(items, system, by)
    for sheet in SHEETS:  # firms first: sites may be of firms of the same file
        for item in items:
            if item.sheet == sheet:
                reader.take(item)
    reader.look_for_likes()
    order = {sheet: n for n, sheet in enumerate(SHEETS)}
    reader.plan.wrong.sort(key=lambda w: (order[w.sheet], w.row))
    return reader.plan


def enter(items: Sequence[Item], *, system: str, by: Holder, now: datetime) -> Plan:
    """All of it, or nothing where anything is wrong. Raises Refused."""
    with transaction.atomic():
        once()
        plan = planned(items, system=system, by=by)
        if plan.wrong:
            raise Refused(_("台账刚才有改动，请核对后再导入。"))
        for row, facts in plan.changed:
            if isinstance(row, Enterprise):
                enterprises.change(row, facts, by=by, now=now)
            else:
                sites.change(row, facts, by=by, now=now)
        enter_many(plan.firms, plan.sites, plan.people, by=by, now=now)
        for of, person in plan.others:
            contacts.put(of, person.duty, person.name, person.phone, by=by, now=now)
    return plan


class _Reader:
    """Reads one file's items; what is there already is looked up once."""

    def __init__(self, items: Sequence[Item], system: str, by: Holder) -> None:
        self.system, self.by, self.plan = system, by, Plan()
        codes = {_plain_code(item) for item in items}
        found = Enterprise.objects.filter(current(), code__in=codes)
        self.firms: dict[str, Enterprise | NewFirm] = {e.code: e for e in found}
        ids = [e.id for e in self.firms.values() if isinstance(e, Enterprise)]
        rows = Site.objects.filter(current(), enterprise__in=ids).select_related("enterprise")
        self.sites = {(s.enterprise.code, s.name): s for s in rows}
        self.people = contacts.of_firms(ids)
        self.places: dict[str, str] = {}
        self.overseers: dict[str, dict[str, UUID]] = {}
        self.seen: set[Any] = set()

    def take(self, item: Item) -> None:
        """One item more: new, changed or the same; or what is wrong with it."""
        said: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for column in SHEETS[item.sheet][1]:
            try:
                text = item.cells.get(column, "")
                said[column] = value(item.sheet, column, text)
                if column == "place" and text:
                    said[column] = self._place(text)
            except Unreadable as error:
                faults[column] = str(error)
        if not faults:
            try:
                getattr(self, f"_{item.sheet}")(said)
            except Unreadable as error:
                faults[error.column] = str(error)
        self.plan.wrong += (Wrong(item.sheet, item.row, c, why) for c, why in faults.items())

    def _place(self, text: str) -> str:
        """Raises Unreadable."""
        if text not in self.places:
            levels = (Level.TOWN, Level.VILLAGE)
            try:
                code = place_written(text, within=self.by.place, levels=levels)
            except NoSuchPlace as error:
                raise Unreadable(str(error)) from None
            if len(code) not in {level.digits for level in levels}:
                raise Unreadable(_("“%(said)s”不是镇（街道）或村（社区）。") % {"said": text})
            self.places[text] = code
        return self.places[text]

    def _allow(self, *places: str) -> None:
        """Raises Unreadable."""
        for place in places:
            allowed = enterprises.keeps(self.by, place)
            if isinstance(allowed, No):
                raise Unreadable(str(allowed.reason), "place")

    def _once(self, key: Any, column: str) -> None:
        """Raises Unreadable."""
        if key in self.seen:
            raise Unreadable(_("这一项在文件里写了两次。"), column)
        self.seen.add(key)

    def _firm(self, code: str) -> Enterprise | NewFirm:
        """Raises Unreadable."""
        found = self.firms.get(code)
        if found is None:
            why = _("没有统一社会信用代码是“%(code)s”的企业；请先登记，或写进“企业”表。")
            raise Unreadable(why % {"code": code}, "code")
        self._allow(found.place)
        return found

    def _differs(self, row: Enterprise | Site, facts: Mapping[str, Any]) -> None:
        other = {n: v for n, v in facts.items() if getattr(row, n) != v}
        if other:
            self.plan.changed.append((row, other))
        else:
            self.plan.same += 1

    def _firms(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        code = said.pop("code")
        self._once(code, "code")
        said["overseer"] = self._overseer(said["overseer"], said["place"])
        row = self.firms.get(code)
        self._allow(said["place"], row.place if row else said["place"])
        if isinstance(row, Enterprise):
            self._differs(row, said)
        else:
            self.firms[code] = new = NewFirm(code, **said)
            self.plan.firms.append(new)

    def _overseer(self, text: str, place: str) -> UUID | None:
        """Raises Unreadable."""
        if not text:
            return None
        if place not in self.overseers:
            units = enterprises.overseers(place)
            names = {u.name_en.lower(): u.id for u in units if u.name_en}
            self.overseers[place] = names | {u.name.lower(): u.id for u in units}
        found = self.overseers[place].get(text.lower())
        if found is None:
            raise Unreadable(_("当地没有叫“%(said)s”的监管单位。") % {"said": text}, "overseer")
        return found

    def _sites(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        code = said.pop("code")
        firm = self._firm(code)
        self._once((code, said["name"]), "name")
        said["place"] = said["place"] or firm.place
        self._allow(said["place"])
        spot = said["longitude"], said["latitude"]
        if (spot[0] is None) != (spot[1] is None):
            raise Unreadable(_("经度和纬度要写就都写。"), "longitude")
        if spot[0] is not None:
            try:
                said["longitude"], said["latitude"] = sites.placed(spot, self.system, said["place"])
            except Refused as error:
                raise Unreadable(str(error.reason), "longitude") from None
        row = self.sites.get((code, said["name"]))
        if row is None:
            self.plan.sites.append(NewSite(firm=code, **said))
        else:
            self._differs(row, said)

    def _contacts(self, said: dict[str, Any]) -> None:
        """Raises Unreadable."""
        code = said.pop("code")
        firm = self._firm(code)
        new = NewContact(firm=code, **said)
        self._once((code, new.duty), "duty")
        here = self.people.get(firm.id, []) if isinstance(firm, Enterprise) else []
        person = next((p for p in here if p.duty == new.duty), None)
        if person and person.same(new.name, new.phone):
            self.plan.same += 1
            return
        hidden = next((c for c in ("name", "phone") if MASKED in said[c]), None)
        if hidden:
            raise Unreadable(_("星号是隐去的内容；要改就把姓名和电话都写全。"), hidden)
        if person and isinstance(firm, Enterprise):
            self.plan.others.append((firm, new))
        else:
            self.plan.people.append(new)

    def look_for_likes(self) -> None:
        """New firms whose name another firm of the county, or of the file, has too."""
        regions = likeness.Regions()
        said = [(likeness.of_name(f.name, regions.of(f.place)), f) for f in self.plan.firms]
        known: dict[tuple[str, str], str] = {
            (place[:COUNTY], alike): name
            for place, alike, name in Enterprise.objects.filter(
                current(), alike__in={alike for alike, _firm in said}
            ).values_list("place", "alike", "name")
        }
        for alike, firm in said:
            key = firm.place[:COUNTY], alike
            if key in known:
                self.plan.alike.append((firm.name, known[key]))
            known.setdefault(key, firm.name)


def _plain_code(item: Item) -> str:
    try:
        return str(value(item.sheet, "code", item.cells.get("code", "")))
    except Unreadable:
        return ""
