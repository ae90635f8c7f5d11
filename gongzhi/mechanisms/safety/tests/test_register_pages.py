"""The pages of the register for its office and for other staff."""

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.safety.models import Enterprise, Looked, Site
from gongzhi.mechanisms.safety.registers import contacts, enterprises
from gongzhi.mechanisms.safety.tests.register import TOWN, VILLAGE, Register, code
from gongzhi.people.models import Account, Appointment

PLACE = {"place": VILLAGE, "place_said": VILLAGE, "place_for": VILLAGE}
FIRM = {"code": code(300), "name": "江边饭店", "industry": "H62", "size": "micro", **PLACE}
SITE = {"name": "后厨", "colour": "red", "facts": ["kitchen", "lpg"], "address": "江边街3号",
        "system": "wgs84", "longitude": "111.78", "latitude": "23.16", **PLACE}  # fmt: skip


@pytest.fixture
def client(register: Register) -> Client:
    return signed_in(register.clerk)


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"safety:{name}", args=args), asked)
    assert answer.status_code == status, (name, answer.status_code)
    return str(answer.content.decode())


def test_the_office_registers_a_firm_and_finds_it(register: Register, client: Client) -> None:
    address = reverse("safety:add_firm")
    assert "登记企业" in client.get(address).content.decode()
    wrong = client.post(address, FIRM | {"code": FIRM["code"][:-1] + "?"})
    assert wrong.status_code == 422 and "第 18 位" in wrong.content.decode()
    answer = client.post(address, FIRM, follow=True)
    assert "江边饭店" in answer.content.decode() and "餐饮业" in answer.content.decode()
    found = page(client, "register", industry="H", place=VILLAGE)
    assert "江边饭店" in found and register.firm.name not in found


def test_what_looks_like_another_is_shown_before_it_is_saved(
    register: Register, client: Client
) -> None:
    said = FIRM | {"name": "兴旺五金厂"}
    answer = client.post(reverse("safety:add_firm"), said)
    assert answer.status_code == 422 and register.firm.code in answer.content.decode()
    assert not Enterprise.objects.filter(code=code(300)).exists()
    assert client.post(reverse("safety:add_firm"), said | {"sure": "1"}).status_code == 302
    listed = page(client, "duplicates")
    assert "兴旺五金厂" in listed
    ids = list(Enterprise.objects.values_list("id", flat=True))
    none = client.post(reverse("safety:tell_apart"), {"row": ids, "reason": " "}, follow=True)
    assert "请写为什么" in none.content.decode()
    client.post(reverse("safety:tell_apart"), {"row": ids, "reason": "两家法人"})
    assert "没有要处理的" in page(client, "duplicates")


def test_a_firm_that_is_over_is_shown_by_its_code(register: Register, client: Client) -> None:
    enterprises.end(register.firm, by=register.clerk, now=register.now)
    answer = client.post(reverse("safety:add_firm"), FIRM | {"code": register.firm.code})
    assert answer.status_code == 422 and "已停用" in answer.content.decode()


def test_a_site_is_added_changed_and_ended(register: Register, client: Client) -> None:
    address = reverse("safety:add_site", args=[register.firm.id])
    outside = client.post(address, SITE | {"longitude": "113.9", "latitude": "22.5"})
    assert outside.status_code == 422 and "不在德庆县" in outside.content.decode()
    assert client.post(address, SITE).status_code == 302
    site = Site.objects.get(name="后厨")
    assert "厨房和食堂" in page(client, "site", site.id)
    change = reverse("safety:change_site", args=[site.id])
    assert "江边街3号" in client.get(change).content.decode()
    assert client.post(change, SITE | {"colour": "orange"}).status_code == 302
    assert "红色：重大风险 → 橙色：较大风险" in page(client, "history", register.firm.id)
    assert "二维码不再能用" in page(client, "end_site", site.id)
    client.post(reverse("safety:end_site", args=[site.id]))
    page(client, "site", site.id, status=404)


def test_a_firm_is_changed_and_ended(register: Register, client: Client) -> None:
    change = reverse("safety:change_firm", args=[register.firm.id])
    said = {"name": "新名字", "industry": "C34", "size": "large", "employees": "400", **PLACE}
    assert client.post(change, said).status_code == 302
    assert "通用设备制造业" in page(client, "firm", register.firm.id)
    assert "一并停用" in page(client, "end_firm", register.firm.id)
    client.post(reverse("safety:end_firm", args=[register.firm.id]))
    page(client, "firm", register.firm.id, status=404)


def test_a_contact_is_masked_until_somebody_says_why(register: Register, client: Client) -> None:
    firm = register.firm.id
    said = {"duty": "head", "name": "陈大文", "phone": "13800001234"}
    put = reverse("safety:put_contact", args=[firm])
    assert client.post(put, said | {"phone": "12"}).status_code == 422
    assert client.post(put, said).status_code == 302
    shown = page(client, "firm", firm)
    assert "陈**" in shown and "138****1234" in shown and "陈大文" not in shown
    look = reverse("safety:look", args=[firm])
    assert client.post(look, {"reason": ""}).status_code == 422
    assert client.post(look, {"reason": "约查现场"}).status_code == 302
    assert "陈大文" in page(client, "firm", firm) and "13800001234" in page(client, "firm", firm)
    assert "约查现场" in page(client, "history", firm) and Looked.objects.count() == 1
    assert "陈大文" not in page(signed_in(register.bureau), "firm", firm)
    client.post(reverse("safety:end_contact", args=[firm]), {"duty": "head"})
    assert contacts.of_firms([firm]) == {}


def test_a_unit_is_made_on_request_and_somebody_appointed(
    register: Register, client: Client
) -> None:
    firm = register.firm.id
    page(client, "appoint", firm, status=404)
    client.post(reverse("safety:make_unit", args=[firm]))
    Account.objects.create(username="boss", name="演示负责人")
    said = {"kind": "enterprise_head", "username": "boss"}
    appoint = reverse("safety:appoint", args=[firm])
    assert client.post(appoint, said | {"username": "nobody"}).status_code == 422
    assert client.post(appoint, said).status_code == 302
    assert (
        "演示负责人" in page(client, "firm", firm)
        and Appointment.objects.filter(account__username="boss", held_to=None).exists()
    )
    again = client.post(reverse("safety:make_unit", args=[firm]), follow=True)
    assert "已经有账号" in again.content.decode()


def test_who_does_not_keep_the_register_reads_it_only(register: Register) -> None:
    client = signed_in(register.cast[TOWN, "grid_member"])
    said = page(client, "firm", register.firm.id)
    assert "冲压车间" in said and "添加场所" not in said and "台账由" in said
    for name in ("change_firm", "end_firm", "add_site", "put_contact"):
        page(client, name, register.firm.id, status=404)
    page(client, "add_firm", status=404)
    page(client, "proposals", status=404)
    page(client, "change_site", register.store.id, status=404)


def test_who_has_nothing_to_do_with_safety_sees_nothing(register: Register) -> None:
    client = signed_in(register.cast[TOWN, "mediator"])
    page(client, "register", status=404)
    page(client, "firm", register.firm.id, status=404)
    assert "企业和场所" not in page(client, "hub")


def test_nobody_reads_what_lies_outside_their_place(register: Register) -> None:
    other = register.add_firm("邻村厂", place="441226114203")
    client = signed_in(register.cast[VILLAGE, "clerk"])
    page(client, "firm", other.id, status=404)
    page(client, "register", place=TOWN, status=404)
    assert "邻村厂" not in page(client, "register")


def text_of(pdf: bytes) -> list[str]:
    return [p.extract_text().replace("\n", "") for p in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_codes_are_printed_eight_to_a_page_and_one_alone(
    register: Register, client: Client
) -> None:
    pages = text_of(client.get(reverse("safety:codes"), {"place": TOWN}).content)
    assert len(pages) == 1 and "冲压车间" in pages[0] and "企业不会知道是谁" in pages[0]
    alone = text_of(client.get(reverse("safety:site_code", args=[register.store.id])).content)
    assert len(alone) == 1 and "原料仓库" in alone[0] and "12345" in alone[0]


def test_the_board_of_four_colours_is_one_page(register: Register, client: Client) -> None:
    for n in range(60):
        register.add_site(register.firm, f"{n}号仓", facts=["storage", "forklift"])
    pages = text_of(client.get(reverse("safety:board", args=[register.firm.id])).content)
    assert len(pages) == 1
    for said in ("橙色：较大风险", "冲压车间（冲压和剪切）", "另有", "红色：重大风险"):
        assert said in pages[0]


def test_the_number_of_firms_does_not_change_the_number_of_questions(
    register: Register, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        register.add_site(register.add_firm(f"{n}号厂", code=code(400 + n)), "车间")
    page(client, "register")
    with django_assert_max_num_queries(16):
        page(client, "register")
