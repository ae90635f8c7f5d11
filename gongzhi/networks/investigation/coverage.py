"""How far a turn of a round 排查 has come: by place, and by name who is silent.

Each figure is one statement over places and answers, whatever their number. Places and posts are
those of the turn's own time. Places are counted, never persons.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gongzhi.declare import Level
from gongzhi.networks.investigation.asked import EXISTS, HELD, IS_HELD, moment
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.turns import Turn
from gongzhi.places.levels import level_of, span

SHOWN = 100  # silent places named on a page; all of them are in the sheet

# The places that answer in a part of the round, with what they have answered.
_ANSWERED = f"""
    SELECT d.code, w.id AS answer, w.found, w.at, w.post, w.first_at > %(due)s AS late
    FROM places_division d
    LEFT JOIN investigation_answer w ON w.of_id = %(round)s AND w.turn = %(turn)s
        AND w.place = d.code AND w.replaced_at IS NULL
    WHERE d.level = %(level)s AND d.code >= %(low)s AND d.code < %(high)s AND {EXISTS}
"""  # noqa: S608 -- our own words
_PARTS = f"""
    SELECT left(code, %(digits)s), count(*), count(*) FILTER (WHERE found > 0),
        count(*) FILTER (WHERE found = 0), coalesce(sum(found), 0), count(*) FILTER (WHERE late)
    FROM ({_ANSWERED}) s GROUP BY 1 ORDER BY 1
"""  # noqa: S608 -- our own words
# Who is asked: the place's own posts, else its town's. By post and unit, never by person.
_WHO = f"""
    LEFT JOIN LATERAL (
        SELECT p.place, jsonb_agg(DISTINCT jsonb_build_array(
            p.title, p.title_en, u.name, u.name_en, u.phone)) AS posts
        FROM {HELD}
        WHERE p.place IN (s.code, left(s.code, 9)) AND p.kind = ANY(%(kinds)s) AND {IS_HELD}
        GROUP BY p.place ORDER BY length(p.place) DESC LIMIT 1
    ) w ON true
"""  # noqa: S608 -- our own words
_SILENT = f"""
    SELECT s.code, w.place, w.posts
    FROM (SELECT * FROM ({_ANSWERED}) x WHERE answer IS NULL ORDER BY code LIMIT %(most)s) s {_WHO}
    ORDER BY s.code
"""  # noqa: S608 -- our own words
_EVERY = f"""
    SELECT s.code, s.found, s.at, s.late, b.title, b.title_en, w.place, w.posts
    FROM ({_ANSWERED}) s LEFT JOIN people_post b ON b.id = s.post {_WHO}
    ORDER BY s.code
"""  # noqa: S608 -- our own words
_PROGRESS = """
    SELECT r.id,
        (SELECT count(*) FROM places_division d WHERE d.level = r.level
            AND d.code >= t.low AND d.code < t.low || '~' AND d.valid_to IS NULL),
        (SELECT count(*) FROM investigation_answer w WHERE w.of_id = r.id AND w.turn = t.turn
            AND w.place >= t.low AND w.place < t.low || '~' AND w.replaced_at IS NULL)
    FROM unnest(%(rounds)s::uuid[], %(turns)s::int[], %(low)s::text[]) AS t(id, turn, low)
    JOIN investigation_round r ON r.id = t.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A place with what its villages (or towns) have answered; `cases` is what was found."""

    code: str
    all: int
    found: int
    zero: int
    cases: int
    late: int

    @property
    def answered(self) -> int:
        return self.found + self.zero

    @property
    def silent(self) -> int:
        return self.all - self.answered

    @property
    def bar(self) -> Sequence[tuple[str, float, float]]:
        """Where each stretch of the bar begins and how wide it is, of a hundred."""
        found, zero = (100 * n / max(self.all, 1) for n in (self.found, self.zero))
        return (("found", 0.0, found), ("zero", found, zero))


@dataclass(frozen=True, slots=True)
class Asked:
    """A post that is asked, as it is called, and where to call."""

    title: str
    title_en: str
    unit_name: str
    unit_name_en: str
    phone: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A place without an answer and who is asked there; `by_town`: its town is asked for it."""

    code: str
    by_town: bool
    asked: Sequence[Asked]

    @property
    def phones(self) -> list[str]:
        """Whom to call, each number once."""
        return list(dict.fromkeys(a.phone for a in self.asked if a.phone))


@dataclass(frozen=True, slots=True)
class Line(Silent):
    """One place in the sheet, with what it answered, if anything, and the post that did."""

    found: int | None
    at: datetime | None
    late: bool | None
    title: str | None
    title_en: str | None


def _given(of: Round, turn: Turn, here: str, now: datetime) -> dict[str, Any]:
    low, high = span(here)
    return {
        "round": of.id, "turn": turn.number, "low": low, "high": high, "level": of.level,
        "kinds": of.kinds, "due": turn.ends_at, **moment(seen_at(turn, now)),
    }  # fmt: skip


def seen_at(turn: Turn, now: datetime) -> datetime:
    """A turn that is over is shown with the places and posts of its last day."""
    return min(now, turn.ends_at)


def _rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def below(of: Round, here: str) -> Level:
    """The level of the parts into which a place is divided on the page."""
    return Level(min(level_of(here) + 1, of.level))


def parts(of: Round, turn: Turn, here: str, now: datetime) -> list[Part]:
    """The places right below, the silent ones first."""
    given = _given(of, turn, here, now) | {"digits": below(of, here).digits}
    found = [Part(*row) for row in _rows(_PARTS, given)]
    return sorted(found, key=lambda p: (-p.silent, p.code))


def total(here: str, of: Sequence[Part]) -> Part:
    """All parts together."""
    sums = (sum(getattr(p, n) for p in of) for n in ("all", "found", "zero", "cases", "late"))
    return Part(here, *sums)


def _asked(posts: str | None) -> list[Asked]:
    """As Django hands on what PostgreSQL calls jsonb: as its text."""
    return [Asked(*post) for post in json.loads(posts or "[]")]


def silent(of: Round, turn: Turn, here: str, now: datetime) -> list[Silent]:
    """Places that have not answered, as many as a page shows."""
    rows = _rows(_SILENT, _given(of, turn, here, now) | {"most": SHOWN})
    return [Silent(code, bool(at) and at != code, _asked(posts)) for code, at, posts in rows]


def every(of: Round, turn: Turn, here: str, now: datetime) -> list[Line]:
    """All places for the sheet."""
    rows = _rows(_EVERY, _given(of, turn, here, now))
    return [
        Line(code, bool(seat) and seat != code, _asked(posts), *said)
        for code, *said, seat, posts in rows
    ]


def progress(rounds: Sequence[tuple[Round, Turn, str]]) -> dict[UUID, tuple[int, int]]:
    """Of each round, within a place: how many are to answer and how many have; one statement."""
    given = {
        "rounds": [of.id for of, _turn, _low in rounds],
        "turns": [turn.number for _of, turn, _low in rounds],
        "low": [low for _of, _turn, low in rounds],
    }
    return {id_: (all_, answered) for id_, all_, answered in _rows(_PROGRESS, given)}
