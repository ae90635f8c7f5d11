"""Times and components in the reader's words."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from gongzhi.declare import days, working_days
from gongzhi.ui import words

NOW = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


def shown(source: str, **given: object) -> str:
    return Template("{% load house %}" + source).render(Context(given))


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(days=3, hours=5), "3 天", "3 days"),
        (timedelta(days=1), "1 天", "1 day"),
        (timedelta(hours=5), "5 小时", "5 hours"),
        (timedelta(minutes=20), "20 分钟", "20 minutes"),
        (timedelta(), "0 分钟", "0 minutes"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(length: timedelta, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert words.roughly(length) == chinese
    with translation.override("en"):
        assert words.roughly(length) == english


def test_what_is_due_is_told_as_left_or_overdue() -> None:
    assert words.left(NOW + timedelta(days=3), NOW) == "还剩 3 天"
    assert words.left(NOW - timedelta(days=2), NOW) == "逾期 2 天"
    assert [words.urgency(NOW + timedelta(days=d), NOW) for d in (-1, 1, 3)] == [
        "late",
        "soon",
        "calm",
    ]


def test_legal_spans_are_told_as_the_law_counts() -> None:
    assert words.span(days(15)) == "15 天"
    assert words.span(working_days(3)) == "3 个工作日"


def test_times_are_local_and_machine_readable() -> None:
    page = shown("{% when at %}|{{ at|when }}|{% when at 'day' %}", at=NOW)
    assert page.count("2026年11月24日 00:30") == 2
    assert 'datetime="2026-11-24T00:30:00+08:00"' in page
    assert page.endswith(">2026年11月24日</time>")


def test_no_time_is_shown_as_nothing() -> None:
    assert shown("{{ at|when }}{{ at|due }}{% due at %}", at=None) == ""


def test_a_rank_is_said_and_drawn_besides_coloured() -> None:
    page = shown("{% rank 'red' '重大' %}")
    assert "重大" in page
    assert "<svg" in page


def test_what_people_wrote_is_escaped_everywhere() -> None:
    bad = "<b onclick=x>"
    page = shown(
        "{% tag x %}{% rank 'red' x %}{% notice 'warn' x %}{{ x }}{% endnotice %}"
        "{% card x %}{{ x }}{% endcard %}{% fold x %}{{ x }}{% endfold %}{% tile x x x x %}"
        "{% empty x x '/' x %}{% icon 'info' x %}{% clock x a b a x %}"
        "{% path_picture steps %}{% steps labels 1 %}{% tabs items x %}",
        x=bad,
        a=NOW,
        b=NOW + timedelta(days=1),
        steps=[{"level": bad, "name": bad, "who": bad, "state": "holds"}],
        labels=[bad],
        items=[{"url": "/", "label": bad, "count": 1}],
    )
    assert "<b onclick" not in page
    assert page.count("&lt;b onclick") > 15


def test_the_bar_of_a_limit_stays_within_its_rail() -> None:
    given = {"a": NOW, "b": NOW + timedelta(days=10)}
    for now, percent in ((-5, 0), (0, 0), (5, 50), (30, 100)):
        page = shown("{% clock 'x' a b now %}", now=NOW + timedelta(days=now), **given)
        assert f'class="run" width="{percent}"' in page


def test_phases_before_the_present_one_are_past() -> None:
    with translation.override("zh-hans"):
        page = shown("{% phases 'handle' as p %}{% for n, s in p %}{{ n }}{{ s }} {% endfor %}")
    assert page == "登记past 分派past 办理now 反馈later 办结later "


class Wages(forms.Form):
    name = forms.CharField(label="姓名", help_text="如身份证")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)
    sure = forms.BooleanField(label="属实")


def test_errors_lead_to_their_fields_and_are_tied_to_them() -> None:
    page = str(Wages({}))
    for field in ("name", "kind", "sure"):
        assert f'href="#id_{field}"' in page
        assert f'id="id_{field}"' in page
        assert f'id="id_{field}_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert page.count('aria-invalid="true"') >= 2


def test_what_may_be_left_out_says_so() -> None:
    page = str(Wages())
    assert page.count("（选填）") == 1
    assert "error-summary" not in page


def test_every_choice_has_its_label() -> None:
    assert '<label for="id_kind_0">甲</label>' in str(Wages())


def test_nothing_in_a_form_needs_inline_style_or_script() -> None:
    assert "style=" not in str(Wages({}))
    assert "onclick" not in str(Wages(prefix=str(uuid4())))
