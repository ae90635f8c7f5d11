"""A firm's own unit here 企业账号: made on request, with a post for its head and one for safety.

It stands in no line: it has no unit above, sees no place, and never holds a case.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.safety.models import Enterprise
from gongzhi.mechanisms.safety.registers import changes
from gongzhi.mechanisms.safety.roles import ENTERPRISE, OWN
from gongzhi.people.kinds import POST_KINDS
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.people.posts import Holder, hand_over

KIND: Final = ENTERPRISE


def posts_of(row: Enterprise) -> list[Post]:
    return list(Post.objects.filter(unit=row.unit, valid_to=None).order_by("kind"))


def make(row: Enterprise, *, by: Holder, now: datetime) -> Unit:
    """Who may is asked by whoever calls. Raises Refused."""
    with transaction.atomic():
        locked = Enterprise.objects.select_for_update().get(id=row.id)
        if locked.unit is not None:
            raise Refused(_("这家企业已经有账号单位。"))
        unit = Unit.objects.create(
            kind=KIND, name=row.name, name_en=row.name_en, place=row.place, valid_from=now
        )
        Post.objects.bulk_create(
            Post(unit=unit, kind=kind, title=POST_KINDS[kind][0], title_en=POST_KINDS[kind][1],
                 place=row.place, valid_from=now)
            for kind in OWN
        )  # fmt: skip
        row.unit = unit.id
        Enterprise.objects.filter(id=row.id).update(unit=unit.id)
        changes.note(row, row.id, row.name, {"unit": [None, str(unit.id)]}, by=by, now=now)
    return unit


def appoint(row: Enterprise, kind: str, to: Account, *, by: Holder, now: datetime) -> None:
    """Who holds one of the firm's posts from now on; who may is asked by whoever calls."""
    post = Post.objects.get(unit=row.unit, kind=kind, valid_to=None)
    with transaction.atomic():
        before = Appointment.objects.filter(post=post, deputy=False, held_to=None).first()
        hand_over(post, to, at=now)
        said = {kind: [str(before.account_id) if before else None, str(to.id)]}
        changes.note(row, post.id, row.name, said, by=by, now=now)


def follow(row: Enterprise) -> None:
    """The unit is called like the firm, and is where the firm is."""
    if row.unit is None:
        return
    Unit.objects.filter(id=row.unit).update(name=row.name, name_en=row.name_en, place=row.place)
    Post.objects.filter(unit=row.unit).update(place=row.place)


def end(row: Enterprise, *, now: datetime) -> None:
    """Nobody acts for the firm any more."""
    if row.unit is None:
        return
    Unit.objects.filter(id=row.unit).update(valid_to=now)
    Post.objects.filter(unit=row.unit, valid_to=None).update(valid_to=now)
    Appointment.objects.filter(post__unit=row.unit, held_to=None).update(held_to=now)
