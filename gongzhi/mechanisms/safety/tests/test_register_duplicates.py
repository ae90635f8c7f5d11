"""Two entries of one firm or site are shown, never joined by themselves, and told apart once."""

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import OUTSIDE
from gongzhi.mechanisms.safety.registers import duplicates, enterprises, likeness
from gongzhi.mechanisms.safety.tests.register import TOWN, VILLAGE, Register

REGIONS = ("广东省", "肇庆市", "德庆县", "广东", "肇庆", "德庆")


@pytest.mark.parametrize(
    "name",
    ["兴旺五金", "兴旺五金有限公司", "肇庆市兴旺五金（有限）公司", "广东省肇庆市 兴旺五金 厂",
     "德庆兴旺五金有限责任公司"],
)  # fmt: skip
def test_place_and_legal_form_say_nothing_of_which_firm_it_is(name: str) -> None:
    said = likeness.of_name(name.replace("（有限）公司", "有限公司"), REGIONS)
    assert said == "兴旺五金"


def test_something_of_a_name_always_stays() -> None:
    assert likeness.of_name("德庆公司", REGIONS) and likeness.of_name("肇庆店", REGIONS)


def test_an_address_is_the_same_however_it_is_written() -> None:
    said = likeness.of_address("广东省肇庆市德庆县 工业大道１２号", REGIONS)
    assert said == likeness.of_address("工业大道12号", REGIONS) and said
    assert likeness.of_address("", REGIONS) == ""


def test_names_alike_are_found_in_the_county_before_saving(register: Register) -> None:
    assert duplicates.firms_like("兴旺五金厂", VILLAGE) == [register.firm]
    assert duplicates.firms_like("肇庆市兴旺五金制品厂", VILLAGE) == []
    assert duplicates.firms_like("兴旺五金厂", f"{OUTSIDE}001001") == []
    assert duplicates.firms_like("兴旺五金厂", VILLAGE, but=register.firm.id) == []


def test_a_firm_that_is_over_is_found_by_its_code(register: Register) -> None:
    enterprises.end(register.firm, by=register.clerk, now=register.now)
    assert duplicates.of_code(register.firm.code) == [register.firm]


def test_what_is_alike_is_listed_until_it_is_told_apart(register: Register) -> None:
    other = register.add_firm("兴旺五金厂")
    a = register.add_site(register.firm, "门市", address="工业大道 12 号")
    b = register.add_site(other, "门市", address="工业大道12号")
    register.add_site(other, "仓库", address="工业大道12号")
    firms, sites = duplicates.listed(TOWN)
    assert firms.rows == sorted([register.firm, other], key=lambda f: f.name)
    assert {a, b} <= set(sites.rows)
    with pytest.raises(Refused):
        duplicates.tell_apart(
            [register.firm.id, other.id], "不", by=register.cast[OUTSIDE, "clerk"], now=register.now
        )
    duplicates.tell_apart(
        [register.firm.id, other.id], "两家法人", by=register.clerk, now=register.now
    )
    assert [g.kind for g in duplicates.listed(TOWN)] == ["site"]
    third = register.add_firm("德庆兴旺五金店")
    assert [g.kind for g in duplicates.listed(TOWN)] == ["firm", "site"]
    enterprises.end(third, by=register.clerk, now=register.now)
    assert [g.kind for g in duplicates.listed(TOWN)] == ["site"]


def test_sites_of_one_firm_at_one_address_are_no_duplicates(register: Register) -> None:
    register.add_site(register.firm, "一车间", address="工业大道12号")
    register.add_site(register.firm, "二车间", address="工业大道12号")
    assert duplicates.listed(TOWN) == []
    assert duplicates.sites_like("工业大道12号", VILLAGE, of=register.firm.id) == []
