"""Rules about the code itself that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongzhi.declare import registry

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
LARGEST = 500_000  # bytes
WRITTEN = {".py", ".sql", ".css", ".js", ".html", ".typ"}
# Whoever comes may enter here; every other view names its guard (people/session.py:as_post).
OPEN_TO_ALL = {
    "gongzhi.portal.views": {"home", "where", "new", "receipt", "track", "leave"},
    "gongzhi.portal.account.pages": {"account", "data", "data_of", "dictionary", "feed"},
    "gongzhi.places.views": {"suggest"},
    "gongzhi.site.health": {"healthz", "readyz", "metrics"},  # metrics asks for its own key
    "gongzhi.field.views": {"manifest"},
    "gongzhi.ui.views": {"look", "components"},
    "gongzhi.mechanisms.mediation.pages.near": {"near", "near_site"},
    "gongzhi.mechanisms.mediation.pages.visits": {"feed"},
    "gongzhi.mechanisms.roads.pages.public": {"road", "section"},
    "gongzhi.mechanisms.neighbourhoods.pages.campaigns.public": {"at_building"},
    "gongzhi.mechanisms.neighbourhoods.pages.notices.residents": {"at_home", "opened", "at_place"},
    # For whoever has the household's own link.
    "gongzhi.mechanisms.neighbourhoods.pages.emergency.home": {"need"},
    "gongzhi.mechanisms.neighbourhoods.pages.register.public": {"at_door", "at_home"},
    "gongzhi.mechanisms.safety.pages.register.public": {"at"},
    "gongzhi.mechanisms.mediation.pages.calendar": {"feed"},  # asks for its own secret
    "gongzhi.mechanisms.neighbourhoods.pages.residents.own": {  # opened by a secret key
        *("at_home", "register", "find"),
        *("code", "mine", "copy", "correct", "withdraw", "erase"),
    },
}
# For the party that number and phone have found.
PARTIES_ONLY = {"gongzhi.portal.views": {"case", "do", "first", "letter_to_party"}}
SIGN_IN = ("allauth.", "django.views.generic.")  # allauth's pages guard themselves
# A figure of every mechanism too: cases that ended well, whatever the state is called.
FIGURES = {"settled"}
# Chooses the post in which a signed-in person acts, so it cannot ask for one.
WITHOUT_POST = {"gongzhi.desk.views.posts"}


def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [p for name in listed.stdout.split("\0") if name and (p := ROOT / name).is_file()]


def excused() -> dict[str, str]:
    """Long files and why they are."""
    lines = (ROOT / "tests/house/long_files.txt").read_text("utf-8").splitlines()
    said = (line.split(maxsplit=1) for line in lines if not line.startswith("#"))
    return {parts[0]: "".join(parts[1:]) for parts in said}


def test_no_file_is_long_without_a_reason() -> None:
    long = {
        str(p.relative_to(ROOT)) for p in files()
        if p.suffix in WRITTEN and "migrations" not in p.parts
        and len(p.read_text("utf-8").splitlines()) > MOST_LINES
    }  # fmt: skip
    assert long == set(excused()), "split it, or say why in tests/house/long_files.txt"
    assert all(len(why) > 20 for why in excused().values())


def test_no_file_is_large() -> None:
    assert not [str(p) for p in files() if p.stat().st_size > LARGEST]


def strings(path: Path) -> Iterator[str]:
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    else:
        yield from re.findall(r"[\"'](\w+)[\"']", path.read_text("utf-8"))


def test_no_state_is_named_outside_its_mechanism() -> None:
    states = {s.name for m in registry.every() for s in m.states} - FIGURES
    assert len(states) > 5
    named = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in (ROOT / "gongzhi").rglob("*")
        if path.suffix in {".py", ".html", ".sql"}
        and not {"mechanisms", "tests", "migrations"} & set(path.parts)
        for said in strings(path)
        if said in states
    ]
    assert named == []


def views(of: URLResolver) -> Iterator[tuple[str, bool]]:
    """The name of each view, and whether it lets staff in by their post alone."""
    for one in of.url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one)
        elif isinstance(one, URLPattern):
            view = one.callback
            yield f"{view.__module__}.{view.__name__}", bool(getattr(view, "asks_post", False))


def test_every_address_says_who_may_enter() -> None:
    found = dict(views(get_resolver()))
    assert len(found) > 20
    unguarded = {
        name for name, guarded in found.items()
        if not guarded and not name.startswith(SIGN_IN)
    }  # fmt: skip
    said = {
        f"{module}.{view}"
        for open_ in (OPEN_TO_ALL, PARTIES_ONLY)
        for module, names in open_.items()
        for view in names
    }
    assert unguarded == WITHOUT_POST | said
    assert not [name for name, guarded in found.items() if guarded and name in WITHOUT_POST]


def test_who_has_no_post_is_asked_to_sign_in_first(client: Client) -> None:
    answer = client.get(reverse("desk:posts"))
    assert answer.status_code == 302 and reverse("account_login") in answer.headers["Location"]


@pytest.mark.parametrize(
    "address", [("portal:case",), ("portal:do", "add"), ("portal:letter", "acceptance")]
)
def test_who_is_no_party_is_asked_for_the_number_first(
    client: Client, address: tuple[str, ...]
) -> None:
    name, *given = address
    answer = client.get(reverse(name, args=given))
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("portal:track")


@pytest.mark.parametrize("mechanism", registry.every(), ids=lambda m: m.name)
def test_the_rooms_of_a_mechanism_are_the_known_ones(mechanism: object) -> None:
    known = {
        "README.md", "__init__.py", "mechanism.py", "models.py", "forms.py", "effects.py",
        "indicators.py", "apps.py", "models", "urls.py", "pages", "network", "registers",
        "catalogue", "forms", "effects",
        "roles.py", "tasks.py", "documents",
        "templates", "templatetags", "static", "migrations", "tests", "locale", "__pycache__",
    }  # fmt: skip
    folder = ROOT / "gongzhi" / "mechanisms" / mechanism.name  # type: ignore[attr-defined]
    rooms = {p.name for p in folder.iterdir()}
    assert rooms <= known
    assert {"README.md", "mechanism.py", "apps.py", "tests"} <= rooms
