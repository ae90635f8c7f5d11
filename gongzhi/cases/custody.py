"""Who holds a post changes: its open cases are handed over with it, by an act in each ledger."""

from datetime import datetime

from django.db import transaction

from gongzhi.cases.act import act
from gongzhi.cases.changes import Refused
from gongzhi.cases.linkage import hand_over as hand_over_act
from gongzhi.cases.models import Case
from gongzhi.cases.roles import manager
from gongzhi.people import posts
from gongzhi.people.kinds import VERY_MANY
from gongzhi.people.models import Account, Appointment, Post
from gongzhi.people.posts import Holder
from gongzhi.people.scope import within

OVER_TEAMS = (*manager.kinds, "community_secretary", "clerk")


def manages(by: Holder, post: Post) -> bool:
    """Whether who holds the post is theirs to say: in their own unit, or in a team right below.

    A team is too small to manage itself. It holds its cases as a unit, so none changes hands.
    """
    if by.unit == post.unit_id:
        return by.kind in manager.kinds
    below = post.unit.kind in VERY_MANY and post.unit.parent == by.unit
    return below and by.sees_place and by.kind in OVER_TEAMS


def hand_over(post: Post, to: Account, *, now: datetime, by: Holder) -> int:
    """The post goes to another person, with every open case it holds. Returns how many.

    Raises Refused when `by` does not manage the post; then nothing has changed.
    """
    # A post without cases makes no entry that would ask who may.
    if not manages(by, post):
        raise Refused
    with transaction.atomic():
        before = Appointment.objects.filter(post=post, deputy=False, held_to=None).first()
        with within(by.scope):
            held = list(Case.objects.filter(post=post.id, is_open=True).values_list("county", "id"))
        said = {
            "post": post.id,
            "from": before.account_id if before else None,
            "to": to.id,
        }
        for county, id_ in held:
            key = f"hand_over/{post.id}/{to.id}/{now.isoformat()}"
            act((county, id_), hand_over_act, said, key=key, now=now, by=by)
        posts.hand_over(post, to, at=now)
    return len(held)
