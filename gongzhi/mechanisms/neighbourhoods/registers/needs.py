"""What households need in an emergency 住户需求: told at the door or by the household itself, met,
counted. Words are sealed, shown masked to those above, and go with the emergency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Building, Emergency, Household, Need
from gongzhi.mechanisms.neighbourhoods.registers import emergencies, supplies
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.people.sealing import seal, unseal
from gongzhi.places.levels import span

KINDS: Final[Mapping[str, Any]] = {
    "food": _("食物、饮水"), "medicine": _("药品、就医"), "transport": _("转移、接送"),
    "care": _("照看老人、残疾人"), "baby": _("婴幼儿、孕产妇"), "other": _("其他"),
}  # fmt: skip
WELL: Final = "well"  # it was asked, and needs nothing
WELL_SAID: Final = _("平安，没有需求")
PAGE = 50


def kind_label(name: str) -> Any:
    return WELL_SAID if name == WELL else KINDS.get(name, name)


def _about(id_: UUID) -> str:
    return f"need/{id_}/note"


def register(
    of: Emergency, household: Household, kinds: Iterable[str], note: str, *, now: datetime,
    by: Holder | None,
) -> int:  # fmt: skip
    """By whoever stands at the door, or by the household (nobody). Returns how many were new: what
    is asked for already is asked for once. Raises Refused."""
    chosen = [k for k in dict.fromkeys(kinds) if k in KINDS] or [WELL]
    if by is not None and emergencies.building_in(by, of, household.building_id) is None:
        raise Refused(_("您只登记自己负责的楼栋。"))
    ids = [uuid4() for _kind in chosen]
    notes = [seal(note, about=_about(i)) if note else None for i in ids]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT need_v1(%s, %s, %s::uuid[], %s::text[], %s::bytea[], %s, %s, %s)",
            [
                of.id,
                household.id,
                ids,
                chosen,
                notes,
                now,
                by.account if by else None,
                by.post if by else None,
            ],
        )
        n: int = cursor.fetchone()[0]
    if n == -1:
        raise Refused(_("这一户现在没有处于战斗状态。"))
    return n


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """With what a need is met: in words, and of which supply how much."""

    words: str = ""
    supply: UUID | None = None
    n: int = 0


def serve(id_: UUID, given: Given, *, now: datetime, by: Holder) -> None:
    """Raises Refused: when it is met already, not seen, or there is not so much left."""
    with within(by.scope):
        need = Need.objects.filter(id=id_).select_related("emergency", "building").first()
        if need is None:
            raise Refused(_("没有这条需求，或者不归您办。"))
        said = mask_text(given.words)
        if given.supply is not None and given.n:
            moved = supplies.give_out(
                need.emergency, given.supply, given.n, need.building, now=now, by=by
            )
            said = f"{moved} {said}".strip()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT serve_v1(%s, %s, %s, %s, %s)",
                [id_, said[:80], now, by.account, by.post],
            )
            if not cursor.fetchone()[0]:
                raise Refused(_("这条需求已经办过了。"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A need as a post sees it: the words whole for the building's own team, masked for others."""

    need: Need
    note: str
    masked: bool

    @property
    def label(self) -> Any:
        return kind_label(self.need.kind)


def _shown(need: Need, by: Holder, *, whole: bool = False) -> Shown:
    note = unseal(bytes(need.note), about=_about(need.id)) if need.note else ""
    if whole or by.unit == need.team:
        return Shown(need, note, masked=False)
    masked = mask_text(note)
    return Shown(need, masked, masked=masked != note)


def of_building(of: Emergency, building: Building, *, by: Holder) -> list[Shown]:
    """All of a building, those still open first."""
    with within(by.scope):
        rows = Need.objects.filter(emergency=of, building=building).select_related(
            "household__dwelling"
        )
        found = list(rows.order_by("served_at", "made_at"))
    found.sort(key=lambda n: (n.served_at is not None, n.made_at))
    return [_shown(n, by) for n in found]


def asked_in(of: Emergency, building: Building, *, by: Holder) -> set[UUID]:
    """Households of a building that have said what they need, or that they are well."""
    with within(by.scope):
        found = Need.objects.filter(emergency=of, building=building, household__isnull=False)
        return set(found.values_list("household", flat=True).distinct())


def open_in(
    of: Emergency, place: str, *, by: Holder, kind: str = "", after: str = ""
) -> tuple[list[Shown], str]:
    """Those not met yet, the oldest first; and where the next page begins."""
    low, high = span(place)
    with within(by.scope):
        rows = Need.objects.filter(
            emergency=of, served_at=None, place__gte=low, place__lt=high
        ).select_related("household__dwelling", "building")
        rows = rows.filter(kind=kind) if kind else rows
        at, _line, id_ = after.partition("_")
        if id_:
            try:
                start = datetime.fromisoformat(at)
                rows = rows.filter(made_at__gte=start).exclude(made_at=start, id__lte=UUID(id_))
            except ValueError:
                pass
        found = list(rows.order_by("made_at", "id")[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    key = f"{more.made_at.isoformat()}_{more.id}" if more else ""
    return [_shown(n, by) for n in found[:PAGE]], key


def look(id_: UUID, reason: str, *, now: datetime, by: Holder) -> Shown:
    """The words unmasked, for a reason that is noted. Raises Refused."""
    if not reason.strip():
        raise Refused(_("请写明为什么要看。"), field="reason")
    with within(by.scope), transaction.atomic():
        need = Need.objects.filter(id=id_).select_related("emergency", "building").first()
        if need is None:
            raise Refused(_("没有这条需求，或者不归您办。"))
        facts = {"need": str(id_), "building": str(need.building_id), "reason": mask_text(reason)}
        emergencies.noted(need.emergency, "looked", facts, now=now, by=by)
        return _shown(need, by, whole=True)


@dataclass(frozen=True, slots=True)
class AtHome:
    """A need as its own household sees it."""

    kind: str
    made_at: datetime
    served_at: datetime | None

    @property
    def label(self) -> Any:
        return kind_label(self.kind)


def at_home(of: Emergency, household: Household) -> list[AtHome]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM needs_at_home_v1(%s, %s)", [of.id, household.key])
        return [AtHome(*row) for row in cursor.fetchall()]
