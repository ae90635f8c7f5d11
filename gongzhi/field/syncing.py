"""Performs what a phone sends: in order, each exactly once by its key, each answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.field import acting
from gongzhi.field.models import Received
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder, Resident
from gongzhi.ui import offline
from gongzhi.ui.offline import Answer, Operation

UNKNOWN = _("这里不认识这种记录，请更新后再发送。")
ANOTHER = _("这条是以另一个岗位记的，请换到那个岗位再发送。")
FORMER = _("您已不担任记录时的岗位，请把这条交给现在担任的人办理。")
KEPT = timedelta(days=365)  # how long a phone may lie in a drawer and send twice


def _kinds(by: Holder) -> Mapping[str, offline.Perform]:
    found = dict(acting.KINDS)
    for kit in offline.kits_for(by):
        found |= kit.kinds
    return found


def _anyones() -> Mapping[str, offline.Perform]:
    """What anybody might have told: it outlives the post of whoever noted it."""
    return {name: kit.kinds[name] for kit in offline.every() for name in kit.anyone}


def _held(account: UUID, post: UUID, at: datetime) -> tuple[bool, bool]:
    """Whether this person held this post then, and whether they still do."""
    spells = Appointment.objects.filter(account=account, post=post, held_from__lte=at)
    ends = list(spells.values_list("held_to", flat=True))
    return any(e is None or e > at for e in ends), None in ends


def _of_another_post(
    kind: str, run: Sequence[Operation], now: datetime, by: Holder
) -> list[Answer]:
    then, still = _held(by.account, run[0].post, run[0].at)
    known = _anyones().get(kind)
    if then and not still and known:
        return known(run, now, Resident())
    return [Answer("rejected", FORMER if then and not still else ANOTHER)] * len(run)


def _run(
    kind: str, run: Sequence[Operation], known: Mapping[str, offline.Perform], now: datetime,
    by: Holder,
) -> list[Answer]:  # fmt: skip
    """Operations of one kind and post that came in a row."""
    if run[0].post != by.post:
        return _of_another_post(kind, run, now, by)
    if kind not in known:
        return [Answer("rejected", UNKNOWN)] * len(run)
    return known[kind](run, now, by)


def _before(operations: Sequence[Operation], by: Holder) -> dict[str, Answer]:
    found = Received.objects.filter(account=by.account, key__in=[o.key for o in operations])
    return {
        r.key: Answer("again", "", r.number, (r.case[0], UUID(r.case[1])) if r.case else None)
        for r in found
    }


def _remember(answers: Mapping[str, Answer], now: datetime, by: Holder) -> None:
    Received.objects.bulk_create(
        [
            Received(
                account=by.account, key=key, at=now, number=a.number,
                case=[a.case[0], str(a.case[1])] if a.case else None,
            )
            for key, a in answers.items() if a.what in {"done", "again"}
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _once(
    kind: str, run: Sequence[Operation], known: Mapping[str, offline.Perform], now: datetime,
    by: Holder,
) -> dict[str, Answer]:  # fmt: skip
    """What a run does and that it was done are written together, so that it is done once even when
    the answer is lost on its way, and when the phone sends again while we are still at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"field {by.account}"])
        found = _before(run, by)
        fresh = list({o.key: o for o in run if o.key not in found}.values())
        answers = _run(kind, fresh, known, now, by) if fresh else []
        done = {o.key: a for o, a in zip(fresh, answers, strict=True)}
        _remember(done, now, by)
    return found | done


def perform(operations: Sequence[Operation], *, now: datetime, by: Holder) -> list[Answer]:
    """An answer for each, in the same order."""
    known, found = _kinds(by), dict[str, Answer]()
    for (_post, kind), same in groupby(operations, key=lambda o: (o.post, o.kind)):
        found |= _once(kind, list(same), known, now, by)
    return [found[o.key] for o in operations]


def forget(now: datetime) -> int:
    """Keys older than any phone would send again. Returns how many."""
    return Received.objects.filter(at__lt=now - KEPT).delete()[0]
