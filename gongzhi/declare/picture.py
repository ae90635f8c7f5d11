"""A declaration as a picture: a column for each phase, a card for each state, what leads out of it.

Arrows between all states would cross: a card names where each act leads instead.
"""

from collections.abc import Callable, Iterator
from html import escape

from gongzhi.declare.scale import Phase
from gongzhi.declare.words import Mechanism, State

WIDE, GAP, MARGIN = 236, 20, 16
HEAD, LINE, BETWEEN = 34, 16, 14
FITS = 20.0  # full-width characters on a line of a card
Say = Callable[[str], str]


def _width(text: str) -> float:
    """In full-width characters: Latin letters take about half of one."""
    return sum(1.0 if ord(c) > 0x2E80 else 0.55 for c in text)


def _fitted(text: str, most: float = FITS) -> str:
    while _width(text) > most:
        text = text.rstrip("…")[:-1] + "…"
    return text


def _columns(m: Mechanism) -> list[list[State]]:
    """States by phase, in the order of phases; within one as they are declared."""
    found = [[s for s in m.states if s.phase is p] for p in Phase]
    return [states for states in found if states]


def _ways(m: Mechanism, state: State, say: Say) -> Iterator[tuple[str, str]]:
    """What leads out of a state, and where to."""
    out: dict[State, list[str]] = {}
    for act in m.acts:
        if act.then and act.then is not state and state in m.sources(act):
            out.setdefault(act.then, []).append(say(act.label))
    for then, labels in out.items():
        yield _fitted(say("、").join(labels)), _fitted(f"→ {say(then.label)}")


def _text(x: int, y: int, text: str, size: int, extra: str = "") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="currentColor"{extra}>{escape(text)}</text>'
    )


def _card(
    m: Mechanism, state: State, at: tuple[int, int], say: Say, *, here: bool
) -> tuple[str, int]:
    """The drawing of one state, and how high it is."""
    x, y = at
    ways = list(_ways(m, state, say))
    high = HEAD + len(ways) * 2 * LINE + (8 if ways else 0)
    frame = (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{high}" rx="6" fill="none" '
        f'stroke="currentColor" stroke-width="{3 if here else 1.2}"/>'
    )
    if state.final:
        frame += (
            f'<rect x="{x + 3}" y="{y + 3}" width="{WIDE - 6}" height="{high - 6}" rx="4" '
            'fill="none" stroke="currentColor"/>'
        )
    weight = f' font-weight="{700 if here or not state.final else 400}"'
    drawn = [frame, _text(x + 12, y + 22, _fitted(say(state.label), 15), 14, weight)]
    for n, (acts, leads) in enumerate(ways):
        line = y + HEAD + 8 + n * 2 * LINE
        drawn.append(_text(x + 12, line + 2, acts, 11))
        drawn.append(_text(x + 24, line + LINE, leads, 11, ' opacity=".75"'))
    return "".join(drawn), high


def draw(m: Mechanism, *, here: str = "", say: Say = str) -> str:
    """An SVG of the states and acts; the state named `here` is drawn heavy."""
    parts, highest = [], 0
    columns = _columns(m)
    for n, states in enumerate(columns):
        x, y = MARGIN + n * (WIDE + GAP), MARGIN
        for state in states:
            drawn, high = _card(m, state, (x, y), say, here=state.name == here)
            parts.append(drawn)
            y += high + BETWEEN
        highest = max(highest, y)
    width = 2 * MARGIN + len(columns) * (WIDE + GAP) - GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {highest}" role="img" '
        f'aria-label="{escape(say(m.label))}">{"".join(parts)}</svg>'
    )
