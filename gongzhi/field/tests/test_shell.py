"""The page that lies on a phone: whole, impersonal, renewed when anything of it changes."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from gongzhi.cases.testing import LINE, Cast, make_cast, signed_in
from gongzhi.field import shell
from gongzhi.ui import offline


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast[LINE[-1], "road_chief"])


def test_all_that_the_page_asks_for_is_kept_with_it(client: Client, cast: Cast) -> None:
    page, worker = (client.get(f"/field/{name}").content.decode() for name in ("", "sw.js"))
    assert all(finders.find(part) for part in shell.parts_of(offline.every()))
    kept = shell.parts_of(offline.kits_for(cast[LINE[-1], "road_chief"]))
    for part in kept:
        assert f"/static/{part.replace('-', chr(92) + 'u002D')}" in worker or part in worker
    asked = [line for line in page.splitlines() if "/static/" in line]
    assert asked
    assert all(any(part in line for part in kept) for line in asked)


def test_nothing_in_the_page_is_about_the_person(client: Client, cast: Cast) -> None:
    page = client.get("/field/").content.decode()
    chief = cast[LINE[-1], "road_chief"]
    assert str(chief.post) not in page and chief.unit_name not in page
    other = signed_in(cast[LINE[3], "road_chief"]).get("/field/").content.decode()
    assert page == other


def test_the_version_changes_with_language_and_size_of_type(client: Client) -> None:
    first = client.get("/field/sw.js").content
    assert client.get("/field/sw.js").content == first
    client.cookies["type"] = "large"
    second = client.get("/field/sw.js").content
    client.cookies["django_language"] = "en"
    assert len({first, second, client.get("/field/sw.js").content}) == 3


def test_who_has_nothing_to_do_out_of_doors_is_told_so(cast: Cast) -> None:
    client = signed_in(cast[LINE[-1], "mediator"])
    assert "您的岗位没有外勤任务" in client.get("/field/").content.decode()
    assert client.get("/field/pack").json()["parts"] == {}


def test_the_manifest_speaks_the_readers_language() -> None:
    client = Client()
    assert client.get("/field/manifest.webmanifest").json()["short_name"] == "共治外勤"
    client.cookies["django_language"] = "en"
    told = client.get("/field/manifest.webmanifest").json()
    assert told["short_name"] == "Gongzhi Field" and len(told["icons"]) == 2
