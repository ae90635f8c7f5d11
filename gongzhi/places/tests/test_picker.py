"""The place picker as a form field, and the suggestions behind it."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.test import Client
from django.utils.translation import override

from gongzhi.declare import Level
from gongzhi.places.fields import PlaceField

pytestmark = pytest.mark.django_db

JIUSHI = "441226114"
PATH = "广东省 / 肇庆市 / 德庆县 / 九市镇"
MANY = "圩镇社区居委会"


class Where(forms.Form):
    """A form with one place in it."""

    place = PlaceField(label="地点", within="4412")


class Optional(forms.Form):
    """A form whose place is a town and may be left out."""

    place = PlaceField(label="镇街", level=Level.TOWN, required=False)


class Inputs(HTMLParser):
    """The inputs of a page: name, type, value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "input":
            self.found.append(dict(attrs))


def radios(form: forms.Form) -> list[str | None]:
    return [i["value"] for i in Inputs(str(form["place"])).found if i["type"] == "radio"]


@pytest.mark.parametrize(
    "sent",
    [
        {"place": JIUSHI},
        {"place_said": "九市镇"},
        {"place_said": JIUSHI},
        {"place_said": PATH},
        {"place": JIUSHI, "place_said": PATH, "place_for": PATH},
    ],
)
def test_a_place_is_taken_from(sent: dict[str, str]) -> None:
    form = Where(sent)
    assert form.errors == {}
    assert form.cleaned_data["place"] == JIUSHI


def test_a_text_that_was_changed_counts_more_than_the_old_choice() -> None:
    form = Where({"place": "441226", "place_said": "九市镇", "place_for": "德庆县"})
    assert form.is_valid()
    assert form.cleaned_data["place"] == JIUSHI


def test_namesakes_come_back_to_choose_from() -> None:
    form = Where({"place_said": MANY})
    assert form.errors["place"].as_data()[0].code == "several"
    offered = radios(form)
    assert len(offered) > 1
    html = str(form["place"])
    assert html.count(f"/ {MANY}<") == 14
    chosen = Where({"place": str(offered[1]), "place_said": MANY, "place_for": MANY})
    assert chosen.is_valid()
    assert chosen.cleaned_data["place"] == offered[1]


def test_a_part_of_a_name_is_asked_back_and_never_guessed() -> None:
    form = Where({"place_said": "德庆 九市"})
    assert form.errors["place"].as_data()[0].code == "several"
    assert JIUSHI in radios(form)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "required"),
        ({"place_said": "没有这个地方"}, "unknown"),
        ({"place": "44"}, "outside"),
        ({"place": "441299"}, "outside"),
        ({"place": "4412' OR 1=1"}, "outside"),
        ({"place": "44122"}, "outside"),
    ],
)
def test_what_is_no_place_here_is_refused(sent: dict[str, str], code: str) -> None:
    form = Where(sent)
    assert [e.code for e in form.errors["place"].as_data()] == [code]
    assert 'name="place_said"' in str(form["place"])


def test_only_the_levels_allowed_are_offered_and_taken() -> None:
    assert Optional({"place": JIUSHI}).is_valid()
    assert not Optional({"place": "441226"}).is_valid()
    assert {len(str(code)) for code in radios(Optional({"place_said": "德"}))} == {9}


def test_an_optional_place_may_be_left_out() -> None:
    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data["place"] == ""


def test_the_scope_of_one_form_does_not_change_the_next() -> None:
    form = Where({"place": JIUSHI})
    field = form.fields["place"]
    assert isinstance(field, PlaceField)
    field.within = "441202"
    assert not form.is_valid()
    assert Where({"place": JIUSHI}).is_valid()


def test_a_place_given_before_is_shown_with_its_path() -> None:
    html = str(Where(initial={"place": JIUSHI})["place"])
    assert f'value="{PATH}"' in html
    assert f'value="{JIUSHI}"' in html


def test_a_form_knows_whether_its_place_changed() -> None:
    same = {"place": JIUSHI, "place_said": PATH, "place_for": PATH}
    assert not Where(same, initial={"place": JIUSHI}).has_changed()
    assert Where({"place_said": "德庆县"}, initial={"place": JIUSHI}).has_changed()


def test_what_was_typed_is_never_markup() -> None:
    html = str(Where({"place_said": '"><script>alert(1)</script>'})["place"])
    assert "<script>alert" not in html


def test_neither_script_nor_style_stands_in_the_page() -> None:
    """The policy of the site allows none."""
    html = str(Where({"place_said": MANY})["place"])
    assert "<script" not in html
    assert "style=" not in html
    assert " on" not in html.replace(" one", "")


def test_suggestions_are_options_with_code_and_path(client: Client) -> None:
    page = client.get("/places/search", {"q": "jiushi", "within": "4412"})
    assert page.status_code == 200
    html = page.content.decode()
    assert f'data-code="{JIUSHI}"' in html
    assert f'data-text="{PATH}"' in html
    assert 'role="option"' in html


def test_suggestions_keep_to_scope_and_level(client: Client) -> None:
    html = client.get("/places/search", {"q": "九市", "level": "5"}).content.decode()
    assert f'data-code="{JIUSHI}"' not in html
    assert f'data-code="{JIUSHI}2' in html
    nothing = client.get("/places/search", {"q": "九市", "within": "441202"})
    assert nothing.content.decode().strip() == ""


@pytest.mark.parametrize("wrong", [{"level": "9"}, {"level": "x"}, {"within": "'"}, {"near": "1"}])
def test_a_wrong_question_is_refused(client: Client, wrong: dict[str, str]) -> None:
    assert client.get("/places/search", {"q": "九市", **wrong}).status_code == 400


def test_suggestions_are_read_only(client: Client) -> None:
    assert client.post("/places/search", {"q": "九市"}).status_code == 405


def test_the_field_speaks_english() -> None:
    with override("en"):
        html = str(Where({"place_said": MANY})["place"])
        assert "Which of them?" in html
        assert "Zhaoqing City" in html
