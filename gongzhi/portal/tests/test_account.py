"""The public account: published once, of closed months, the same for everybody."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connections
from django.db.utils import OperationalError, ProgrammingError
from django.test import Client, override_settings
from django.urls import reverse

from gongzhi.cases import rollups
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import BEGAN, LINE, begin, make_cast
from gongzhi.declare import registry
from gongzhi.people.scope import Scope, within
from gongzhi.portal.account import figures, opened, publishing
from gongzhi.portal.models import OpenFigure, Publication
from gongzhi.portal.tasks import publish_the_account
from gongzhi.portal.tests.accounts import MONTH, PUBLISHED, counted, of

VILLAGE, TOWN, COUNTY, CITY = LINE[-1], LINE[-2], LINE[-3], LINE[-4]
pytestmark = pytest.mark.usefixtures("fresh_database", "unhurried")


@pytest.fixture
def unhurried() -> None:
    cache.clear()


def row(place: str, month: str = MONTH) -> OpenFigure:
    return OpenFigure.objects.get(publication=month, place=place, mechanism="mediation")


@pytest.fixture
def published(fresh_database: str) -> Publication:
    """Jiushi has 12 reports, its neighbours 3, 20 and none; another county 40."""
    counted("mediation", {TOWN: 12, "441226101": 3, "441226103": 20, "441202001": 40})
    return publishing.publish(MONTH, now=PUBLISHED)


def test_real_cases_are_counted_where_they_happened() -> None:
    make_cast()
    for _n in range(6):
        begin(registry.get("mediation"))
    sweep(BEGAN + timedelta(days=20))
    rollups.fold()
    publishing.publish(MONTH, now=PUBLISHED)
    assert row(CITY).reported == 6 and row(CITY).late == 6
    assert row(CITY).settled is None
    with within(Scope(place=CITY)):
        told = rollups.flows([TOWN], ["fell_late"], since=date(2026, 1, 1), until=date(2026, 2, 1))
    assert told[TOWN] == {"fell_late": 6}, "a case counts once, however many of its limits pass"


def test_what_is_small_is_withheld_with_one_besides(published: Publication) -> None:
    assert row(CITY).reported == 75
    assert row("441226101").reported is None and row(TOWN).settled is None
    told = [row(code).reported for code in (TOWN, "441226103", "441226102")]
    assert told[2] is None and {12, 20} >= {n for n in told if n is not None}
    assert published.least == 5


def test_what_counts_alone_would_tell_is_left_out(published: Publication) -> None:
    left = {m.name for m in figures.left_out()}
    assert {"petitions", "safety"} <= left
    assert not set(OpenFigure.objects.values_list("mechanism", flat=True)) & left


def test_an_accusation_is_in_no_total() -> None:
    """It is counted from the county up, and the county here is the sum of its towns."""
    counted("mediation", {TOWN: 7, COUNTY: 9})
    publishing.publish(MONTH, now=PUBLISHED)
    assert row(CITY).reported == 7


def test_a_month_that_goes_on_or_was_published_is_refused(published: Publication) -> None:
    for month in (MONTH, "2025-12", "2026-02"):
        with pytest.raises(publishing.NotClosed):
            publishing.publish(month, now=PUBLISHED)


def test_later_corrections_change_nothing(published: Publication) -> None:
    before = opened.csv_of(opened.rows(MONTH))
    counted("mediation", {TOWN: 1})
    assert publishing.publish_due(PUBLISHED) == []
    assert opened.csv_of(opened.rows(MONTH)) == before
    assert publishing.intact(published)


@pytest.mark.parametrize("said", ["UPDATE {} SET month = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["portal_publication", "portal_openfigure"])
def test_not_even_the_owner_changes_what_is_published(
    published: Publication, said: str, table: str
) -> None:
    said = said.replace("month", "publication_id") if table == "portal_openfigure" else said
    said = said.format(table) + (" CASCADE" if said.startswith("TRUNC") else "")
    with connections["owner"].cursor() as owner, pytest.raises(OperationalError, match="published"):
        owner.execute(said)
    with connections["default"].cursor() as app, pytest.raises(ProgrammingError, match="denied"):
        app.execute(said)


def test_months_that_were_missed_follow(published: Publication) -> None:
    done = publishing.publish_due(datetime(2026, 5, 5, tzinfo=UTC))
    assert done == ["2026-02", "2026-03", "2026-04"]
    assert publishing.publish_due(datetime(2026, 5, 9, tzinfo=UTC)) == []


def test_the_first_publication_may_go_back_further() -> None:
    counted("mediation", {TOWN: 7}, month="2025-11")
    done = publishing.publish_due(PUBLISHED, since="2025-11")
    assert done == ["2025-11", "2025-12", MONTH] and row(CITY, "2025-11").reported == 7


def test_the_worker_publishes_the_month_before() -> None:
    assert len(publish_the_account(0)) == 1
    assert publish_the_account(0) == []


def test_a_month_ends_where_the_city_is() -> None:
    """On the evening of the 31st in Greenwich it is the first in Zhaoqing."""
    assert publishing.publish_due(datetime(2026, 1, 31, 17, 0, tzinfo=UTC)) == [MONTH]


def page(**asked: str) -> Any:
    return Client().get(reverse("portal:account"), asked)


def test_a_resident_finds_their_town(published: Publication) -> None:
    assert page(q="九市", month=MONTH).url.endswith(f"?place={TOWN}&month={MONTH}")
    many = page(q="镇").content.decode()
    assert many.count(f'&amp;month={MONTH}"><strong>') > 1
    shown = page(place=COUNTY, month=MONTH).content.decode()
    assert "“未列”不是零：不到 5 件的不列" in shown and "九市镇" in shown
    assert page(place="441226").status_code == 200
    for wrong in ({"place": "4401"}, {"month": "2025-01"}, {"of": "petitions"}, {"place": "x"}):
        assert page(**wrong).status_code == 404, wrong


def test_before_the_first_month_the_page_says_when() -> None:
    assert "还没有公布过" in page().content.decode()
    assert page(place="441226").status_code == 404


def test_definitions_and_the_licence_are_on_the_page(published: Publication) -> None:
    said = page().content.decode()
    assert all(str(f.means) in said for f in figures.FIGURES)
    assert "还没有为这些数据选定使用许可" in said
    assert "检举控告等保密的案件，以及信访、" in said


def test_the_city_chooses_threshold_and_licence(settings: Any) -> None:
    cc = "https://creativecommons.org/licenses/by/4.0/"
    settings.CONFIG = replace(settings.CONFIG, account_least=10, account_licence=cc)
    counted("mediation", {TOWN: 9, "441226101": 3, "441202001": 20, "441203001": 12})
    publishing.publish(MONTH, now=PUBLISHED)
    assert row(TOWN).reported is None and row(CITY).reported == 44
    assert (
        f'href="{cc}"' in page().content.decode() and "不到 10 件的不列" in page().content.decode()
    )
    for name, args in (("account_json", [MONTH]), ("account_dictionary", [])):
        assert cc in Client().get(reverse(f"portal:{name}", args=args)).content.decode()


def test_the_page_asks_few_questions_however_many_months(
    published: Publication, django_assert_max_num_queries: Any
) -> None:
    publishing.publish_due(datetime(2026, 12, 5, tzinfo=UTC))
    with django_assert_max_num_queries(8):
        assert page(place=COUNTY).status_code == 200


def test_the_file_is_the_one_whose_digest_is_published(published: Publication) -> None:
    answer = Client().get(reverse("portal:account_csv", args=[MONTH]))
    assert hashlib.sha256(answer.content).hexdigest() == published.digest
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {
        "month": MONTH,
        "place": CITY,
        "name": "肇庆市",
        "reported": "75",
        "late": "",
    }.items() <= (
        next(r for r in lines if r["place"] == CITY and r["mechanism"] == "mediation").items()
    )
    again = Client().get(answer.wsgi_request.path, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    assert "public" in answer["Cache-Control"]


def test_json_says_the_same_with_its_dictionary(published: Publication) -> None:
    said = json.loads(Client().get(reverse("portal:account_json", args=[MONTH])).content)
    assert said["least"] == 5 and said["licence"] is None
    assert said["figures"][0]["place"] == CITY and said["sha256_of_csv"] == published.digest
    known = json.loads(Client().get(said["dictionary"]).content)
    names = [column["name"] for column in known["tableSchema"]["columns"]]
    assert names == list(said["figures"][0]) == opened.NAMES
    assert known["url"].endswith(reverse("portal:account_csv", args=[MONTH]))
    for column in known["tableSchema"]["columns"]:
        means = column["dc:description"]
        assert means["en"].isascii() and not means["zh"].isascii(), column["name"]


def test_one_place_has_its_own_file(published: Publication) -> None:
    answer = Client().get(reverse("portal:account_data_of", args=[MONTH, COUNTY]))
    places = {r["place"] for r in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert COUNTY in places and TOWN in places and not places & {CITY, "441202"}
    for wrong in ([MONTH, "x"], ["2025-01", COUNTY]):
        assert Client().get(reverse("portal:account_data_of", args=wrong)).status_code == 404
    assert Client().get(reverse("portal:account_csv", args=["x"])).status_code == 404


def test_a_new_month_is_in_the_feed(published: Publication) -> None:
    answer = Client().get(reverse("portal:account_feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.fromstring(answer.content)  # noqa: S314 -- our own
    entry = feed.find("a:entry", atom)
    assert feed.findtext("a:title", "", atom) == "肇庆市：公开账和公告" and entry is not None
    link = entry.find("a:link", atom)
    assert link is not None and link.get("href", "").endswith(f"?place={CITY}&month={MONTH}")
    again = Client().get(answer.wsgi_request.path, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_feed_is_of_a_place(published: Publication) -> None:
    address = reverse("portal:account_feed")
    assert f"place={TOWN}&amp;month" in Client().get(address, {"place": TOWN}).content.decode()
    assert "<entry>" not in Client().get(address, {"place": VILLAGE}).content.decode()
    for wrong in ("4401", "x", "441226999"):
        assert Client().get(address, {"place": wrong}).status_code == 404


def test_who_asks_too_often_waits(published: Publication) -> None:
    with override_settings(ACCOUNT_RATE_LIMITS={"account": "1/m/ip"}):
        client = Client()
        assert client.get(reverse("portal:account")).status_code == 200
        names = [("account", []), ("account_csv", [MONTH]), ("account_json", [MONTH]),
                 ("account_data_of", [MONTH, CITY]), ("account_dictionary", []),
                 ("account_feed", [])]  # fmt: skip
        for name, args in names:
            assert client.get(reverse(f"portal:{name}", args=args)).status_code == 429, name


def test_a_report_shows_no_live_count() -> None:
    """Kinds of which there were no few, of the last published month, without a number."""
    counted("mediation", {TOWN: 12}, "category.wages")
    counted("mediation", {TOWN: 3}, "category.land")
    counted("mediation", {TOWN: 20, "441226101": 3, "441226103": 2})
    counted("mediation", {"441202001": 4, "441203001": 3})
    publishing.publish(MONTH, now=PUBLISHED)
    assert row(TOWN).often == ["wages"]
    said = Client().get(f"/report/mediation/{VILLAGE}/")
    assert [str(kind) for kind in said.context["nearby"]] == [of("mediation", "wages")]
