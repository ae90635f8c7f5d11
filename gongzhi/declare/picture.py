"""A declaration as a picture: states in rows by how far they are from the start, acts between."""

from collections.abc import Callable
from html import escape

from gongzhi.declare.words import Mechanism, State

WIDE, HIGH, ROW, COLUMN, MARGIN = 150, 40, 104, 190, 20
LINES_TO_NAME = 3  # acts named on one arrow before "…"


def _rows(m: Mechanism) -> list[list[State]]:
    """States by the least number of acts that lead to them."""
    start = m.starts.then
    rows: list[list[State]] = [[start]] if start else []
    seen = set(rows[0]) if rows else set()
    while rows:
        after = [
            a.then
            for a in m.acts
            if a.then and a.then not in seen and set(m.sources(a)) & set(rows[-1])
        ]
        if not after:
            break
        row = list(dict.fromkeys(after))
        seen.update(row)
        rows.append(row)
    return rows


def _places(rows: list[list[State]]) -> dict[State, tuple[int, int]]:
    widest = max((len(r) for r in rows), default=1)
    found = {}
    for y, row in enumerate(rows):
        indent = (widest - len(row)) * COLUMN // 2
        for x, state in enumerate(row):
            found[state] = (MARGIN + indent + x * COLUMN, MARGIN + y * ROW)
    return found


def _arrows(m: Mechanism) -> dict[tuple[State, State], list[str]]:
    found: dict[tuple[State, State], list[str]] = {}
    for act in m.acts:
        for state in m.sources(act):
            if act.then and act.then is not state:
                found.setdefault((state, act.then), []).append(act.label)
    return found


def _arrow(one: tuple[int, int], other: tuple[int, int], text: str) -> str:
    down = other[1] > one[1]
    x1, y1 = one[0] + WIDE // 2, one[1] + (HIGH if down else 0)
    x2, y2 = other[0] + WIDE // 2, other[1] + (0 if down else HIGH)
    shift = 0 if down else 36  # the way back bows out, so that two arrows do not lie on each other
    bend = f"C {x1 + shift} {(y1 + y2) // 2} {x2 + shift} {(y1 + y2) // 2} {x2} {y2}"
    tx, ty = (x1 + x2) // 2 + shift, (y1 + y2) // 2
    return (
        f'<path d="M {x1} {y1} {bend}" fill="none" stroke="currentColor" '
        f'marker-end="url(#tip)" opacity=".55"/>'
        f'<text x="{tx}" y="{ty}" text-anchor="middle" font-size="11" '
        f'fill="currentColor">{escape(text)}</text>'
    )


def _box(state: State, at: tuple[int, int], label: str, *, here: bool) -> str:
    x, y = at
    double = (
        f'<rect x="{x + 3}" y="{y + 3}" width="{WIDE - 6}" height="{HIGH - 6}" rx="3" '
        f'fill="none" stroke="currentColor"/>'
        if state.final
        else ""
    )
    weight = "700" if here else "400"
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="5" fill="none" '
        f'stroke="currentColor" stroke-width="{3 if here else 1.2}"/>{double}'
        f'<text x="{x + WIDE // 2}" y="{y + HIGH // 2 + 5}" text-anchor="middle" font-size="13" '
        f'font-weight="{weight}" fill="currentColor">{escape(label)}</text>'
    )


def draw(m: Mechanism, *, here: str = "", say: Callable[[str], str] = str) -> str:
    """An SVG of the states and acts; the state named `here` is drawn heavy."""
    rows = _rows(m)
    at = _places(rows)
    width = 2 * MARGIN + max((len(r) for r in rows), default=1) * COLUMN
    height = 2 * MARGIN + len(rows) * ROW - (ROW - HIGH)
    arrows = [
        _arrow(at[a], at[b], "、".join(say(t) for t in texts[:LINES_TO_NAME]))
        for (a, b), texts in _arrows(m).items()
    ]
    boxes = [_box(s, at[s], say(s.label), here=s.name == here) for s in at]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(say(m.label))}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="currentColor"/></marker>'
        f"</defs>{''.join(arrows)}{''.join(boxes)}</svg>"
    )
