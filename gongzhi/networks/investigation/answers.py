"""What a place answers in a round 回报: a zero report in one tap, or the cases that were found."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.models import Case
from gongzhi.cases.numbers import spaced
from gongzhi.networks.investigation.asked import Place, places_of
from gongzhi.networks.investigation.models import Answer
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within
from gongzhi.places.levels import county_of, span

OFFERED = 10  # cases to pick from
MOST = 50  # cases that one answer names


def place_for(by: Holder, of: UUID, turn: int, code: str, *, now: datetime) -> Place | None:
    """The place, if this post is asked to answer for it in that turn and may still do so."""
    asked = places_of(by, now=now, only=of)
    return next((p for p in asked if p.code == code and p.turn.number == turn), None)


def _asked(by: Holder, of: UUID, turn: int, code: str, now: datetime) -> Place:
    found = place_for(by, of, turn, code, now=now)
    if found is None:
        raise Refused(_("这项排查已经截止或结束，或者不由您的岗位回报。"))
    return found


def _alone(of: UUID, turn: int, code: str) -> None:
    """Two of one place who answer at once come one after the other; other places do not wait."""
    with connection.cursor() as cursor:
        key = f"round/{of}/{turn}/{code}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _written(
    place: Place, *, found: int, numbers: Sequence[str], now: datetime, by: Holder
) -> Answer:
    before = place.answer
    if before is not None:
        Answer.objects.filter(id=before.id).update(replaced_at=now)
    return Answer.objects.create(
        of=place.of, turn=place.turn.number, place=place.code, post=by.post, account=by.account,
        at=now, first_at=before.first_at if before else now, found=found, numbers=[*numbers],
    )  # fmt: skip


def cases_of(place: Place) -> QuerySet[Case]:
    """What may be named in an answer: cases of the round's mechanism that were registered there
    since the turn began. Asked within a scope, only those that it shows."""
    began = timezone.make_aware(datetime.combine(place.turn.begins_on, time.min))
    low, high = span(place.code)
    return Case.objects.filter(
        county=county_of(place.code), mechanism=place.of.mechanism, place__gte=low, place__lt=high,
        reported_at__gte=began,
    ).order_by("-reported_at", "-id")  # fmt: skip


def offered(place: Place, *, by: Holder) -> list[Case]:
    """The latest cases to pick from, and those named already: of them, what this post may see."""
    named = place.answer.numbers if place.answer else []
    with within(by.scope):
        found = [*cases_of(place).filter(number__in=named), *cases_of(place)[:OFFERED]]
    return list({case.id: case for case in found}.values())


def earlier(place: Place) -> list[tuple[Answer, Post | None]]:
    """What the place had answered before it was corrected or withdrawn, and which post did."""
    rows = Answer.objects.filter(of=place.of, turn=place.turn.number, place=place.code)
    found = list(rows.exclude(replaced_at=None).order_by("-at"))
    posts = Post.objects.select_related("unit").in_bulk([row.post for row in found])
    return [(row, posts.get(row.post)) for row in found]


def _says(before: Answer, wanted: Sequence[str]) -> bool:
    return before.found == len(wanted) and sorted(before.numbers) == [*wanted]


def _check_cases(numbers: Sequence[str], place: Place, by: Holder) -> None:
    """Raises Refused unless this post sees all of them, there and in the turn's days."""
    with within(by.scope):
        known = set(cases_of(place).filter(number__in=numbers).values_list("number", flat=True))
    lacking = [spaced(n) for n in numbers if n not in known]
    if lacking or len(numbers) > MOST:
        said = _("%(number)s 不是本次排查期间在这里登记的案件，或者不在您的范围内。请核对编号。")
        raise Refused(said % {"number": "、".join(lacking[:3])}, field="number")


def answer(
    of: UUID, turn: int, code: str, *, numbers: Sequence[str] = (), seen: UUID | None,
    now: datetime, by: Holder,
) -> Answer:  # fmt: skip
    """Nothing found, or these cases. `seen` is the answer that the person saw when answering, so
    that nobody wipes out what a colleague has just said. Raises Refused."""
    wanted = sorted(set(numbers))
    with transaction.atomic():
        _alone(of, turn, code)
        place = _asked(by, of, turn, code, now)
        before = place.answer
        if before and before.account == by.account and _says(before, wanted):
            return before  # the same tap twice
        if (before.id if before else None) != seen:
            raise Refused(_("这个地方刚刚已经回报过，请看最新情况后再改。"))
        _check_cases(wanted, place, by)
        return _written(place, found=len(wanted), numbers=wanted, now=now, by=by)


def withdraw(of: UUID, turn: int, code: str, *, seen: UUID, now: datetime, by: Holder) -> None:
    """As if not answered: whoever tapped before looking. The row stays. Raises Refused."""
    with transaction.atomic():
        _alone(of, turn, code)
        place = _asked(by, of, turn, code, now)
        if place.answer is None or place.answer.id != seen:
            raise Refused(_("这个地方刚刚已经回报过，请看最新情况后再改。"))
        Answer.objects.filter(id=seen).update(replaced_at=now)


def registered(of: UUID, turn: int, code: str, case: UUID, *, now: datetime, by: Holder) -> Answer:
    """A case was just registered because of the round: it joins what the place has answered.

    A case that went past whoever wrote it down is counted, and its number is kept from them.
    Raises Refused.
    """
    with transaction.atomic():
        _alone(of, turn, code)
        place = _asked(by, of, turn, code, now)
        before = place.answer
        numbers = [*before.numbers] if before else []
        with within(by.scope):
            number = cases_of(place).filter(id=case).values_list("number", flat=True).first()
        if before and number in numbers:
            return before
        found = (before.found if before else 0) + 1
        numbers += [number] if number else []
        return _written(place, found=found, numbers=numbers, now=now, by=by)
