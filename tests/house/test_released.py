"""A declaration that changes says so: cases that began under the last one are still open."""

import ast
import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongzhi.declare import Clock, Mechanism, days, registry
from gongzhi.site import reference

ROOT = Path(__file__).resolve().parents[2]
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")
LAST: dict[str, Any] = json.loads(reference.RELEASED.read_text("utf-8"))


def lacking_line(mechanism: Mechanism, changes: str) -> bool:
    return mechanism.version > 1 and f"{mechanism.name} {mechanism.version}" not in changes


def mapped(name: str) -> set[str]:
    """All that the migrations of a mechanism name; a state that was taken away is among it."""
    folder = ROOT / "gongzhi" / "mechanisms" / name / "migrations"
    return {
        node.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def unmapped(said: dict[str, Any]) -> dict[str, set[str]]:
    """States in which cases may still stand and that no migration maps, by mechanism."""
    found = {name: set(of["retired"]) - mapped(name) for name, of in said.items()}
    return {name: states for name, states in found.items() if states}


def test_no_declaration_changes_unsaid() -> None:
    now = json.loads(reference.released())
    assert set(now) == set(LAST)
    assert reference.unsaid(now, LAST) == []


def test_a_raised_version_has_its_line_in_the_changelog() -> None:
    assert not [m.name for m in registry.every() if lacking_line(m, CHANGES)]


def test_every_state_that_was_taken_away_has_a_migration() -> None:
    assert unmapped(json.loads(reference.released())) == {}


@pytest.mark.parametrize("part", reference.COMPARED)
def test_what_is_taken_away_is_noticed_until_the_version_is_raised(part: str) -> None:
    name, now = next(iter(LAST)), deepcopy(LAST)
    now[name][part].popitem()
    (said,) = reference.unsaid(now, LAST)
    assert said.startswith(f"{name}: {part} changed; raise its version")
    now[name]["version"] += 1
    assert reference.unsaid(now, LAST) == []


def test_a_mechanism_that_is_gone_is_noticed() -> None:
    name = next(iter(LAST))
    (said,) = reference.unsaid({n: of for n, of in LAST.items() if n != name}, LAST)
    assert said.startswith(f"{name}: it was released and is gone")


def raised() -> Mechanism:
    """A real mechanism with one clock more, as its next version."""
    now = registry.every()[0]
    more = Clock("more", "另", days(1), runs_in=[now.states[0]], law="x")
    return replace(now, clocks=[*now.clocks, more], version=now.version + 1)


def test_a_new_version_without_its_line_is_noticed() -> None:
    assert lacking_line(raised(), "")
    assert not lacking_line(raised(), f"{raised().name} {raised().version}: …")


def test_a_state_that_is_gone_is_remembered_and_asks_for_a_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, before = next(iter(LAST)), deepcopy(LAST)
    before[name]["states"]["elsewhere"] = ["handle", False]
    for _ in range(2):  # also by the release after the next one
        kept = tmp_path / "mechanisms.json"
        kept.write_text(json.dumps(before), "utf-8")
        monkeypatch.setattr(reference, "RELEASED", kept)
        before = json.loads(reference.released())
        assert before[name]["retired"] == ["elsewhere"]
        assert unmapped(before) == {name: {"elsewhere"}}
