"""The documents tell the truth: links lead somewhere, laws are recorded, the example runs."""

import re
from pathlib import Path

import pytest

from gongzhi.cases.linkage import LINKAGE
from gongzhi.cases.testing import begin, make_cast
from gongzhi.cases.transition import SHARED
from gongzhi.declare import Mechanism, checks, registry

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    p
    for p in ROOT.rglob("*.md")
    if not {".venv", "node_modules", ".gongzhi"} & set(p.relative_to(ROOT).parts)
]
LAW = "".join(p.read_text("utf-8") for p in (ROOT / "docs" / "law").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_within_the_house_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target and not target.startswith("/"):
            assert (page.parent / target).exists(), target


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text("utf-8")
    written = {p.name for p in (ROOT / "docs" / "adr").glob("0*.md")}
    assert set(re.findall(r"\((0[^)]+\.md)\)", index)) == written


def test_every_law_that_is_cited_is_recorded() -> None:
    for mechanism in registry.every():
        cited = {c.law for c in (*mechanism.clocks, *SHARED)}
        cited |= {a.law for a in (mechanism.starts, *mechanism.acts) if a.law}
        for law in cited:
            recorded = (ROOT / law).exists() if law.startswith("docs/") else law in LAW
            assert recorded, law


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme and "make test" in readme


def test_the_glossary_knows_the_linkage_acts() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    shown = {a.name for a in LINKAGE} & {"escalate", "delegate", "transfer", "supervise", "whistle"}
    assert all(f"`{name}`" in glossary for name in shown)


@pytest.mark.django_db
def test_the_mechanism_of_the_guide_runs() -> None:
    page = (ROOT / "docs" / "guide" / "add-a-mechanism.md").read_text("utf-8")
    code = re.findall(r"```python\n(.*?)```", page, re.S)[0]
    made: dict[str, object] = {}
    exec(code, made)  # noqa: S102 -- our own page
    lamps = made["lamps"]
    assert isinstance(lamps, Mechanism)
    assert checks.problems(lamps) == []
    with registry.with_toy(lamps):
        cast = make_cast()
        case = begin(lamps, category="dark")
        clerk = cast[case.row().place, "clerk"]
        for act in lamps.acts:
            case.act(act, by=clerk)
        assert case.row().state == "fixed"
