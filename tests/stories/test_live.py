"""Open pages hear what concerns them over the real web server, and nothing else."""

import json
import threading
from collections.abc import Callable, Iterator
from queue import Queue

import httpx
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from gongzhi.cases import linkage, whistles
from gongzhi.cases.changes import NewParty
from gongzhi.cases.sweep import sweep
from gongzhi.cases.testing import LINE, OUTSIDE, Cast, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.models import Appointment
from gongzhi.people.posts import Holder
from tests.running import RunningSite

VILLAGE, TOWN, COUNTY = LINE[-1], LINE[-2], LINE[-3]
WITHIN = 10.0  # seconds for what happens within one; machines of tests are busy
REFRESH = ("refresh", {"within": 0})
COUNTED: tuple[str, dict[str, object]] = ("counted", {})
Open = Callable[..., "Listening"]


class Listening:
    """An open page of somebody signed in: what it is told, until its stream ends (None)."""

    def __init__(self, url: str, by: Holder, path: str = "/live/") -> None:
        cookie = signed_in(by).cookies[settings.SESSION_COOKIE_NAME].value
        self.client = httpx.Client(
            base_url=url, timeout=WITHIN * 3, cookies={settings.SESSION_COOKIE_NAME: cookie}
        )
        self.told: Queue[tuple[str, dict[str, object]] | None] = Queue()
        self.opened = threading.Event()
        self.path = path
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        assert self.opened.wait(WITHIN)

    def _listen(self) -> None:
        name = ""
        try:
            with self.client.stream("GET", self.path) as answer:
                self.status = answer.status_code
                for line in answer.iter_lines():
                    self.opened.set()
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self.told.put((name, json.loads(line.removeprefix("data: "))))
        except httpx.HTTPError:
            pass  # the test is over
        self.opened.set()
        self.told.put(None)

    def leave(self) -> None:
        """Once the stream has ended."""
        self.thread.join(WITHIN)
        self.client.close()

    def next(self) -> tuple[str, dict[str, object]] | None:
        return self.told.get(timeout=WITHIN)


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


@pytest.fixture
def open_page(site: RunningSite, cast: Cast) -> Iterator[Open]:
    opened: list[Listening] = []

    def one(by: Holder, path: str = "/live/") -> Listening:
        opened.append(Listening(site.url, by, path))
        return opened[-1]

    yield one
    site.stop()
    for page in opened:
        page.leave()


def news(case: object, act: str, *, mine: bool) -> tuple[str, dict[str, object]]:
    county, id_ = case.ref  # type: ignore[attr-defined]
    return "news", {"case": f"{county}/{id_}", "act": act, "mine": mine}


def test_the_unit_hears_of_a_new_case_and_of_its_task(cast: Cast, open_page: Open) -> None:
    village, town = open_page(cast[VILLAGE, "clerk"]), open_page(cast[TOWN, "clerk"])
    case = begin(m.mediation)
    assert village.next() == news(case, m.mediation.starts.name, mine=True)
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    assert town.next() == news(case, "whistle", mine=True)
    assert village.next() == news(case, "whistle", mine=False)


def test_the_accused_hears_nothing(cast: Cast, open_page: Open) -> None:
    village, town = open_page(cast[VILLAGE, "clerk"]), open_page(cast[TOWN, "clerk"])
    against = begin(m.mediation, parties=[NewParty("respondent", name="镇", who=cast.units[TOWN])])
    assert village.next() == news(against, m.mediation.starts.name, mine=True)
    against.act(linkage.escalate, by=cast[VILLAGE, "clerk"])
    harmless = begin(m.mediation, place=TOWN)
    assert town.next() == news(harmless, m.mediation.starts.name, mine=True)


def test_an_accused_colleague_hears_nothing_where_the_unit_does(
    cast: Cast, open_page: Open
) -> None:
    clerk, leader = open_page(cast[VILLAGE, "clerk"]), open_page(cast[VILLAGE, "leader"])
    who = cast[VILLAGE, "clerk"].account
    against = begin(m.mediation, parties=[NewParty("respondent", name="某", who=who)])
    assert leader.next() == news(against, m.mediation.starts.name, mine=True)
    harmless = begin(m.mediation)
    assert clerk.next() == news(harmless, m.mediation.starts.name, mine=True)


def test_who_is_not_signed_in_is_refused(site: RunningSite) -> None:
    assert httpx.get(f"{site.url}/live/").status_code == 403


def test_what_the_listener_missed_is_looked_for_anew(cast: Cast, open_page: Open) -> None:
    page = open_page(cast[VILLAGE, "clerk"])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                       " WHERE datname = current_database() AND query LIKE 'LISTEN%'")  # fmt: skip
        assert cursor.fetchone() == (True,)
    assert page.next() == REFRESH
    case = begin(m.mediation)
    assert page.next() == news(case, m.mediation.starts.name, mine=True)


def test_a_page_that_comes_back_looks_anew(site: RunningSite, cast: Cast, open_page: Open) -> None:
    page = open_page(cast[VILLAGE, "clerk"])
    with page.client.stream("GET", "/live/", headers={"Last-Event-ID": "1"}) as again:
        assert "event: refresh" in next(again.iter_raw()).decode()


def test_what_time_does_is_told_by_the_worker(
    site: RunningSite, cast: Cast, open_page: Open
) -> None:
    site.start_worker()
    town = open_page(cast[TOWN, "clerk"])
    case = begin(m.mediation)
    sweep(timezone.now())
    # Several entries of one case are one event, which names no act.
    assert town.next() == news(case, "", mine=True)


class TestShortStreams:
    """The right is checked again whenever a stream ends."""

    @pytest.fixture(autouse=True)
    def seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GONGZHI_LIVE_SECONDS", "1")

    def test_who_has_lost_the_post_hears_no_more(self, site: RunningSite, cast: Cast) -> None:
        clerk = cast[VILLAGE, "clerk"]
        page = Listening(site.url, clerk)
        assert page.status == 200
        Appointment.objects.filter(account=clerk.account).update(held_to=timezone.now())
        assert page.next() is None
        assert page.client.get("/live/").status_code == 403
        page.leave()


def test_pages_of_figures_hear_that_something_was_counted_and_no_more(
    cast: Cast, open_page: Open
) -> None:
    county = open_page(cast[COUNTY, "leader"], "/live/?figures")
    outside = open_page(cast[OUTSIDE, "leader"], "/live/?figures")
    begin(m.mediation)
    assert county.next() == COUNTED
    begin(m.mediation, place=OUTSIDE)
    assert outside.next() == COUNTED and outside.told.empty()


def test_figures_are_not_renewed_for_the_accused(cast: Cast, open_page: Open) -> None:
    town = open_page(cast[TOWN, "leader"], "/live/?figures")
    begin(m.mediation, parties=[NewParty("respondent", name="镇", who=cast.units[TOWN])])
    news_of = open_page(cast[VILLAGE, "clerk"])
    begin(m.mediation)
    assert town.next() == COUNTED
    news_of.next()
    assert town.told.empty()


def test_who_sees_no_place_hears_nothing_of_figures(cast: Cast, site: RunningSite) -> None:
    cookie = signed_in(cast["court", "judge"]).cookies[settings.SESSION_COOKIE_NAME].value
    with httpx.Client(cookies={settings.SESSION_COOKIE_NAME: cookie}) as judge:
        assert judge.get(f"{site.url}/live/?figures").status_code == 403
