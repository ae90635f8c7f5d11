"""Every page speaks both languages, and each word of ours one English."""

from gongzhi.site import messages


def test_everything_said_in_chinese_has_its_english() -> None:
    assert messages.missing() == []


def test_one_word_has_one_english() -> None:
    assert messages.differing() == []
