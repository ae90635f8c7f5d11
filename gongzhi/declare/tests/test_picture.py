"""The picture of a declaration, and the list of those there are."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from gongzhi.declare.picture import draw
from gongzhi.declare.registry import Unknown, every, get, with_toy
from gongzhi.declare.tests.test_checks import RIGHT, doing

SVG = "{http://www.w3.org/2000/svg}"


def drawn(**asked: object) -> ET.Element:
    return ET.fromstring(draw(RIGHT, **asked))  # type: ignore[arg-type]  # noqa: S314 -- our own


def widths(picture: ET.Element) -> list[str]:
    return [r.get("stroke-width", "") for r in picture.iter(f"{SVG}rect")]


def test_the_picture_shows_every_state_and_act_that_leads_on() -> None:
    said = "".join(t.text or "" for t in drawn().iter(f"{SVG}text"))
    assert all(s.label in said for s in RIGHT.states)
    assert all(a.label in said for a in RIGHT.acts)


def test_only_the_state_of_the_case_is_drawn_heavy() -> None:
    assert widths(drawn()).count("3") == 0
    assert widths(drawn(here=doing.name)).count("3") == 1


def test_a_final_state_has_a_double_border() -> None:
    final = sum(s.final for s in RIGHT.states)
    assert len(widths(drawn())) == len(RIGHT.states) + final


def test_a_picture_speaks_the_language_of_its_reader() -> None:
    said = [t.text for t in drawn(say=lambda label: f"<{label}>").iter(f"{SVG}text")]
    assert f"<{doing.label}>" in said


def test_what_leads_out_of_a_state_stands_on_its_card_with_where_to() -> None:
    back = replace(RIGHT.acts[0], name="back", label="退", when=[doing], then=RIGHT.starts.then)
    picture = ET.fromstring(draw(replace(RIGHT, acts=[*RIGHT.acts, back])))  # noqa: S314
    said = [t.text for t in picture.iter(f"{SVG}text")]
    assert said[said.index("退") + 1] == "→ 新"


def test_a_long_name_stays_within_its_card() -> None:
    long = replace(RIGHT.acts[0], label="很长" * 40)
    picture = ET.fromstring(draw(replace(RIGHT, acts=[long, *RIGHT.acts[1:]])))  # noqa: S314
    assert all(len(t.text or "") <= 21 for t in picture.iter(f"{SVG}text"))


def test_a_mechanism_is_known_while_it_is_registered() -> None:
    with with_toy(RIGHT):
        assert get("toy") is RIGHT and RIGHT in every()
        assert [m.name for m in every()] == sorted(m.name for m in every())
    assert RIGHT not in every()
    with pytest.raises(Unknown, match="toy"):
        get("toy")
