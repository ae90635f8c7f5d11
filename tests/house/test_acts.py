"""Whatever can be done has a story and a line in a guide, and a worker if it is deferred."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from gongzhi.cases.linkage import LINKAGE, acts_of, extensions
from gongzhi.declare import Act, Mechanism, registry

ROOT = Path(__file__).resolve().parents[2]
GUIDES = "".join(p.read_text("utf-8") for p in (ROOT / "docs" / "guide").glob("*.md"))
STORIES = [
    p
    for part in ("gongzhi", "tests/stories", "tests/browser")
    for p in (ROOT / part).rglob("test_*.py")
]
OWN = "gongzhi.cases."  # procrastinate brings tasks too


def every_act() -> list[tuple[str, Act]]:
    """With the part whose tests tell of it; what all mechanisms share is told once."""
    return [("linkage", act) for act in LINKAGE] + [
        (m.name, act)
        for m in registry.every()
        for act in (m.starts, *m.acts, *extensions(m))
    ]  # fmt: skip


def told(path: Path) -> Iterator[str]:
    """Acts named by a test: `linkage.join`, `m.accept`, "join", or the address `…/do/join/`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            # A variable that would hide a word of Python is written with a stroke at its end.
            yield f"{node.value.id}.{node.attr.rstrip('_')}"
        elif isinstance(node, ast.ImportFrom) and node.module == "gongzhi.cases.linkage":
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            yield from re.findall(r"do/(\w+)/", node.value)


TOLD = {said for path in STORIES for said in told(path)}


@pytest.mark.parametrize(("of", "act"), every_act(), ids=lambda x: getattr(x, "name", x))
def test_every_act_has_a_story(of: str, act: Act) -> None:
    in_short = {"plans.", "whistles."} if of == "linkage" else {"m."}
    assert {f"{of}.{act.name}", act.name, *(part + act.name for part in in_short)} & TOLD


@pytest.mark.parametrize(("of", "act"), every_act(), ids=lambda x: getattr(x, "name", x))
def test_every_act_has_a_line_in_a_guide(of: str, act: Act) -> None:
    assert f"**{act.label}**" in GUIDES, "docs/guide/acts.md is a good place"


@pytest.mark.parametrize("mechanism", registry.every(), ids=lambda m: m.name)
def test_no_act_hides_one_that_every_mechanism_has(mechanism: Mechanism) -> None:
    names = [act.name for act in (mechanism.starts, *acts_of(mechanism))]
    assert len(names) == len(set(names))


def deferred(path: Path) -> Iterator[str]:
    """What is left to a worker: `name.defer(...)`, not Django's `objects.defer(...)`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"defer", "defer_async", "configure"}
            and isinstance(node.value, ast.Name)
            and node.value.id != "structlog"
        ):
            yield node.value.id


def test_everything_deferred_has_a_task_that_a_worker_does() -> None:
    known = {name.rpartition(".")[2] for name in app.tasks}
    assert {d for p in (ROOT / "gongzhi").rglob("*.py") for d in deferred(p)} <= known


def test_every_task_is_started_by_time_or_by_somebody() -> None:
    by_time = {
        task.name for task in (one.task for one in app.periodic_registry.periodic_tasks.values())
    }
    by_us = {d for p in (ROOT / "gongzhi").rglob("*.py") for d in deferred(p)}
    ours = {name for name in app.tasks if name.startswith(OWN)}
    assert ours
    assert not {n for n in ours - by_time if n.rpartition(".")[2] not in by_us}


def test_what_is_done_once_a_day_is_done_in_the_chinese_night() -> None:
    """Schedules are in UTC; from midnight to six in China they are of the evening before."""
    hours = [one.cron.split()[1] for one in app.periodic_registry.periodic_tasks.values()]
    daily = {int(hour) for hour in hours if hour.isdigit()}
    assert daily and daily <= set(range(16, 22))
