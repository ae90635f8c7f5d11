"""What a browser keeps of a resident's case, and what it does not open."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongzhi.cases.calendar import working_calendar
from gongzhi.cases.sealed import tail_index
from gongzhi.cases.testing import Cast
from gongzhi.portal import kept

REPORT = "/report/mediation/441226114202/"
TOLD = {
    "category": "wages", "text": "拖欠工资。", "respondent": "某合作社", "name": "李工友",
    "danger": "none", "phone": "13800007788",
}  # fmt: skip


def test_a_public_report_takes_one_statement(cast: Cast) -> None:
    client = Client()
    working_calendar()  # read once per process, whichever test comes first
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(REPORT, {**TOLD, "key": uuid4().hex})
    assert answer.status_code == 302
    assert [q["sql"].startswith("SELECT report_v1(") for q in asked] == [True]


def test_whoever_sends_anothers_report_again_does_not_see_it(cast: Cast) -> None:
    key = uuid4().hex
    Client().post(REPORT, {**TOLD, "key": key})
    other = Client()
    answer = other.post(REPORT, {**TOLD, "key": key, "phone": "13900001122"})
    assert answer.headers["Location"] == "/track/"
    assert kept.COOKIE not in other.cookies


def cookie(value: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES[kept.COOKIE] = value
    return request


def made() -> str:
    response = HttpResponse()
    kept.keep(response, uuid4(), tail_index("13800007788"), "4412262600000010")
    value: str = response.cookies[kept.COOKIE].value
    return value


def test_what_is_kept_is_sealed_and_comes_back_whole() -> None:
    found = kept.kept_in(cookie(made()))
    assert found and found.number == "4412262600000010"
    assert found.resident.tail == tail_index("13800007788")
    assert "441226" not in made()


def test_nothing_changed_or_foreign_is_believed() -> None:
    value = made()
    for wrong in ("", "x", value[:-8], value[:-2] + ("AA" if value[-2:] != "AA" else "BB")):
        assert kept.kept_in(cookie(wrong)) is None


def test_it_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_FOR", timedelta(minutes=-1))
    assert kept.kept_in(cookie(made())) is None


def test_a_case_that_is_gone_asks_for_the_number_again(cast: Cast) -> None:
    client = Client()
    client.cookies[kept.COOKIE] = made()
    for name, args in (("receipt", []), ("case", []), ("do", ["add"])):
        answer = client.get(reverse(f"portal:{name}", args=args))
        assert answer.headers["Location"] == "/track/", name


def test_while_the_database_is_away_one_is_asked_to_come_again(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "9")
    connection.close()
    answer = Client(raise_request_exception=False).post(REPORT, {**TOLD, "key": uuid4().hex})
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "只办理一次" in answer.content.decode()
