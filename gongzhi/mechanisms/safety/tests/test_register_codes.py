"""Unified social credit codes and industries: read as people write them, refused with a reason."""

import pytest

from gongzhi.mechanisms.safety.registers import credit_code, industries
from gongzhi.mechanisms.safety.registers.credit_code import BadCode
from gongzhi.mechanisms.safety.registers.facts import FACTS

# The example of the standard itself (GB 32100-2015).
GOOD = "91350100M000100Y43"


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.lower(),
        "９１３５０１００Ｍ０００１００Ｙ４３",
        " 91350100 M000100Y 43 ",
        "91350100-M000100Y4-3",
    ],
)
def test_a_code_is_read_as_people_write_it(written: str) -> None:
    assert credit_code.read(written) == GOOD


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (GOOD[:-1], "17 位"), (GOOD + "1", "19 位"), ("", "0 位"),
        ("9135O100M000100Y43", "第 5 位“O”不会出现.*“0”"),
        ("91350100M00010SY43", "第 15 位“S”.*“5”"),
        ("91350100M000100Y4?", r"第 18 位“\?”不是"),
        ("913501A0M000100Y43", "第 3 到 8 位"),
        ("91350100M000100Y44", "校验码"), ("91350100M000010Y43", "校验码"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(written: str, why: str) -> None:
    with pytest.raises(BadCode, match=why):
        credit_code.read(written)


def test_any_one_sign_that_is_wrong_is_noticed() -> None:
    for n in range(len(GOOD) - 1):
        for sign in credit_code.SIGNS:
            if sign != GOOD[n]:
                body = GOOD[:n] + sign + GOOD[n + 1 : -1]
                assert credit_code.check_sign(body) != GOOD[-1]


def test_thirty_one_is_written_as_nought() -> None:
    zero = next(
        f"91441226MA{n:07}"
        for n in range(100)
        if credit_code.check_sign(f"91441226MA{n:07}") == "0"
    )
    assert credit_code.read(zero + "0") == zero + "0"


def test_there_are_twenty_sections_and_ninety_seven_divisions_in_order() -> None:
    divisions = [d for of in industries.DIVISIONS.values() for d in of]
    assert "".join(industries.SECTIONS) == "ABCDEFGHIJKLMNOPQRST"
    assert [d[1:] for d in divisions] == [f"{n:02}" for n in range(1, 98)]
    assert all(i.name and i.name_en.isascii() for i in industries.INDUSTRIES.values())
    names = [i.name for i in industries.INDUSTRIES.values() if len(i.code) == 3]
    assert len(set(names)) == 97


@pytest.mark.parametrize("written", ["C33", "c33", "33", "金属制品业", "C33 金属制品业",
                                     "Manufacture of metal products"])  # fmt: skip
def test_a_division_is_read_by_code_or_name(written: str) -> None:
    assert industries.read(written) == "C33"


@pytest.mark.parametrize("written", ["", "C", "C99", "98", "五金"])
def test_what_is_no_division_is_not_read(written: str) -> None:
    assert industries.read(written) is None


def test_a_section_covers_its_divisions() -> None:
    assert industries.covers([], "C33") and industries.covers(["C"], "C33")
    assert not industries.covers(["H62", "B"], "C33")


def test_every_fact_fits_its_column() -> None:
    assert len(FACTS) == 42 and all(len(name) <= 20 for name in FACTS)
