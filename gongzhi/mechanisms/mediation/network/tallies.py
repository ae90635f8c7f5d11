"""What the posts that mediate have done, in counts with kinds of dispute: never a ranking.

Figures belong to posts, as cases do: who takes over a post takes over its figures. All of it is
read from counters, except what is open now.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from gongzhi.cases import rollups
from gongzhi.cases.models import Case
from gongzhi.declare import Level
from gongzhi.mechanisms.mediation.network.figures import NAME
from gongzhi.mechanisms.mediation.network.figures import together as summed
from gongzhi.mechanisms.mediation.network.mediators import KINDS as MEDIATE
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within
from gongzhi.places.levels import county_of
from gongzhi.places.models import Division

Kinds = Mapping[str, Counter[str]]  # kind of dispute → what was done → how often
UNITS = ("mediation_committee", "studio", "judicial_office", "governance_centre")
# Who guides or assigns those who mediate, and so may see how much they have to do.
OVERSEE = ("leader", "clerk", "judicial_officer")


def _area(place: str) -> str:
    """Within which a unit's posts mediate: a studio takes disputes of its whole county."""
    return place[: Level.COUNTY.digits]


def _counties(place: str) -> list[str]:
    area = _area(place)
    below = Division.objects.filter(level=Level.COUNTY, code__startswith=area)
    return [*{county_of(area), *below.values_list("code", flat=True)}]


def may_see_unit(by: Holder, unit: Unit) -> bool:
    """Those who guide it: in the unit itself, or above with sight of its place."""
    if by.kind not in OVERSEE:
        return False
    return by.unit == unit.id or (by.sees_place and unit.place.startswith(by.place))


def may_see_post(by: Holder, post: Post) -> bool:
    """One's own figures, and those of whom one guides."""
    return by.post == post.id or may_see_unit(by, post.unit)


def units_of(place: str) -> QuerySet[Unit]:
    """Units with mediators, by place and name: of a town all, above it its own and all studios."""
    found = Unit.objects.filter(
        kind__in=UNITS, valid_to=None, posts__kind="mediator", posts__valid_to=None
    )
    here = Q(place=place)
    if len(place) >= Level.TOWN.digits:
        here = Q(place__startswith=place)
    elif len(place) == Level.COUNTY.digits:
        here |= Q(kind="studio", place__startswith=place)
    return found.filter(here).distinct().order_by("place", "name")


def posts_of(units: Iterable[Unit]) -> QuerySet[Post]:
    """Those who mediate there, or can."""
    return Post.objects.filter(unit__in=[*units], kind__in=MEDIATE, valid_to=None)


def done(
    place: str, posts: Iterable[UUID], since: str, until: str
) -> Mapping[UUID, Mapping[str, Counter[str]]]:
    """What each post did, by kind of dispute, from one month (2026-01) to another, both counted:
    one statement."""
    wanted = {f"post.{post.hex}": post for post in posts}
    found: dict[UUID, dict[str, Counter[str]]] = {post: {} for post in wanted.values()}
    if not wanted:
        return found
    area = _area(place)
    with within(Scope(place=area)):
        read = rollups.months(
            area, [], [f"{name}.%" for name in wanted], since=since, until=until, mechanism=NAME
        )
    for name, n in summed(read.own).items():
        post, what, kind = name.rsplit(".", 2)
        found[wanted[post]].setdefault(kind, Counter())[what] += n
    return found


def added(parts: Iterable[Kinds]) -> dict[str, Counter[str]]:
    """What several posts did together, still by kind."""
    found: dict[str, Counter[str]] = {}
    for kinds in parts:
        for kind, counts in kinds.items():
            found.setdefault(kind, Counter()).update(counts)
    return found


def together(kinds: Kinds) -> Counter[str]:
    """Without kinds."""
    return sum(kinds.values(), Counter())


def open_now(place: str, posts: Iterable[UUID]) -> Mapping[UUID, int]:
    """How many open cases each post holds: one statement, however many counties."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.post, sum(l.n)::int FROM unnest(%s::text[]) county "
            "CROSS JOIN LATERAL load_v1(county, %s::uuid[]) l GROUP BY 1",
            [_counties(place), [*posts]],
        )
        return dict(cursor.fetchall())


def open_by_kind(unit: Unit, by: Holder) -> Mapping[str, int]:
    """What the unit holds now. A case that complains about the reader is not in the count."""
    with within(Scope(units=(unit.id,), ids=by.scope.ids)):
        held = Case.objects.filter(
            county__in=_counties(unit.place), unit=unit.id, mechanism=NAME, is_open=True
        )
        return dict(held.values_list("category").annotate(Count("id")).order_by())


def may_see_return(by: Holder, unit: Unit) -> bool:
    """A return names no mediator: all who mediate in the unit may send it in."""
    return may_see_unit(by, unit) or (by.unit == unit.id and by.kind in MEDIATE)


def posts_in(unit: Unit, first: datetime) -> list[UUID]:
    """Those who could mediate there then: a post that has gone since is in the month's return."""
    still = Q(valid_to=None) | Q(valid_to__gt=first)
    found = Post.objects.filter(still, unit=unit, kind__in=MEDIATE)
    return list(found.values_list("id", flat=True))
