"""Finding what is said in Chinese, and compiling the English for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from gongzhi.site import messages

PYTHON = '''
from django.utils.translation import gettext as _, ngettext
class Late(Exception):
    """已经过期。"""
class Calm:
    """A docstring for developers."""
accept = Act("accept", "受理", when=[], law="第一条")
rate = Indicator("rate", "满意率", formula="满意 ÷ 全部", source="某法")
way = Mechanism("m", "调解", categories=[("wages", "欠薪")])
said = _("第一" "第二")
many = ngettext("%(n)d 件", "%(n)d 件", 3)
'''
TEMPLATE = """
{% load i18n %}
    {% trans "缩进" %}
  {% blocktrans with n=3 trimmed %}
    共 {{ n }} 件
  {% endblocktrans %}
{% blocktrans count n=k %}{{ n }} 天{% plural %}{{ n }} 天{% endblocktrans %}
"""


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A part of its own, with one module and one template."""
    part = tmp_path / "roads"
    (part / "templates").mkdir(parents=True)
    (tmp_path / "mechanisms").mkdir()
    (part / "__init__.py").write_text("", encoding="utf-8")
    (part / "mechanism.py").write_text(PYTHON, encoding="utf-8")
    (part / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(messages, "PARTS", tmp_path)
    return part


def translate(part: Path, **english: str) -> None:
    path = messages.catalog_path(part)
    text = path.read_text(encoding="utf-8")
    for chinese, said in english.items():
        text = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{said}"')
    path.write_text(text, encoding="utf-8")


def test_all_that_is_said_is_found(part: Path) -> None:
    counted = {("%(n)d 件", "%(n)d 件"), ("%(n)s 天", "%(n)s 天")}
    single = {
        "已经过期。", "受理", "第一条", "满意率", "满意 ÷ 全部", "某法", "调解", "欠薪", "第一第二",
        "缩进", "共 %(n)s 件",
    }  # fmt: skip
    assert {said.words for said in messages.said_in(part)} == single | counted


def test_extracting_keeps_translations_and_is_stable(part: Path) -> None:
    messages.extract()
    translate(part, 受理="Accept")
    messages.extract()
    once = messages.catalog_path(part).read_text(encoding="utf-8")
    messages.extract()
    assert messages.catalog_path(part).read_text(encoding="utf-8") == once
    assert 'msgid "受理"\nmsgstr "Accept"' in once
    assert "Date" not in once
    assert "mechanism.py" not in once


def test_another_part_need_not_be_translated_again(part: Path) -> None:
    messages.extract()
    translate(part, 受理="Accept")
    other = part.with_name("petitions")
    other.mkdir()
    (other / "__init__.py").write_text('x = _("受理")', encoding="utf-8")
    messages.extract()
    assert "petitions: 受理: no English" not in messages.missing()


def test_two_ways_of_saying_one_thing_are_named(part: Path) -> None:
    other = part.with_name("petitions")
    other.mkdir()
    (other / "__init__.py").write_text('x = _("受理")', encoding="utf-8")
    messages.extract()
    translate(part, 受理="Accept")
    translate(other, 受理="Take on")
    (found,) = messages.differing()
    assert found.startswith("受理")


def test_what_is_missing_is_named(part: Path) -> None:
    assert "roads: 受理: not in the catalog" in messages.missing()
    messages.extract()
    assert "roads: 受理: no English" in messages.missing()
    translate(part, 受理="Accept")
    assert not [m for m in messages.missing() if m.startswith("roads: 受理")]


def test_lost_placeholders_are_named(part: Path) -> None:
    messages.extract()
    path = messages.catalog_path(part)
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        'msgid "共 %(n)s 件"\nmsgstr ""', 'msgid "共 %(n)s 件"\nmsgstr "%(m)s in all"'
    )
    path.write_text(text, encoding="utf-8")
    assert "roads: 共 %(n)s 件: placeholders differ" in messages.missing()


def test_compiling_needs_no_settings() -> None:
    program = (
        "import sys; from gongzhi.site import messages; messages.parts();"
        "print('django' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={}
    )
    assert run.stdout.strip() == "False"


def test_compiled_words_are_shown_and_undone_ones_stay_chinese(
    part: Path, settings: Settings
) -> None:
    messages.extract()
    translate(part, 受理="Accept")
    messages.compile_all()
    settings.LOCALE_PATHS = [part / "locale"]
    translation.trans_real._translations = {}  # type: ignore[attr-defined]
    with translation.override("en"):
        assert translation.gettext("受理") == "Accept"
        assert translation.gettext("欠薪") == "欠薪"
    with translation.override("zh-hans"):
        assert translation.gettext("受理") == "受理"
    translation.trans_real._translations = {}  # type: ignore[attr-defined]


def test_chinese_stays_chinese_where_english_comes_first(part: Path, settings: Settings) -> None:
    messages.extract()
    translate(part, 受理="Accept")
    messages.compile_all()
    settings.LANGUAGE_CODE = "en"
    settings.LOCALE_PATHS = [part / "locale"]
    translation.trans_real._translations = {}  # type: ignore[attr-defined]
    with translation.override("zh-hans"):
        assert translation.gettext("受理") == "受理"
    translation.trans_real._translations = {}  # type: ignore[attr-defined]
