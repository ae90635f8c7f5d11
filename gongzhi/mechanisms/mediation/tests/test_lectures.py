"""Law lectures: who may enter them, what is kept of them, and how they are summed."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from gongzhi.cases import files
from gongzhi.cases.retention import STRAY_AFTER, erase_strays
from gongzhi.cases.testing import make_unit, signed_in
from gongzhi.mechanisms.mediation.models import Lecture
from gongzhi.mechanisms.mediation.network import visits
from gongzhi.mechanisms.mediation.tests.conftest import COUNTY, TOWN, VILLAGE, Stage
from gongzhi.mechanisms.mediation.tests.test_visits import planned, soon
from gongzhi.people.models import Unit


@pytest.fixture
def point(stage: Stage) -> Unit:
    return Unit.objects.get(id=make_unit(VILLAGE, "contact_point", parent=stage.court))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return out.getvalue()


def test_a_lecture_keeps_its_photos_when_strays_go(
    fresh_database: str, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES = str(tmp_path)
    stage = Stage()
    point = Unit.objects.get(id=make_unit(VILLAGE, "contact_point", parent=stage.court))
    (visit,) = planned(stage, point, soon())
    said = {"topic": "邻里关系", "held_at": "2026-01-05T09:00", "attendance": "31",
            "photos": io.BytesIO(picture())}  # fmt: skip
    client = signed_in(stage.officer)
    assert client.post(reverse("mediation:lecture", args=[visit.id]), said).status_code == 302
    lecture = Lecture.objects.get()
    (kept,) = lecture.photos
    stray = files.accept(picture()[:-2] + b"\x00\xff\xd9").sha256
    assert erase_strays(timezone.now() + 2 * STRAY_AFTER) == int(stray != kept)
    shown = client.get(reverse("mediation:lecture_photo", args=[lecture.id, 0]))
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    other = signed_in(stage.cast["441202", "clerk"])
    assert other.get(reverse("mediation:lecture_photo", args=[lecture.id, 0])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("held_at", "2999-01-01T09:00"), ("attendance", "10001"), ("topic", "")]
)
def test_a_lecture_that_cannot_be_is_not_entered(
    stage: Stage, point: Unit, field: str, value: str
) -> None:
    (visit,) = planned(stage, point, soon())
    said = {"topic": "邻里", "held_at": "2026-01-05T09:00", "attendance": "31", field: value}
    address = reverse("mediation:lecture", args=[visit.id])
    assert signed_in(stage.officer).post(address, said).status_code == 422
    assert not Lecture.objects.exists()


def test_a_paper_is_no_photo(stage: Stage, point: Unit, settings: Settings, tmp_path: Path) -> None:
    settings.FILES = str(tmp_path)
    (visit,) = planned(stage, point, soon())
    paper = io.BytesIO(b"%PDF-1.4\ntrailer<<>>\n%%EOF")
    said = {"topic": "邻里", "held_at": "2026-01-05T09:00", "attendance": "3", "photos": paper}
    address = reverse("mediation:lecture", args=[visit.id])
    answer = signed_in(stage.officer).post(address, said)
    assert answer.status_code == 422 and "只能放照片" in answer.content.decode()
    assert not Lecture.objects.exists()


def test_lectures_of_a_year_are_summed_by_point(stage: Stage, point: Unit) -> None:
    idle = make_unit(TOWN, "contact_point", parent=stage.court)
    now = timezone.now()
    for days, came in ((1, 30), (300, 12), (400, 99)):
        Lecture.objects.create(unit=point.id, topic="邻里", attendance=came,
                               held_at=now - timedelta(days=days), by=stage.judge.post)  # fmt: skip
    both = list(Unit.objects.filter(id__in=[point.id, idle]))
    rows = visits.taught(both, now - timedelta(days=365))
    assert [(r.point, r.lectures, r.came) for r in rows] == [(point, 2, 42), (None, 2, 42)]
    page = signed_in(stage.cast[COUNTY, "leader"]).get(reverse("mediation:visits"))
    assert '">42</td>' in page.content.decode()


def test_a_lecture_may_be_held_by_itself(stage: Stage, point: Unit) -> None:
    other = make_unit(TOWN, "contact_point", parent=stage.court)
    said = {"topic": "防范诈骗", "held_at": "2026-01-05T09:00", "attendance": "31"}
    client, address = signed_in(stage.cast[COUNTY, "leader"]), reverse("mediation:new_lecture")
    assert client.post(address, said).status_code == 422  # at which of the two?
    assert client.post(address, {**said, "unit": str(other)}).status_code == 302
    (held,) = Lecture.objects.all()
    assert (held.unit, held.visit, held.topic) == (other, None, "防范诈骗")
    page = client.get(reverse("mediation:lectures")).content.decode()
    assert "防范诈骗" in page and "31 人参加" in page
    outsider = signed_in(stage.cast["441202", "leader"])
    assert outsider.get(address).status_code == 404
    assert "防范诈骗" not in outsider.get(reverse("mediation:lectures")).content.decode()
