"""Photos, voice notes and signatures of inspections 佐证: kept in any order, shown, forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import files
from gongzhi.cases.changes import NewFile, Refused
from gongzhi.cases.models import Attachment, Case
from gongzhi.mechanisms.safety.models import Answer, Exhibit, Inspection
from gongzhi.mechanisms.safety.registers.reporting import add_words
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

SIGNATURES: Final = {"inspector": gettext_lazy("检查人"), "present": gettext_lazy("在场人")}
WHAT: Final = {"photo": gettext_lazy("照片"), "voice": gettext_lazy("录音"), **SIGNATURES}
MOST: Final = 20  # files of one item
BATCH: Final = 500


def _what(file: NewFile, asked: str) -> str:
    """A signature is what it is said to be, all else what it is. Raises Refused."""
    kind = file.kind.partition("/")[0]
    if kind == "image":
        return asked or "photo"
    if kind in {"audio", "video"} and not asked:  # a phone may keep a voice as a film of nothing
        return "voice"
    raise Refused(_("检查佐证只收照片和录音。"))


def keep(
    inspection: UUID, code: str, stored: Sequence[NewFile], *, what: str = "", now: datetime,
    by: Holder,
) -> list[Exhibit]:  # fmt: skip
    """Of one item or, with no code, of the whole; before the inspection or after it. Sent again,
    it is kept once. Raises Refused."""
    row = Inspection.objects.filter(id=inspection).first()
    if row is not None and row.account != by.account:
        raise Refused(_("这份检查不是您做的。"))
    if (what and what not in SIGNATURES) or bool(what) == bool(code) or len(stored) > MOST:
        raise Refused(_("这份佐证无法归到检查项。"))
    made = [
        Exhibit(inspection_id=inspection, code=code, what=_what(f, what), sha256=f.sha256,
                kind=f.kind, size=f.size, account=by.account, received_at=now)
        for f in stored
    ]  # fmt: skip
    with transaction.atomic():
        Exhibit.objects.bulk_create(made, ignore_conflicts=True)
        if row is not None and code:
            _lay(row, code, stored, now, by)
    return made


def _lay(row: Inspection, code: str, stored: Sequence[NewFile], now: datetime, by: Holder) -> None:
    """What comes late goes to the hazard that has begun."""
    answer = Answer.objects.filter(inspection=row, code=code).exclude(number="").first()
    if answer is None:
        return
    with within(by.scope):
        case = Case.objects.filter(county=row.place[:6], number=answer.number).first()
    if case is not None:
        key = f"{row.id}:{code}:{stored[0].sha256[:12]}"
        add_words(case, _("检查时的佐证，后补。"), {}, stored, key=key, now=now, by=by)


def of(row: Inspection) -> list[Exhibit]:
    """Those of whoever made the inspection, in order of items."""
    return list(
        row.exhibits.filter(account=row.account).order_by("code", "what", "received_at", "id")
    )


def among(hashes: set[str]) -> set[str]:
    """Which of these files are exhibits: they are no strays."""
    kept = Exhibit.objects.using("owner").filter(sha256__in=hashes)
    return set(kept.values_list("sha256", flat=True))


def forget(now: datetime) -> int:
    """Those whose time is over, and those whose inspection never came. Returns how many.

    What also lies in a hazard's case stays there until that case is erased.
    """
    before, forgotten = now - timedelta(days=settings.CONFIG.exhibit_days), 0
    while rows := list(Exhibit.objects.filter(received_at__lt=before)[:BATCH]):
        Exhibit.objects.filter(id__in=[r.id for r in rows]).delete()
        _erase({r.sha256 for r in rows})
        forgotten += len(rows)
    return forgotten


def _erase(hashes: set[str]) -> None:
    laid: Any = Attachment.objects.using("owner").filter(sha256__in=hashes, erased_at=None)
    for sha256 in hashes - among(hashes) - set(laid.values_list("sha256", flat=True)):
        files.erase(sha256)
