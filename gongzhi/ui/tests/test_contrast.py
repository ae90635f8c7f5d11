"""Colours that can be read: contrast as WCAG 2.2 computes it."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static" / "ui"
TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "sunk"), ("soft", "paper"), ("soft", "sheet"),
    ("soft", "sunk"), ("accent", "paper"), ("accent", "sheet"), ("accent-deep", "accent-soft"),
    ("accent", "accent-soft"), ("on-accent", "accent"), ("on-accent", "accent-deep"),
    ("danger", "paper"), ("danger", "sheet"), ("on-danger", "danger"), ("ink", "accent-soft"),
    *[("ink", f"{tone}-soft") for tone in ("danger", "warn", "good")],
    *[(tone, f"{tone}-soft") for tone in
      ("danger", "warn", "good", "red", "orange", "yellow", "blue")],
    ("warn", "paper"), ("warn", "sheet"),
]  # fmt: skip
EDGES = [("firm", "paper"), ("firm", "sheet"), ("focus", "paper"), ("focus", "sheet")]


def colours(*names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        text = (STATIC / name).read_text(encoding="utf-8")
        found.update(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", text))
    return found


THEMES = {"light": colours("tokens.css"), "dark": colours("tokens.css", "dark.css")}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: str) -> None:
    has = THEMES[theme]
    weak = {(a, b): round(contrast(has[a], has[b]), 2) for a, b in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_and_focus_can_be_seen(theme: str) -> None:
    has = THEMES[theme]
    weak = {(a, b): round(contrast(has[a], has[b]), 2) for a, b in EDGES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_dark_names_every_colour_of_light() -> None:
    assert set(colours("dark.css")) == set(colours("tokens.css"))


def test_no_component_has_colours_of_its_own() -> None:
    allowed = {"#fff", "#000", "#888", "#fffc"}  # paper, ink of a signature and of print
    for path in STATIC.glob("*.css"):
        if path.name in {"tokens.css", "dark.css"}:
            continue
        own = set(re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8"))) - allowed
        # A map is a picture: its depths and its words are the same in both themes.
        assert path.name == "places.css" or own == set(), path.name
