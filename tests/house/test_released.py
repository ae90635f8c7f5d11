"""A declaration that changes says so: cases that began under the last one are still open."""

import json
from pathlib import Path

from gongzhi.declare import registry
from gongzhi.site import reference

CHANGES = (Path(__file__).resolve().parents[2] / "CHANGELOG.md").read_text("utf-8")
LAST = json.loads(reference.RELEASED.read_text("utf-8"))


def test_no_declaration_changes_unsaid() -> None:
    now = json.loads(reference.released())
    assert set(now) == set(LAST)
    assert reference.unsaid(now, LAST) == []


def test_a_raised_version_has_its_line_in_the_changelog() -> None:
    raised = [m for m in registry.every() if m.version > 1]
    assert not [m.name for m in raised if f"{m.name} {m.version}" not in CHANGES]


def test_a_state_that_was_taken_away_is_noticed() -> None:
    (name, last), *_ = LAST.items()
    fewer = {**last, "states": dict(list(last["states"].items())[1:])}
    (said,) = reference.unsaid({name: fewer}, LAST)
    assert "states changed" in said and "raise its version" in said
    assert reference.unsaid({name: {**fewer, "version": last["version"] + 1}}, LAST) == []
