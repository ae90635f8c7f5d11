"""The pages of notices: for those who write, for those who knock at doors, and for residents."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.neighbourhoods.models import Announcement, Charge, Household
from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.mechanisms.neighbourhoods.registers.announcing import Reach, Written
from gongzhi.mechanisms.neighbourhoods.tests.notices_stage import (
    COMMUNITY,
    COUNTY,
    NEXT,
    SAID,
    TOWN,
    Stage,
    totals,
)

LATER = Written("周日停水", "本周日 8 时至 18 时停水，请提前蓄水。")


@pytest.fixture
def stage(fresh_database: str) -> Stage:
    cache.clear()
    return Stage()


def url(name: str, *args: Any) -> str:
    return reverse(f"neighbourhoods:{name}", args=args)


def text(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(url(name, *args), asked)
    assert answer.status_code == status
    return str(answer.content.decode())


def filled(client: Client, **more: Any) -> dict[str, Any]:
    """The form of a new notice as a browser would send it."""
    key = re.search(r'name="key" value="([\w-]+)"', text(client, "new_notice"))
    assert key
    until = timezone.localdate() + timedelta(days=3)
    return {"key": key.group(1), "reach": "place", "title": SAID.title, "text": SAID.text,
            "shown_until": str(until), "asks": "on", "step": "look", **more}  # fmt: skip


def home(client: Client, household: Household, a: Announcement, status: int = 200) -> str:
    return text(client, "home_notice", household.key, a.id, status=status)


def test_written_looked_at_and_published_once(stage: Stage) -> None:
    client = signed_in(stage.clerk)
    said = filled(client)
    shown = client.post(url("new_notice"), said)
    page = shown.content.decode()
    assert shown.status_code == 200 and "住户会看到" in page and "2 栋楼，7 户" in page
    assert "没有写英文" in page and not Announcement.objects.exists()
    back = client.post(url("new_notice"), said | {"step": "edit"}).content.decode()
    assert SAID.text in back and "住户会看到：" not in back
    for _ in range(2):
        done = client.post(url("new_notice"), said | {"step": "send"})
        assert done.status_code == 302
    a = Announcement.objects.get()
    assert totals(a) == (7, 0, 0, 0)
    assert SAID.title in text(client, "notices")
    page = text(client, "notice", a.id)
    assert "1 栋" in page and "0 / 4 户" in page and "every 5s" in page


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title_en": "only a title"}, {"shown_until": "2001-01-01"}, {"reach": "x"},
     {"channels": ["sms"]}],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(stage: Stage, wrong: dict[str, Any]) -> None:
    client = signed_in(stage.clerk)
    answer = client.post(url("new_notice"), filled(client) | wrong | {"step": "send"})
    assert answer.status_code == 422 and not Announcement.objects.exists()


def test_a_chief_writes_for_the_own_building_alone(stage: Stage) -> None:
    client = signed_in(stage.chief)
    page = text(client, "new_notice")
    assert f"building:{stage.first.id}" in page and f"building:{stage.second.id}" not in page
    assert 'value="place"' not in page and "grid:" not in page
    said = filled(client) | {"reach": f"building:{stage.first.id}", "step": "send"}
    assert client.post(url("new_notice"), said).status_code == 302
    assert totals(Announcement.objects.get()) == (4, 0, 0, 0)


@pytest.mark.parametrize("place", [COMMUNITY, TOWN, COUNTY])
def test_staff_write_for_the_place_they_stand_over(stage: Stage, place: str) -> None:
    by = stage.cast[place, "leader"]
    for reach in (Reach(NEXT), Reach(TOWN), Reach(COUNTY), Reach(COMMUNITY, stage.grid)):
        assert bool(announcing.may_announce(by, reach)) == reach.place.startswith(place)
    assert not announcing.may_announce(stage.cast[place, "judicial_officer"], Reach(place))


def test_a_grid_head_writes_for_the_own_grid(stage: Stage) -> None:
    head = stage.grid_head()
    for reach, may in ((Reach(COMMUNITY, stage.grid), True), (Reach(COMMUNITY), False),
                       (Reach(COMMUNITY, building=stage.second), True),
                       (Reach(NEXT, building=stage.third), False)):  # fmt: skip
        assert bool(announcing.may_announce(head, reach)) == may
    client = signed_in(head)
    assert f"grid:{stage.grid.id}" in text(client, "new_notice")
    a = stage.publish()
    assert "2 栋" in text(client, "notice", a.id)
    assert text(client, "notice_doors", a.id, stage.second.id)


def test_who_may_not_write_has_no_form(stage: Stage) -> None:
    officer = signed_in(stage.cast[COMMUNITY, "judicial_officer"])
    text(officer, "new_notice", status=404)
    assert "写公告" not in text(officer, "notices")


def test_a_household_reads_and_confirms_on_its_own_page(stage: Stage, client: Client) -> None:
    a, own = stage.publish(), stage.homes[0]
    page = home(client, own, a)
    assert SAID.text in page and "我知道了" in page and "1 单元" in page
    answer = client.post(url("home_notice", own.key, a.id), {"n": "1"}, follow=True)
    assert "您家已经确认" in answer.content.decode()
    assert totals(a) == (7, 1, 1, 0)
    for key, n, status in ((own.key, "x", 404), (own.key, "7", 404), ("x", "1", 404)):
        assert client.post(url("home_notice", key, a.id), {"n": n}).status_code == status
    home(client, stage.far[0], a, status=404)


def test_english_is_shown_where_it_was_written_and_its_lack_is_said(
    stage: Stage, client: Client
) -> None:
    client.cookies["django_language"] = "en"
    both, only = stage.publish(), stage.publish(said=LATER)
    page = home(client, stage.homes[0], both)
    assert SAID.text_en in page and SAID.text not in page
    page = home(client, stage.homes[0], only)
    assert LATER.text in page and "in Chinese only" in page
    assert SAID.text_en in text(client, "open_notice", both.id)


def test_readers_see_that_it_was_corrected_and_what_changed(stage: Stage, client: Client) -> None:
    a, own = stage.publish(), stage.homes[0]
    home(client, own, a)
    clerk = signed_in(stage.clerk)
    said = {"n": "1", "title": LATER.title, "text": LATER.text, "why": "供水公司改期",
            "again": "on", "step": "look"}  # fmt: skip
    shown = clerk.post(url("correct_notice", a.id), said).content.decode()
    assert "<del>六</del><ins>日</ins>" in shown and "从头数" in shown
    assert "英文没有改" not in shown  # it was left out altogether
    kept = said | {"title_en": SAID.title_en, "text_en": SAID.text_en}
    assert "英文没有改" in clerk.post(url("correct_notice", a.id), kept).content.decode()
    assert clerk.post(url("correct_notice", a.id), said | {"step": "send"}).status_code == 302
    stale = clerk.post(url("correct_notice", a.id), said | {"step": "send"})
    assert stale.status_code == 422 and "他人更正过" in stale.content.decode()
    answer = client.post(url("home_notice", own.key, a.id), {"n": "1"}, follow=True)
    page = answer.content.decode()
    assert "请先看新的内容" in page and "供水公司改期" in page
    assert "<del>六</del><ins>日</ins>" in page and "我知道了" in page
    staff = text(clerk, "notice", a.id)
    assert "更正的经过" in staff and "供水公司改期" in staff and SAID.text_en in staff


def test_withdrawn_residents_see_the_reason_and_staff_all_of_it(
    stage: Stage, client: Client
) -> None:
    a, clerk = stage.publish(), signed_in(stage.clerk)
    assert "看不到正文" in text(clerk, "withdraw_notice", a.id)
    answer = clerk.post(url("withdraw_notice", a.id), {"why": "不停水了"})
    assert answer.status_code == 302
    for page in (home(client, stage.homes[0], a), text(client, "open_notice", a.id)):
        assert "不停水了" in page and SAID.text not in page and SAID.title not in page
    assert SAID.title not in text(client, "notices_at", COMMUNITY)
    staff = text(clerk, "notice", a.id)
    assert SAID.text in staff and "不停水了" in staff and "every" not in staff
    for name in ("correct_notice", "withdraw_notice", "notice_poster"):
        text(clerk, name, a.id, status=404)
    text(signed_in(stage.chief), "notice_doors", a.id, stage.first.id, status=404)


def test_the_chief_sees_doors_of_the_own_building_and_ticks_them(stage: Stage) -> None:
    a, client = stage.publish(), signed_in(stage.chief)
    announcing.confirm(stage.homes[0].key, a.id, 1, now=stage.now)
    page = text(client, "notice_doors", a.id, stage.first.id)
    assert "4 户里还有 3 户" in page and "<b>101</b>" not in page and "<b>102</b>" in page
    tick = {"household": str(stage.homes[1].id)}
    doors = url("notice_doors", a.id, stage.first.id)
    assert client.post(doors, tick).status_code == 302
    page = text(client, "notice_doors", a.id, stage.first.id)
    assert "还有 2 户" in page and "取消" in page
    assert totals(a) == (7, 2, 2, 1)
    client.post(doors, tick | {"undo": "1"})
    assert totals(a) == (7, 1, 1, 0)
    client.post(doors, {"household": str(stage.others[0].id)})
    assert client.post(doors, {"household": "x"}).status_code == 404
    assert totals(a) == (7, 1, 1, 0)
    text(client, "notice_doors", a.id, stage.second.id, status=404)


def test_nobody_above_the_community_sees_doors(stage: Stage) -> None:
    a = stage.publish(Reach(TOWN), by=stage.town)
    for by, status in ((stage.town, 404), (stage.cast[COUNTY, "leader"], 404), (stage.clerk, 200),
                       (stage.cast[COMMUNITY, "judicial_officer"], 404)):  # fmt: skip
        text(signed_in(by), "notice_doors", a.id, stage.first.id, status=status)
    with pytest.raises(Exception, match="不在您负责"):
        announcing.tell_at_door(a.id, stage.homes[0].id, by=stage.town, now=stage.now)


def test_counts_add_up_from_building_to_county(stage: Stage) -> None:
    county = stage.cast[COUNTY, "clerk"]
    a = stage.publish(Reach(COUNTY), by=county)
    for one in (*stage.homes[:3], stage.far[0]):
        announcing.confirm(one.key, a.id, 1, now=stage.now)
    client = signed_in(county)
    assert "确认 4 户" in text(client, "notice", a.id)
    assert "确认 3 户" in text(client, "notice", a.id, place=TOWN)
    assert "1 栋" in text(client, "notice", a.id, place=COMMUNITY)
    own = text(signed_in(stage.clerk), "notice", a.id)
    assert "确认 3 户" in own and "确认 4 户" not in own
    text(signed_in(stage.clerk), "notice", a.id, place=TOWN, status=404)
    chief = text(signed_in(stage.chief), "notice", a.id)
    assert "3 / 4 户" in chief and "2 栋" not in chief
    sheet = text(client, "notice_counts", a.id).lstrip("\ufeff")
    lines = list(csv.reader(io.StringIO(sheet)))
    assert [line[-4:] for line in lines[1:]] == [
        ["4", "3", "3", "0"], ["3", "0", "0", "0"], ["2", "1", "1", "0"]
    ]  # fmt: skip


def test_a_bar_of_what_is_still_being_queued(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "BATCH", 1)
    a = stage.publish()
    announcing.queue_some(a.id, stage.now)
    page = text(signed_in(stage.clerk), "notice", a.id)
    assert '<progress max="2" value="1">' in page and "every 1s" in page


def test_the_list_goes_on_by_keyset(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(35):
        stage.publish(Reach(COMMUNITY, building=stage.first), said=Written(f"第{n}号", "内容"),
                      now=stage.now - timedelta(minutes=n))  # fmt: skip
    client = signed_in(stage.chief)
    page = text(client, "notices")
    assert "第29号" in page and "第30号" not in page
    after = re.search(r"after=([^\"&]+)\"", page)
    assert after
    older = client.get(f"{url('notices')}?after={after.group(1)}").content.decode()
    assert "第30号" in older and "第29号" not in older
    assert "第0号" in text(client, "notices", after="nonsense", current="1")
    assert "第0号" not in text(signed_in(stage.clerk_of_next()), "notices")


def test_of_others_places_there_is_nothing_to_see(stage: Stage) -> None:
    a = stage.publish(Reach(COMMUNITY, building=stage.second))
    for by in (stage.clerk_of_next(), stage.chief):
        text(signed_in(by), "notice", a.id, status=404)


def test_reminders_are_asked_for_on_the_page(stage: Stage) -> None:
    a, client = stage.publish(channels=["robot"]), signed_in(stage.clerk)
    assert "提醒没有回音的" in text(client, "notice", a.id)
    for said in ("正在提醒", "一天最多一次"):
        answer = client.post(url("remind_of_notice", a.id), follow=True)
        assert said in answer.content.decode()
    assert client.get(url("remind_of_notice", a.id)).status_code == 405


def test_a_poster_and_a_sheet_for_the_community(stage: Stage) -> None:
    a, client = stage.publish(), signed_in(stage.clerk)
    made = client.get(url("notice_poster", a.id)).content
    read = pypdf.PdfReader(io.BytesIO(made))
    said = "".join(page.extract_text() for page in read.pages)
    assert len(read.pages) == 1 and "周六停水" in said and "Please store some" in said
    sheet = client.get(url("notice_posters", a.id), {"place": COMMUNITY}).content
    pages = pypdf.PdfReader(io.BytesIO(sheet)).pages
    assert [("1 栋" in p.extract_text(), "2 栋" in p.extract_text()) for p in pages] == [
        (True, False), (False, True)
    ]  # fmt: skip
    assert client.get(url("notice_posters", a.id), {"place": NEXT}).status_code == 404


def test_for_anybody_by_place_and_by_notice(stage: Stage, client: Client) -> None:
    a = stage.publish()
    stage.publish(Reach(NEXT), said=LATER, by=stage.town)
    page = text(client, "notices_at", COMMUNITY)
    assert SAID.title in page and LATER.title not in page
    assert "1 栋" in text(client, "open_notice", a.id, at=str(stage.first.id))
    assert text(client, "open_notice", a.id, at="x")
    for place in ("7", "999999"):
        text(client, "notices_at", place, status=404)
    assert totals(a) == (7, 0, 0, 0)


def test_the_feed_of_a_place_has_what_is_shown_there(stage: Stage) -> None:
    """In the wording that holds; not what is for another place, is over or was withdrawn."""

    def feed(place: str) -> str:
        answer = Client().get(reverse("portal:account_feed"), {"place": place})
        return str(answer.content.decode())

    a, gone = stage.publish(), stage.publish(said=LATER)
    assert SAID.title in feed(COMMUNITY) and url("open_notice", a.id) in feed(COMMUNITY)
    assert SAID.title not in feed(NEXT) and SAID.title not in feed(TOWN)
    announcing.withdraw(gone.id, "不停水了", by=stage.clerk, now=stage.now)
    assert LATER.title not in feed(COMMUNITY)
    stage.publish(said=LATER, now=stage.now - timedelta(days=30))
    assert LATER.title not in feed(COMMUNITY)


def test_who_asks_too_often_is_asked_to_wait(stage: Stage, client: Client) -> None:
    a = stage.publish()
    for _ in range(120):
        home(client, stage.homes[0], a)
    home(client, stage.homes[0], a, status=429)
    home(client, stage.homes[1], a)  # a neighbour behind the same address is not


def test_other_pages_show_notices_of_a_household_and_of_a_door(stage: Stage) -> None:
    a = stage.publish()
    django = engines["django"]
    at_home = django.from_string('{% include "neighbourhoods/notices/at_home.html" %}')
    at_door = django.from_string('{% include "neighbourhoods/notices/at_door.html" %}')
    said = at_home.render({"household": stage.homes[0]})
    assert SAID.title in said and "请确认" in said
    assert url("home_notice", stage.homes[0].key, a.id) in said
    announcing.confirm(stage.homes[0].key, a.id, 1, now=stage.now)
    assert "已确认" in at_home.render({"household": stage.homes[0]})
    assert SAID.title in at_door.render({"building": stage.first})
    assert "现在没有公告" in at_door.render({"building": stage.third})


def test_charges_that_are_over_answer_for_nothing(stage: Stage) -> None:
    head = stage.grid_head()
    Charge.objects.filter(post=head.post).update(held_to=timezone.localdate())
    assert not announcing.may_announce(head, Reach(COMMUNITY, stage.grid))
