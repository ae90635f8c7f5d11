"""The pages of the register for its office and for other staff."""

import io
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases.testing import LINE, signed_in
from gongzhi.mechanisms.roads.models import Charge, Point, Road, Section
from gongzhi.mechanisms.roads.registers import roads
from gongzhi.mechanisms.roads.tests.register import COUNTY, LINE_OF, TOWN, VILLAGE, Register
from gongzhi.mechanisms.roads.tests.test_importing import GPX

SECTION = {"name": "扶号段", "village": VILLAGE, "village_said": VILLAGE, "village_for": VILLAGE,
           "from_km": "K4+000", "to_km": "K5+000", "system": "wgs84",
           "line": "111.78 23.16; 111.79 23.17"}  # fmt: skip


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"roads:{name}", args=args), asked)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_office_registers_a_road_and_finds_it(client: Client) -> None:
    county = {"county": COUNTY, "county_said": COUNTY, "county_for": COUNTY}
    said = {"code": "y101", "name": "环村路", **county}
    wrong = client.post(reverse("roads:add_road"), said)
    assert wrong.status_code == 422 and "如 X413" in wrong.content.decode()
    answer = client.post(reverse("roads:add_road"), said | {"code": "Y101"}, follow=True)
    assert "环村路" in answer.content.decode() and "乡道" in answer.content.decode()
    found = page(client, "register", grade="Y")
    assert "Y101" in found and "X413" not in found
    again = client.post(reverse("roads:add_road"), said | {"code": "Y101"})
    assert again.status_code == 422 and "已经有这个编号" in again.content.decode()


def test_a_section_is_typed_or_driven(register: Register, client: Client) -> None:
    address = reverse("roads:add_section", args=[register.road.id])
    assert client.post(address, SECTION | {"to_km": "K3+000"}).status_code == 422
    assert client.post(address, SECTION).status_code == 302
    section = Section.objects.get(name="扶号段")
    assert section.line == LINE_OF[:2] and section.from_km == 4.0
    change = reverse("roads:change_section", args=[section.id])
    assert "K4+000" in client.get(change).content.decode()
    track = SimpleUploadedFile("a.gpx", GPX.format(name="").encode())
    assert client.post(change, SECTION | {"track": track}).status_code == 302
    section.refresh_from_db()
    assert section.line == [[111.78, 23.16], [111.79, 23.18]]
    outside = client.post(change, SECTION | {"line": "113.1 23.1; 113.2 23.2"})
    assert outside.status_code == 422 and "不在德庆县" in outside.content.decode()


def test_a_point_is_added_changed_and_ended(register: Register, client: Client) -> None:
    said = {"kind": "facility", "what": "护栏", "name": "一号护栏", "system": "wgs84",
            "section": str(register.section.id),
            "longitude": "111.785", "latitude": "23.165"}  # fmt: skip
    address = reverse("roads:add_point", args=[register.road.id])
    assert client.post(address, said | {"latitude": "33"}).status_code == 422
    assert client.post(address, said).status_code == 302
    point = Point.objects.get()
    change = reverse("roads:change_point", args=[point.id])
    assert client.post(change, said | {"name": "二号护栏"}).status_code == 302
    said_of = page(client, "road", register.road.id)
    assert "名称：一号护栏 → 二号护栏" in said_of
    client.post(reverse("roads:end_point", args=[point.id]))
    assert not roads.points_of([register.road]) and Point.objects.get().valid_to


def test_a_chief_is_put_in_charge_and_taken_out(register: Register, client: Client) -> None:
    post = register.cast[VILLAGE, "road_chief"].post
    said = {"post": str(post), "section": str(register.section.id)}
    address = reverse("roads:give", args=[register.road.id])
    assert client.post(address, said | {"post": ""}).status_code == 422
    assert client.post(address, said).status_code == 302
    again = client.post(address, said)
    assert again.status_code == 422 and "已经是这里的路长" in again.content.decode()
    client.post(reverse("roads:end_charge", args=[Charge.objects.get().id]))
    assert Charge.objects.get().held_to is not None
    assert "任路长" in page(client, "road", register.road.id)


def test_vacancies_are_listed(register: Register, client: Client) -> None:
    said = page(client, "chiefs")
    assert "旺村段" in said and "留村段" in said and "整条路" in said
    register.give(register.cast[VILLAGE, "road_chief"], register.section)
    assert "旺村段" not in page(client, "chiefs")


def test_ending_a_road_asks_first(register: Register, client: Client) -> None:
    address = reverse("roads:end_road", args=[register.road.id])
    assert "一并停用" in client.get(address).content.decode()
    assert Road.objects.get().valid_to is None
    client.post(address)
    assert Road.objects.get().valid_to is not None
    page(client, "road", register.road.id, status=404)


def test_who_does_not_keep_the_register_reads_it_only(register: Register) -> None:
    client = signed_in(register.cast[TOWN, "clerk"])
    said = page(client, "road", register.road.id)
    assert "旺村段" in said and "添加路段" not in said
    for name, of in (("change_road", register.road), ("end_section", register.section),
                     ("add_section", register.road), ("give", register.road)):  # fmt: skip
        page(client, name, of.id, status=404)
    page(client, "add_road", status=404)
    page(client, "register", place="441202", status=404)


def test_a_county_with_many_roads_asks_no_more_questions(
    register: Register, client: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(client, "register")
        return len(found)

    asked()
    before = asked()
    for n in range(20):
        register.road = register.add_road(f"C{n}", f"村道{n}")
        register.add_section("段", VILLAGE)
    assert asked() == before


def text_of(pdf: bytes) -> list[str]:
    return [p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_codes_stand_eight_on_a_page_and_one_alone(register: Register, client: Client) -> None:
    for n in range(8):
        register.add_section(f"{n}号段", VILLAGE, from_km=4.0 + n, to_km=5.0 + n)
    pages = text_of(client.get(reverse("roads:road_codes", args=[register.road.id])).content)
    assert len(pages) == 2 and "旺村段" in pages[0] and "扫码报告道路隐患" in pages[1]
    alone = client.get(reverse("roads:section_code", args=[register.section.id]))
    assert alone.headers["Content-Type"] == "application/pdf"
    assert len(text_of(alone.content)) == 1 and "K0+000" in text_of(alone.content)[0]
    assert client.get(reverse("roads:codes"), {"place": LINE[4]}).status_code == 200


@pytest.mark.parametrize("named", [False, True])
def test_the_sign_names_posts_and_persons_only_where_the_city_says_so(
    register: Register, client: Client, settings: Any, named: bool
) -> None:
    chief = register.cast[COUNTY, "road_chief"]
    register.give(chief)
    settings.CONFIG = replace(settings.CONFIG, chief_names=named)
    said = text_of(client.get(reverse("roads:sign", args=[register.road.id])).content)[0]
    assert "路长公示牌" in said and "县级路长" in said and "12345" in said
    assert (said.count("road_chief") == 2) is named  # the post is called like its holder here


def test_a_file_that_cannot_be_read_leaves_the_coordinate_system_chosen(client: Client) -> None:
    wrong = {"file": SimpleUploadedFile("a.gpx", b"no"), "system": "gcj02"}
    answer = client.post(reverse("roads:import"), wrong)
    assert answer.status_code == 422
    assert answer.context["form"].initial["system"] == "gcj02"


def test_after_signing_in_again_one_is_back_where_the_button_was(register: Register) -> None:
    register.give(register.cast[VILLAGE, "road_chief"], register.section)
    address = reverse("roads:end_charge", args=[Charge.objects.get().id])
    road = reverse("roads:road", args=[register.road.id])
    for came_from, back in (
        (f"http://testserver{road}?a=1#chiefs", f"{road}%3Fa%3D1"),
        ("http://elsewhere.example/x", reverse("desk:list")), ("", reverse("desk:list")),
    ):  # fmt: skip
        answer = Client().post(address, headers={"Referer": came_from})
        assert answer.status_code == 302 and answer["Location"].endswith(f"?next={back}")
    assert Charge.objects.get().held_to is None
