"""Clocks and figures told a second time, from the lines of the ledger and the declaration alone."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from gongzhi.cases import clocks
from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.transition import GREEN, RECEIVE, SHARED
from gongzhi.declare import Clock, Level, Mechanism, Open, State
from tests.invariants import reading

LEVELS = {level.digits: level.name.lower() for level in Level}
RETOLD = ("reported", "reopened", "category.", "channel.", "closed.", "ended.", "settled.",
          "entered.", "late.", "met.", "breached.")  # fmt: skip
Figures = Counter[tuple[str, str, date]]


def entries(id_: UUID) -> list[reading.Row]:
    found = reading.rows("SELECT * FROM cases_entry WHERE case_id = %s ORDER BY seq", [id_])
    return [{**e, "data": json.loads(e["data"]), "changes": json.loads(e["changes"])}
            for e in found]  # fmt: skip


def runs(id_: UUID) -> list[reading.Row]:
    return reading.rows(
        "SELECT * FROM cases_clockrun WHERE case_id = %s ORDER BY name, started_at, seq", [id_]
    )


def _runs_in(clock: Clock, state: State) -> bool:
    return not state.final if isinstance(clock.runs_in, Open) else state in clock.runs_in


def _concerns(clock: Clock, of: reading.Row) -> bool:
    kinds = ((clock.categories, of["category"]), (clock.channels, of["channel"]))
    at = clock.at is None or len(reading.place_of_unit(of["unit"])) == clock.at.digits
    return at and all(not named or here in named for named, here in kinds)


def clocks_fit(mechanism: Mechanism, of: reading.Row) -> None:
    """Exactly the clocks of this state go, those that rest may rest in it, the row sums them up."""
    state = mechanism.state(of["state"])
    left = [r for r in runs(of["id"]) if r["ended_at"] is None]
    resting = {c.name for c in mechanism.clocks if state in c.pauses_in}
    for run in left:
        assert (run["status"] == "paused") == (run["paused_at"] is not None), run
        assert run["status"] != "paused" or run["name"] in resting, run
    going = sorted(r["name"] for r in left if r["status"] == "running"
                   or (r["status"] == "late" and r["name"] not in resting))  # fmt: skip
    must = {c.name for c in mechanism.clocks if _runs_in(c, state) and _concerns(c, of)}
    must |= {RECEIVE.name} if of["offered"] else set()
    must |= {GREEN.name} if reading.facts(of).get("green") and not state.final else set()
    assert going == sorted(must), (of["number"], state.name)
    assert of["due_at"] == min((r["due_at"] for r in left), default=None)
    assert of["overdue"] == any(r["status"] == "late" for r in left)
    assert not (of["offered"] and state.final)


def _days_given(lines: Iterable[reading.Row]) -> set[datetime]:
    """The days that acts have named for it, which its entries keep in their facts."""
    told = (e["changes"].get("case", {}).get("facts") or {} for e in lines)
    return {clocks.end_of(date.fromisoformat(f["until"])) for f in told if f.get("until")}


def clocks_follow_the_ledger(mechanism: Mechanism, id_: UUID) -> None:
    """A clock begins when a case comes to where it runs, never anew without need, and ends in time
    that is counted from there."""
    lines = {e["seq"]: e for e in entries(id_)}
    declared = {c.name: c for c in (*mechanism.clocks, *SHARED)}
    rested = {
        (k["seq"], k["name"])
        for e in lines.values() for k in e["changes"].get("clocks", []) if k["status"] == "paused"
    }  # fmt: skip
    found, times = runs(id_), {e["at"] for e in lines.values()}
    for run in found:
        clock, line = declared[run["name"]], lines[run["seq"]]
        assert line["at"] == run["started_at"]
        assert run["ended_at"] is None or run["ended_at"] in times
        counted = clocks.due(run["started_at"], clock.span, working_calendar()).at
        if clock.dated:
            assert run["due_at"] in _days_given(lines.values())
        elif (run["seq"], run["name"]) in rested or run["extended"]:
            assert run["due_at"] >= counted
        else:
            assert run["due_at"] == counted
    for one, other in pairwise(found):
        if one["name"] != other["name"]:
            continue
        assert one["ended_at"] is not None and one["ended_at"] <= other["started_at"]
        line = lines[other["seq"]]
        ended_here = any(
            (k["seq"], k["name"]) == (one["seq"], one["name"]) and k["ended_at"]
            for k in line["changes"].get("clocks", [])
        )
        late = declared[one["name"]].late
        own = late is not None and late.name == line["act"]
        moved = "unit" in line["changes"].get("case", {}) and one["name"] == RECEIVE.name
        assert not ended_here or own or moved, f"{one['name']} begins anew at {line['act']}"


def _day(at: datetime) -> date:
    return (at.astimezone(UTC) + timedelta(hours=8)).date()


def told(mechanism: Mechanism, id_: UUID) -> Counter[tuple[str, date]]:
    """What one case adds to the flows, by figure and day in Zhaoqing."""
    found: Counter[tuple[str, date]] = Counter()
    unit, kind, entered = None, "", set()
    for e in entries(id_):
        day, case = _day(e["at"]), e["changes"].get("case", {})
        before = mechanism.state(e["before"]) if e["before"] else None
        after = mechanism.state(e["after"])
        if before is None:
            first = ("reported", f"category.{case['category']}", f"channel.{case['channel']}")
            found.update((name, day) for name in first)
            kind = case["category"]
        elif after.final and not before.final:
            found[f"closed.{after.name}", day] += 1
            if after.settled:
                place = reading.place_of_unit(unit)
                found[f"settled.{LEVELS[len(place)]}.{kind}", day] += 1
            found[f"ended.{after.name}.{kind}", day] += 1
        elif before.final and not after.final:
            found["reopened", day] += 1
        if e["act"] == "breach":
            found[f"late.{e['data']['clock']}", day] += 1
        unit = UUID(case["unit"]) if "unit" in case else unit
        level = LEVELS[len(reading.place_of_unit(unit))]
        if level not in entered:
            found[f"entered.{level}.{kind}", day] += 1
            entered.add(level)
        kind = case.get("category", kind)
    found.update((f"{r['status']}.{r['name']}", _day(r["ended_at"])) for r in runs(id_)
                 if r["status"] in {"met", "breached"})  # fmt: skip
    return found


def figures_told(mechanism: Mechanism) -> Figures:
    """At each of the five levels."""
    found: Figures = Counter()
    for of in reading.cases():
        for (figure, day), n in told(mechanism, of["id"]).items():
            for digits in LEVELS:
                if len(reading.counted_at(of)) >= digits:
                    found[of["place"][:digits], figure, day] += n
    return found


def figures_kept() -> Figures:
    """Counters and what is not folded yet, of the same figures."""
    spread = (
        "SELECT place, figure, day, n FROM cases_daily UNION ALL"
        " SELECT left(d.place, l), f.key, d.day, f.value::bigint FROM cases_delta d,"
        " jsonb_each_text(d.figures) f, unnest(ARRAY[2, 4, 6, 9, 12]) l"
        " WHERE length(d.place) >= l AND f.key NOT LIKE 'now.%%'"
    )
    found: Figures = Counter()
    for row in reading.rows(f"SELECT place, figure, day, n FROM ({spread}) u"):  # noqa: S608
        if row["figure"].startswith(RETOLD) and row["n"]:
            found[row["place"], row["figure"], row["day"]] += row["n"]
    return found
