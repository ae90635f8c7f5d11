"""Enough of a person stays to tell two apart, and not enough to find either."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.people.masking import (
    is_citizen_number,
    mask_address,
    mask_id_no,
    mask_name,
    mask_phone,
    mask_text,
)

# Made up for these tests: the check sign is right, the sequence is no person's.
CITIZEN = "11010519491231002X"
CARD = "6222021234567890128"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张小明", "张**"),
        ("张明", "张*"),
        ("张", "张*"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        (" 张 小明 ", "张**"),
        ("John Smith", "J*** S***"),
        ("Ольга", "О***"),
        ("买买提·艾力", "买**·艾**"),
        ("买买提•艾力", "买**·艾**"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("0758-2223333", "075****3333"),
        ("2223333", "*****33"),
        ("12", "****"),
        ("", "****"),
    ],
)
def test_a_phone_keeps_its_ends(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_a_citizen_number_keeps_its_county() -> None:
    assert mask_id_no(CITIZEN) == "110105************"
    assert mask_id_no("123") == "***"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("广东省肇庆市德庆县九市镇旺埠村3组12号", "广东省肇庆市德庆县九市镇旺埠村***"),
        ("德庆县九市镇永安路1号", "德庆县九市镇***"),
        ("肇庆市端州区城东街道建设社区5栋302", "肇庆市端州区城东街道建设社区***"),
        ("肇庆市端州区建设三路12号", "肇庆市端州区***"),
        ("肇庆市四会市城中街道", "肇庆市四会市城中街道***"),
        ("星湖小区3栋张小明家", "***"),
        ("12号楼3单元，城东街道", "***"),
        ("九市镇旺埠村张村长家", "九市镇旺埠村***"),
        ("广东省 肇庆市 广宁县 南街街道 5号", "广东省肇庆市广宁县南街街道***"),
        ("12 Star Lake Road", "***"),
        ("", "***"),
    ],
)
def test_an_address_stops_at_the_village(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13812341234找我", "请打138****1234找我"),
        ("电话138 1234 1234。", "电话138****1234。"),
        ("电话１３８１２３４１２３４", "电话138****1234"),
        ("+86 138-1234-1234", "+86 138****1234"),
        ("座机0758-2223333", "座机0758-****3333"),
        (f"身份证{CITIZEN}", "身份证110105************"),
        (f"身份证{CITIZEN.lower()}，", "身份证110105************，"),
        ("身份证110105 19491231 002X", "身份证110105************"),
        ("抄错一位110105194912310021", "抄错一位1101**********0021"),
        ("旧证110105491231002", "旧证1101*******1002"),
        (f"卡号{CARD}", "卡号6222***********0128"),
        ("卡号4111 1111 1111 1111", "卡号4111********1111"),
        ("两个：13812341234、13912341234", "两个：138****1234、139****1234"),
    ],
)
def test_numbers_of_persons_in_free_text_are_hidden(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "欠工资380000元，2026-12-31 126667",
        "拨打110或12345",
        "案号441226-26-4821093-5",
        "案号4412262648210935",
        "时间20261123180000",
        "Ｘ号桥旁，３月１５日",
        "村码441226114202",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_other_numbers_stay_as_they_are_written(text: str) -> None:
    assert mask_text(text) == text


def test_the_check_sign_of_a_citizen_number_is_checked() -> None:
    assert is_citizen_number(CITIZEN)
    assert not is_citizen_number("11010519491331002X")
    assert [n for n in "0123456789X" if is_citizen_number(CITIZEN[:-1] + n)] == ["X"]


@given(
    st.text(st.characters(categories=["Lo", "P", "Z"])), st.integers(13_000_000_000, 19_999_999_999)
)
def test_a_mobile_number_never_survives(around: str, phone: int) -> None:
    assert str(phone) not in mask_text(f"{around}{phone}{around}")


@given(st.text())
def test_masking_twice_changes_nothing_more_and_invents_no_figures(text: str) -> None:
    once = mask_text(text)
    assert mask_text(once) == once
    assert len(re.findall("[0-9]", once)) <= len(re.findall(r"\d", text))
