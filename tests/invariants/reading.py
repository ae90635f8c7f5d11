"""The rules once more, read from the declaration and the tables in another way than the kernel's.

What the kernel answers in `permissions`, `wall.sql` and `act.sql` is answered here from plain rows,
so that a mistake in one of them does not hide itself.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from gongzhi.declare import EVER, Act, Mechanism, Open, Role, Tie
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, Resident

Row = dict[str, Any]


def rows(statement: str, params: Iterable[Any] = ()) -> list[Row]:
    """As the owner sees it, past every wall."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, list(params))
        names = [c.name for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def cases() -> list[Row]:
    return rows("SELECT * FROM cases_case ORDER BY reported_at, number")


def facts(of: Row) -> dict[str, Any]:
    """What the case knows besides; the driver gives JSON as text."""
    found: dict[str, Any] = json.loads(of["facts"])
    return found


def case(id_: UUID) -> Row:
    return rows("SELECT * FROM cases_case WHERE id = %s", [id_])[0]


TABLES = ("case", "entry", "task", "clockrun", "party", "sealed", "attachment", "link", "once",
          "delta", "stock", "daily", "monthly")  # fmt: skip


def everything() -> str:
    """A digest of all tables of the kernel: the same when nothing has changed."""
    parts = " UNION ALL ".join(f"SELECT t::text AS r FROM cases_{name} t" for name in TABLES)  # noqa: S608
    found = rows(f"SELECT md5(string_agg(r, '|' ORDER BY r)) AS digest FROM ({parts}) u")  # noqa: S608
    return str(found[0]["digest"])


def _posts(by: Holder, now: datetime) -> list[Row]:
    return rows(
        "SELECT p.id, p.kind, p.place, p.sees_place, p.unit_id FROM people_appointment a"
        " JOIN people_post p ON p.id = a.post_id WHERE a.account_id = %s AND p.id = %s"
        " AND tstzrange(a.held_from, a.held_to) @> %s::timestamptz",
        [by.account, by.post, now],
    )


def held(now: datetime) -> dict[UUID, set[UUID]]:
    """The posts of each account now, and the units of these."""
    found: dict[UUID, set[UUID]] = {}
    for row in rows(
        "SELECT a.account_id, p.id, p.unit_id FROM people_appointment a"
        " JOIN people_post p ON p.id = a.post_id"
        " WHERE tstzrange(a.held_from, a.held_to) @> %s::timestamptz", [now],
    ):  # fmt: skip
        found.setdefault(row["account_id"], set()).update({row["id"], row["unit_id"]})
    return found


def holds_post(by: Holder, now: datetime) -> bool:
    return len(_posts(by, now)) == 1


def sees(by: Holder, of: Row) -> bool:
    """Below the post's place, or a matter of its unit; never one that complains about them."""
    if any(one in of["hidden"] for one in by.ids):
        return False
    stands_over = by.sees_place and not of["confined"]
    return (stands_over and of["place"][: len(by.place)] == by.place) or by.unit in of["units"]


def counted_at(of: Row) -> str:
    """A confined case is counted from the county up."""
    return str(of["place"][:6] if of["confined"] else of["place"])


def place_of_unit(unit: UUID | None) -> str:
    return str(rows("SELECT place FROM people_unit WHERE id = %s", [unit])[0]["place"])


def unit_above(of: Row) -> UUID | None:
    """The nearest unit above the holder that is not complained about."""
    unit = of["unit"]
    while unit is not None:
        unit = rows("SELECT parent FROM people_unit WHERE id = %s", [unit])[0]["parent"]
        if unit not in of["hidden"]:
            break
    found: UUID | None = unit
    return found


def _stands_above(post: Row, of: Row) -> bool:
    covers = of["place"].startswith(post["place"]) and post["sees_place"]
    if not covers or post["unit_id"] == of["unit"]:
        return False
    higher = len(post["place"]) < len(place_of_unit(of["unit"]))
    return higher or bool(post["unit_id"] == unit_above(of))


def _ties(post: Row, of: Row) -> set[Tie]:
    """How this post stands to the case."""
    ties = {
        Tie.HOLDS: post["unit_id"] == of["unit"],
        Tie.ASSIGNED: post["id"] == of["post"],
        Tie.JOINED: post["unit_id"] in set(of["units"]) - {of["unit"]},
        Tie.CHARGE: facts(of).get("leader_in_charge") == str(post["id"]),
        Tie.PLACE: of["place"].startswith(post["place"]),
        Tie.ABOVE: _stands_above(post, of),
    }
    return {tie for tie, binds in ties.items() if binds}


def _plays(role: Role, post: Row) -> bool:
    levels = {level.digits for level in role.at}
    return (role.kinds == () or post["kind"] in role.kinds) and len(post["place"]) in levels


def _done_last_by(id_: UUID, act: str) -> UUID | None:
    found = rows(
        "SELECT account FROM cases_entry WHERE case_id = %s AND act = %s ORDER BY seq DESC LIMIT 1",
        [id_, act],
    )
    return found[0]["account"] if found else None


def permitted(
    acts: Iterable[Act], by: Actor, of: Row, *, now: datetime, own_tail: bytes
) -> list[Act]:
    """Which acts the declaration lets this actor do on this case, whatever its state."""
    if isinstance(by, Resident):
        mine = by.case == of["id"] and by.tail == own_tail and of["erased_at"] is None
        return [a for a in acts if mine and any(r.tie is Tie.PARTY for r in a.roles)]
    if not isinstance(by, Holder):
        return []
    posts = _posts(by, now)
    if not posts or not sees(by, of):
        return []
    post, ties = posts[0], _ties(posts[0], of)
    return [
        a for a in acts
        if any(r.tie in ties and _plays(r, post) for r in a.roles)
        and not (a.by_other_than and _done_last_by(of["id"], a.by_other_than.name) == by.account)
    ]  # fmt: skip


def possible(mechanism: Mechanism, act: Act, of: Row) -> bool:
    """Whether the act can be done where the case stands."""
    if isinstance(act.when, Open):
        return act.when is EVER or bool(of["is_open"])
    return of["state"] in {s.name for s in act.when}


def may_begin(mechanism: Mechanism, by: Actor, place: str, now: datetime) -> bool:
    roles = mechanism.starts.roles
    if isinstance(by, Resident):
        return any(r.tie is Tie.ANYONE for r in roles)
    if not isinstance(by, Holder):
        return False
    return any(
        r.tie is Tie.PLACE and _plays(r, p) and place.startswith(p["place"])
        for r in roles for p in _posts(by, now)
    )  # fmt: skip


def routed_to(mechanism: Mechanism, place: str, accused: set[UUID]) -> UUID | None:
    """The nearest unit from the place upwards that takes such cases and is not accused."""
    for digits in (12, 9, 6, 4, 2):
        if len(place) < digits:
            continue
        for kind in mechanism.routed_to:
            for unit in rows("SELECT id FROM people_unit WHERE place = %s AND kind = %s"
                             " ORDER BY id", [place[:digits], kind]):  # fmt: skip
                if unit["id"] not in accused:
                    found: UUID = unit["id"]
                    return found
    return None
