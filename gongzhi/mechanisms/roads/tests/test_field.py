"""A chief's phone: what it takes along, and what it sends back, in order and once."""

import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from gongzhi.cases import linkage
from gongzhi.cases.changes import Words
from gongzhi.cases.models import Attachment, Case, Entry
from gongzhi.cases.numbers import spaced
from gongzhi.cases.testing import OUTSIDE, signed_in
from gongzhi.mechanisms.roads import mechanism as m
from gongzhi.mechanisms.roads.models import Charge, Covered, Patrol, Road, Section, Stop
from gongzhi.mechanisms.roads.tests.conftest import COUNTY, VILLAGE, Stage
from gongzhi.people.models import Account, Post
from gongzhi.people.posts import Holder, hand_over
from gongzhi.people.scope import Scope, within

LINE = [[111.90, 23.20], [111.91, 23.20]]  # about a kilometre
SPOT = {"longitude": 111.905, "latitude": 23.20}


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "#aa7744").save(out, "JPEG")
    return SimpleUploadedFile("0.jpg", out.getvalue(), "image/jpeg")


def one(kind: str, *, post: UUID, key: str = "", ago: float = 0, **data: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(seconds=ago)
    return {"key": key or uuid4().hex, "kind": kind, "post": str(post), "at": at.isoformat(),
            "data": data}  # fmt: skip


class Phone:
    """One chief's phone, with its own idea of the time."""

    def __init__(self, by: Holder, *, slow: float = 0) -> None:
        self.by, self.slow, self.client = by, slow, signed_in(by)

    def did(self, kind: str, **data: Any) -> dict[str, Any]:
        return one(kind, post=data.pop("post", self.by.post), ago=self.slow, **data)

    def finding(self, **data: Any) -> dict[str, Any]:
        usual = {"category": "guard_rail", "place": VILLAGE, **SPOT}
        return self.did("roads.finding", **{**usual, **data})

    def act(self, case: Any, name: str, **said: Any) -> dict[str, Any]:
        return self.did("act", case=[case.ref[0], str(case.ref[1])], act=name, said=said)

    def send(self, *operations: dict[str, Any], **files: Any) -> list[dict[str, Any]]:
        sent_at = (timezone.now() - timedelta(seconds=self.slow)).isoformat()
        said = {"operations": json.dumps(operations), "sent_at": sent_at, **files}
        answer = self.client.post("/field/sync", said)
        assert answer.status_code == 200, answer.content
        answers: list[dict[str, Any]] = answer.json()["answers"]
        return answers

    def pack(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/field/pack").json()
        return found


def what(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [a["what"] for a in answers]


def cases() -> list[Case]:
    with within(Scope(place="44")):
        return list(Case.objects.filter(mechanism="roads").order_by("id"))


def entries() -> list[Entry]:
    with within(Scope(place="44")):
        return list(Entry.objects.order_by("case_id", "seq"))


@pytest.fixture
def section(stage: Stage) -> Section:
    long_ago = timezone.localdate() - timedelta(days=100)
    road = Road.objects.create(code="X413", name="彩虹路", place=COUNTY, valid_from=long_ago)
    found = Section.objects.create(
        road=road, name="一段", village=VILLAGE, from_km=0, to_km=1, line=LINE, valid_from=long_ago
    )
    for by in (stage.chief, stage.upper):
        Charge.objects.create(post=by.post, road=road, held_from=long_ago)
    return found


@pytest.fixture
def phone(stage: Stage, section: Section) -> Phone:
    return Phone(stage.chief)


def test_the_pack_has_stretches_and_own_hazards_and_no_resident(
    stage: Stage, phone: Phone, section: Section
) -> None:
    case = stage.reported()
    pack = phone.pack()
    (stretch,) = pack["parts"]["roads"]["stretches"]
    assert stretch["id"] == str(section.id) and stretch["overdue"] and stretch["every"] == 7
    (mine,) = pack["cases"]
    assert mine["case"] == [case.ref[0], str(case.ref[1])]
    assert {"mend", "whistle"} <= {a["name"] for a in mine["acts"]}
    assert str(stage.transport.unit) in str(mine["acts"])
    assert sum(len(g["matters"]) for g in pack["parts"]["roads"]["matters"]) == 38
    told = json.dumps(pack, ensure_ascii=False)
    assert "张三" not in told and "1380000" not in told and "三十八万" not in told


def test_a_patrol_with_findings_is_sent_in_order_and_once(phone: Phone, section: Section) -> None:
    patrol = str(uuid4())
    track = [[111.90 + n / 1000, 23.2001, n * 30] for n in range(11)]
    stop = {"id": str(uuid4()), "after": 60, "longitude": 111.902, "latitude": 23.2}
    first, second = (
        phone.finding(patrol=patrol, section=str(section.id), text="断了两米"),
        phone.finding(category="sight", longitude=111.903),
    )
    sent = [
        phone.did("roads.begin", patrol=patrol), first, second,
        phone.did("roads.finish", patrol=patrol, track=track, stops=[stop], found=2),
    ]  # fmt: skip
    files = {first["key"]: [photo(), photo()]}
    assert what(phone.send(*sent, **files)) == ["done"] * 4
    again = phone.send(*sent)
    assert what(again) == ["again"] * 4
    by_number = {spaced(c.number): c for c in cases()}
    found = [by_number[a["number"]] for a in again[1:3]]
    assert [c.category for c in found] == ["guard_rail", "sight"] and len(by_number) == 2
    assert found[0].facts["section"] == str(section.id) and found[0].place == section.village
    with within(Scope(place="44")):
        assert Attachment.objects.filter(case_id=found[0].id).count() == 2
    row = Patrol.objects.get()
    assert row.finished_at and row.found == 2 and len(row.track) == 11
    assert Stop.objects.count() == 1
    assert Covered.objects.get().share > 0.9
    assert not phone.pack()["parts"]["roads"]["stretches"][0]["overdue"]


def test_the_phones_time_stays_in_the_data_and_its_error_is_noted(phone: Phone) -> None:
    phone.slow = 3600
    phone.send(phone.finding())
    (entry,) = entries()
    assert 3590 < entry.data["phone_skew"] < 3700
    assert abs(timezone.now() - entry.at) < timedelta(minutes=1)


def test_an_act_done_without_a_signal_is_done(stage: Stage, phone: Phone) -> None:
    case = stage.reported()
    mend = phone.act(case, "mend", note="扶正了")
    answers = phone.send(mend, **{mend["key"]: [photo()]})
    assert what(answers) == ["done"] and case.row().state == m.mended.name
    assert what(phone.send(mend)) == ["again"]


def test_a_whistle_goes_out_from_the_roadside(stage: Stage, phone: Phone) -> None:
    case = stage.reported()
    said = {"ground": "beyond", "units": [str(stage.transport.unit)], "reason": "护栏要换"}
    assert what(phone.send(phone.act(case, "whistle", **said))) == ["done"]
    assert stage.task(case, "report_in", stage.transport.unit)


def test_what_a_colleague_did_first_is_a_conflict_that_becomes_a_note(
    stage: Stage, phone: Phone
) -> None:
    case = stage.reported()
    mend = phone.act(case, "mend", note="我也扶正了")
    case.act(m.mend, {"note": Words("扶正")}, by=stage.neighbour)
    (answer,) = phone.send(mend)
    assert answer["what"] == "conflict" and m.mended.label in answer["said"]
    assert answer["link"].endswith(f"/{case.ref[1]}/")
    before = case.row().seq
    note = phone.did("note", case=mend["data"]["case"], text="我也扶正了")
    assert what(phone.send(note)) == ["done"] and what(phone.send(note)) == ["again"]
    assert case.row().seq == before + 1


def test_what_was_written_about_a_case_that_moved_follows_it(stage: Stage, phone: Phone) -> None:
    case = stage.reported()
    mend = phone.act(case, "mend", note="临时围了一下")
    case.act(linkage.escalate, {"reason": Words("修不了")}, by=stage.chief)
    (answer,) = phone.send(mend)
    assert answer["what"] == "done" and answer["said"]
    assert entries()[-1].act == "note"
    assert what(phone.send(mend)) == ["again"]


def test_one_that_is_wrong_stops_none_of_the_others(stage: Stage, phone: Phone) -> None:
    elsewhere = phone.finding(place="441202001001")
    unknown = phone.did("roads.nothing")
    bad = phone.finding(category="no such")
    wrong_file = phone.finding()
    answers = phone.send(
        elsewhere, phone.finding(), unknown, bad, wrong_file, phone.act(stage.reported(), "mend"),
        phone.did("act", case="?", act="mend"), phone.act(stage.reported(), "withdraw"),
        **{wrong_file["key"]: SimpleUploadedFile("0.jpg", b"no picture", "image/jpeg")},
    )  # fmt: skip
    assert what(answers) == ["rejected", "done", *["rejected"] * 6]
    assert all(a["said"] for a in answers if a["what"] == "rejected")


def test_what_cannot_be_read_is_said_and_nothing_is_done(phone: Phone) -> None:
    for said in ("", "{", "[{}]", json.dumps([{**phone.finding(), "at": "gestern"}])):
        answer = phone.client.post(
            "/field/sync", {"operations": said, "sent_at": timezone.now().isoformat()}
        )
        assert answer.status_code == 400 and answer.json()["said"]
    assert cases() == []


def test_a_case_of_others_is_not_told_of(stage: Stage, phone: Phone) -> None:
    case = stage.reported(place=OUTSIDE, unit=stage.cast.units[OUTSIDE])
    (answer,) = phone.send(phone.act(case, "mend", note="?"))
    assert answer["what"] == "conflict" and not answer["number"] and not answer["link"]


def test_anothers_post_is_not_borrowed(stage: Stage, phone: Phone) -> None:
    (answer,) = phone.send(phone.did("roads.finding", post=stage.upper.post))
    assert answer["what"] == "rejected" and cases() == []
    begun = phone.did("roads.begin", patrol=str(uuid4()))
    phone.send(begun)
    other = Phone(stage.neighbour)
    finish = other.did("roads.finish", patrol=begun["data"]["patrol"], found=0)
    assert what(other.send(finish)) == ["rejected"]


def test_what_was_found_outlives_the_post_of_whoever_found_it(
    stage: Stage, section: Section
) -> None:
    phone = Phone(stage.chief, slow=3600)  # an hour before the post changes hands
    found, begun = phone.finding(), phone.did("roads.begin", patrol=str(uuid4()))
    now, phone.slow = timezone.now(), 0
    for post, heir in ((stage.chief, stage.neighbour), (stage.upper, stage.chief)):
        account = Account.objects.get(id=heir.account)
        hand_over(Post.objects.get(id=post.post), account, at=now)
    assert what(phone.send(found, begun)) == ["done", "rejected"]
    assert [c.category for c in cases()] == ["guard_rail"]


def test_a_thousand_findings_come_in_one_upload(phone: Phone, section: Section) -> None:
    of = str(section.id)
    sent = [phone.finding(section=of, longitude=111.90 + n / 100_000) for n in range(1_000)]
    with CaptureQueriesContext(connection) as asked:
        assert what(phone.send(*sent)) == ["done"] * 1_000
    assert len(asked) < 50  # however many there are
    assert len(cases()) == 1_000
    assert what(phone.send(*sent[:200])) == ["again"] * 200


def struck_off(stage: Stage, **told: Any) -> Any:
    case = stage.reported(**told)
    case.now = timezone.now() - timedelta(days=1)
    case.act(m.mend, {"note": Words("扶正")}, by=stage.chief)
    case.act(m.check, {"note": Words("看过")}, by=stage.neighbour)
    return case


def test_what_comes_back_within_ninety_days_is_the_same_case(stage: Stage, phone: Phone) -> None:
    case = struck_off(stage, **SPOT)
    back = phone.finding(text="又断了", longitude=111.9053)
    (answer,) = phone.send(back)
    assert answer["what"] == "done" and answer["said"]
    assert answer["number"] == spaced(case.row().number)
    assert case.row().is_open and case.row().facts["recurred"] == 1
    assert what(phone.send(back)) == ["again"] and len(cases()) == 1


@pytest.mark.parametrize(
    "told", [{"longitude": 111.906}, {"category": "sight"}, {"longitude": None}]
)
def test_another_place_or_matter_is_another_case(
    stage: Stage, phone: Phone, told: dict[str, Any]
) -> None:
    struck_off(stage, **SPOT)
    assert what(phone.send(phone.finding(**told))) == ["done"] and len(cases()) == 2


def test_without_a_sign_in_the_phone_is_led_to_it(client: Client) -> None:
    for answer in (client.get("/field/pack"), client.post("/field/sync")):
        assert answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
