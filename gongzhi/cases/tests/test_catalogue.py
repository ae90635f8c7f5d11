"""The kinds of matter that a city changes: clocks of what is added, names of what is gone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from gongzhi.cases import catalogue, cataloguing
from gongzhi.cases.changes import Refused
from gongzhi.cases.linkage import act_named
from gongzhi.cases.registers import CategoryChange
from gongzhi.cases.testing import BEGAN, LINE, Cast, begin
from gongzhi.cases.tests.test_kinds import kinds, refile, running
from gongzhi.declare import registry
from gongzhi.people.posts import Holder

VILLAGE, CITY = LINE[-1], LINE[1]
ARREARS: dict[str, Any] = {
    "label": "网约工报酬", "label_en": "Platform workers' pay", "code": "0601",
    "follows": "wages", "after": "wages", "name": "",
}  # fmt: skip
NOW = BEGAN + timedelta(days=1)


@pytest.fixture
def leader(cast: Cast) -> Holder:
    return cast[CITY, "leader"]


def names() -> list[str]:
    return [kind.name for kind in catalogue.offered(kinds)]


def changed(by: Holder, name: str, **facts: Any) -> None:
    kind, listed = catalogue.kind(kinds, name), list(catalogue.every(kinds))
    at = listed.index(name)
    usual = {"label": kind.label, "label_en": cataloguing.english(kind), "code": kind.code,
             "in_use": kind.in_use, "after": listed[at - 1] if at else ""}  # fmt: skip
    seen = facts.pop("seen", cataloguing.last_change(kinds, name))
    cataloguing.change(kinds, name, usual | facts, seen=seen, by=by, now=NOW)


def refused_field(by: Holder, **facts: Any) -> str | None:
    with pytest.raises(Refused) as refused:
        cataloguing.add(kinds, ARREARS | facts, by=by, now=NOW)
    return refused.value.field


def test_what_is_added_has_the_clocks_of_what_it_follows(leader: Holder, cast: Cast) -> None:
    assert cataloguing.add(kinds, ARREARS, by=leader, now=NOW) == "platform_workers_pay"
    cataloguing.add(kinds, ARREARS | {"label": "杂项", "label_en": "Sundry", "follows": "other"},
                    by=leader, now=NOW)  # fmt: skip
    assert names() == ["wages", "sundry", "platform_workers_pay", "other"]
    with registry.with_toy(kinds):
        assert running(begin(kinds, category="platform_workers_pay")) == {"whole", "wages"}
        case = begin(kinds, category="sundry")
        assert running(case) == {"whole"}
        clerk = cast[VILLAGE, "clerk"]
        case.act(refile, {"category": "platform_workers_pay"}, by=clerk)
        assert running(case) == {"whole", "wages"}
        case.act(act_named(kinds, "take"), by=clerk)
        assert running(case) == {"whole", "wages"}


def test_what_is_out_of_use_is_not_offered_and_keeps_its_name(leader: Holder) -> None:
    changed(leader, "wages", in_use=False, label="工钱")
    assert names() == ["other"]
    assert catalogue.kind(kinds, "wages").label == "工钱"
    with registry.with_toy(kinds):
        assert running(begin(kinds)) == {"whole", "wages"}
    with pytest.raises(Refused) as refused:
        changed(leader, "other", in_use=False)
    assert refused.value.field == "in_use" and names() == ["other"]
    changed(leader, "wages", in_use=True)
    assert names() == ["wages", "other"]


def test_each_reader_has_the_name_in_their_language(leader: Holder) -> None:
    changed(leader, "wages", label="工钱", label_en="Pay")
    kind = catalogue.kind(kinds, "wages")
    assert str(kind) == "工钱"
    with translation.override("en"):
        assert str(kind) == "Pay"
    assert str(catalogue.kind(kinds, "never heard of")) == "never heard of"


def test_the_order_is_the_citys(leader: Holder) -> None:
    cataloguing.add(kinds, ARREARS | {"after": ""}, by=leader, now=NOW)
    assert names() == ["platform_workers_pay", "wages", "other"]
    changed(leader, "other", after="platform_workers_pay")
    assert names() == ["platform_workers_pay", "other", "wages"]
    with pytest.raises(Refused):
        changed(leader, "other", after="other")


def test_every_change_is_kept_with_by_whom(leader: Holder) -> None:
    cataloguing.add(kinds, ARREARS, by=leader, now=NOW)
    changed(leader, "other", label="别的", code="99")
    changed(leader, "other")
    last, first = cataloguing.history(kinds)
    assert dict(last.facts) == {"label": ["其他", "别的"], "code": ["", "99"]}
    assert (last.who, last.post and last.post.id, last.at) == ("leader", leader.post, NOW)
    assert first.facts["label"] == [None, "网约工报酬"] and first.kind.code == "0601"
    assert [c.kind.name for c in cataloguing.history(kinds, "other")] == ["other"]


def test_what_somebody_else_changed_is_not_undone_unseen(leader: Holder) -> None:
    changed(leader, "other", label="别的")
    with pytest.raises(cataloguing.Changed):
        changed(leader, "other", label="其它", seen=0)
    assert catalogue.kind(kinds, "other").label == "别的"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"label": "工资"}, "label"),
        ({"label_en": "甲"}, "label_en"),
        ({"name": "Arrears"}, "name"),
        ({"name": "a.b"}, "name"),
        ({"name": "wages"}, "name"),
        ({"follows": "x"}, "follows"),
        ({"follows": ""}, "follows"),
        ({"after": "x"}, "after"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    leader: Holder, facts: dict[str, str], field: str
) -> None:
    assert refused_field(leader, **facts) == field
    assert names() == ["wages", "other"] and not CategoryChange.objects.exists()


def test_a_name_that_is_taken_in_english_is_refused_and_a_key_never(leader: Holder) -> None:
    cataloguing.add(kinds, ARREARS, by=leader, now=NOW)
    assert refused_field(leader, label="甲", label_en="platform workers' PAY") == "label_en"
    told = ARREARS | {"label": "甲", "label_en": "Platform (workers) pay"}
    assert cataloguing.add(kinds, told, by=leader, now=NOW) == "platform_workers_pay_2"


@pytest.mark.parametrize(
    ("place", "kind", "may"),
    [(CITY, "administrator", True), (CITY, "leader", True), (CITY, "clerk", False),
     (LINE[2], "leader", False), (LINE[2], "administrator", False), (LINE[0], "leader", False)],
)  # fmt: skip
def test_the_citys_administrators_and_leaders_alone_change_it(
    cast: Cast, place: str, kind: str, may: bool
) -> None:
    by = cast[place, kind]
    assert bool(cataloguing.may_edit(by)) is may
    if not may:
        assert refused_field(by) is None
        with pytest.raises(Refused):
            changed(by, "other", label="别的")


def test_categories_are_read_once_a_minute(leader: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    cataloguing.add(kinds, ARREARS, by=leader, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            assert len(catalogue.offered(kinds)) == 3
    assert len(asked) == 1
    monkeypatch.setattr(catalogue, "STALE", -1.0)  # the minute is over
    with CaptureQueriesContext(connection) as asked:
        catalogue.offered(kinds)
    assert len(asked) == 1
