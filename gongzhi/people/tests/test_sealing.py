"""Personal data is readable with the right key, in the right row, and nowhere else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from gongzhi.people import sealing
from gongzhi.people.sealing import (
    SealBroken,
    blind_index,
    check_keys,
    digest,
    needs_rotation,
    new_salt,
    reseal,
    seal,
    unseal,
)

ABOUT = "441226/0b9c/name"
OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.FIELD_KEYS = f"k1:{OLD}"
    settings.INDEX_KEY = NEW


@given(text=st.text(st.characters(exclude_categories=["Cs"])), about=st.text("0123456789/abc"))
def test_what_was_sealed_is_read_again(text: str, about: str) -> None:
    assert unseal(seal(text, about=about), about=about) == text


def test_nothing_of_the_words_shows_and_equal_words_differ() -> None:
    first, second = (seal("张小明", about=ABOUT) for _ in range(2))
    assert first != second
    assert "张小明".encode() not in first


def test_a_body_moved_to_another_row_is_refused() -> None:
    body = seal("张小明", about=ABOUT)
    with pytest.raises(SealBroken, match="密钥已更换或数据已被改动"):
        unseal(body, about="441226/ffff/name")


@given(at=st.integers(0, 200), bit=st.integers(0, 7))
def test_any_changed_bit_is_refused(at: int, bit: int) -> None:
    body = bytearray(seal("张小明", about=ABOUT))
    body[at % len(body)] ^= 1 << bit
    with pytest.raises(SealBroken):
        unseal(bytes(body), about=ABOUT)


@given(st.binary(max_size=60))
def test_what_was_never_sealed_is_refused(body: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(body, about=ABOUT)


def test_a_new_key_encrypts_and_the_old_one_still_reads(settings: Settings) -> None:
    old = seal("张小明", about=ABOUT)
    assert not needs_rotation(old)
    settings.FIELD_KEYS = f"k2:{NEW}, k1:{OLD}"
    assert needs_rotation(old)
    assert unseal(old, about=ABOUT) == "张小明"
    new = reseal(old, about=ABOUT)
    assert not needs_rotation(new)
    settings.FIELD_KEYS = f"k2:{NEW}"
    assert unseal(new, about=ABOUT) == "张小明"
    with pytest.raises(SealBroken):
        unseal(old, about=ABOUT)


def test_a_key_renamed_is_not_mistaken_for_another(settings: Settings) -> None:
    old = seal("张小明", about=ABOUT)
    settings.FIELD_KEYS = f"k1:{NEW}"
    with pytest.raises(SealBroken):
        unseal(old, about=ABOUT)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("", "Key 1 in GONGZHI_FIELD_KEYS is not written as name:base64."),
        (OLD, "is not written as name:base64"),
        (f"k1:{OLD},", "Key 2 in GONGZHI_FIELD_KEYS is not written"),
        ("k1:这不是", "Key k1 in GONGZHI_FIELD_KEYS is not base64"),
        (f"k1:{OLD[:-4]}", "is not base64|instead of 32"),
        ("k1:c2hvcnQ=", "has 5 bytes instead of 32"),
        (f"k1:{OLD},k1:{NEW}", "The key name k1 stands twice"),
        (f"{'k' * 21}:{OLD}", "a name of 1 to 20"),
        (f"钥匙:{OLD}", "a name of 1 to 20"),
    ],
)
def test_a_malformed_ring_is_named_without_showing_a_key(
    settings: Settings, keys: str, says: str
) -> None:
    settings.FIELD_KEYS = keys
    (sentence,) = check_keys()
    with pytest.raises(sealing.BadKeys, match=says):
        seal("张小明", about=ABOUT)
    assert OLD[:-4] not in sentence


@pytest.mark.parametrize("key", ["", "c2hvcnQ=", "!!", "键"])
def test_a_malformed_index_key_is_named(settings: Settings, key: str) -> None:
    settings.INDEX_KEY = key
    (sentence,) = check_keys()
    assert "GONGZHI_INDEX_KEY" in sentence


def test_good_keys_pass() -> None:
    assert check_keys() == []


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        ("phone", ["13812341234", "138 1234 1234", "+86 138-1234-1234", "１３８１２３４１２３４",
                   "0086 13812341234", "86 13812341234"]),
        ("phone", ["0758-2223333", "07582223333", "+86 758 222 3333"]),
        ("name", ["张小明", "张 小明", " 张小明　"]),
        ("name", ["John Smith", "JOHN SMITH", "Ｊohn  Smith"]),
        ("id_no", ["44122619800101123x", "44122619800101123X", "４41226 19800101 123X"]),
    ],
)  # fmt: skip
def test_one_value_has_one_index_however_it_is_written(kind: str, spellings: list[str]) -> None:
    assert len({blind_index(kind, text) for text in spellings}) == 1


def test_different_values_kinds_and_keys_have_different_indexes(settings: Settings) -> None:
    found = {blind_index("phone", "13812341234"), blind_index("phone", "13812341235"),
             blind_index("name", "13812341234"), blind_index("phone", "1234")}  # fmt: skip
    settings.INDEX_KEY = OLD
    found.add(blind_index("phone", "13812341234"))
    assert len(found) == 5
    assert {len(index) for index in found} == {16}


def test_a_digest_says_nothing_without_its_salt() -> None:
    one, two = new_salt(), new_salt()
    assert digest("甲方同意", one) == digest("甲方同意", one)
    assert digest("甲方同意", one) != digest("甲方同意", two)
    assert len(digest("", one)) == 64
