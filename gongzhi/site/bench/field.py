"""How long a phone waits that has been without a signal for long: a thousand hazards at once."""

import json
import time
from statistics import median
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from gongzhi.field.models import Received
from gongzhi.mechanisms.roads.models import Charge, Road, Section
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.site.bench.intake import VILLAGE, Browser
from gongzhi.site.demo import PASSWORD

FINDINGS = 1_000
ROUNDS = 5
USERNAME = "bench-chief"


def _chief() -> tuple[UUID, UUID]:
    """A road chief of the village with a section of a road; ids of the post and the section."""
    now = timezone.now()
    unit = Unit.objects.get(place=VILLAGE[:9], kind="governance_centre")
    post = Post.objects.create(
        unit=unit, kind="road_chief", title="路长", place=VILLAGE, valid_from=now
    )
    account = Account.objects.create(
        username=USERNAME, name="路长", password=make_password(PASSWORD)
    )
    Appointment.objects.create(post=post, account=account, held_from=now)
    road = Road.objects.create(code="X413", name="彩虹路", place=VILLAGE[:6], valid_from=now.date())
    section = Section.objects.create(
        road=road, name="一段", village=VILLAGE, from_km=0, to_km=9, valid_from=now.date()
    )
    Charge.objects.create(post=post.id, road=road, section=section.id, held_from=now.date())
    return post.id, section.id


def _findings(post: UUID, section: UUID) -> dict[str, str]:
    """Hazards without photos, each somewhere else."""
    at = timezone.now().isoformat()
    told = [
        {"key": uuid4().hex, "kind": "roads.finding", "post": str(post), "at": at,
         "data": {"category": "guard_rail", "place": VILLAGE, "section": str(section),
                  "text": "护栏断了两米。",
                  "longitude": 111.9 + n / 1000, "latitude": 23.2}}
        for n in range(FINDINGS)
    ]  # fmt: skip
    return {"operations": json.dumps(told), "sent_at": at}


def upload() -> dict[str, float]:
    """Seconds for one upload over HTTP, while the site is served."""
    post, section = _chief()
    browser = Browser().sign_in(USERNAME)
    took = []
    for _ in range(ROUNDS):
        said = _findings(post, section)
        began = time.perf_counter()
        if browser.ask("/field/sync", said) != 200:
            raise RuntimeError("an upload was not taken in")
        took.append(time.perf_counter() - began)
    chief = Account.objects.get(username=USERNAME)
    if Received.objects.filter(account=chief.id).count() != ROUNDS * FINDINGS:
        raise RuntimeError("some hazards were refused")
    return {f"{FINDINGS} findings in one upload, seconds": round(median(took), 2)}
