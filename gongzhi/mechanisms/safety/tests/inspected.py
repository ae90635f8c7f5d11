"""For tests: a firm's workshop with the shipped catalogue, and phones that inspect it."""

import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from gongzhi.cases.models import Case
from gongzhi.cases.testing import LINE, signed_in
from gongzhi.mechanisms.safety.models import Edition, Item, Site
from gongzhi.mechanisms.safety.registers import editions
from gongzhi.mechanisms.safety.tests.register import Register
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE


def photo(shade: int = 0, *, side: int = 32) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (side, side), (shade % 256, 120, 60)).save(out, "JPEG")
    return SimpleUploadedFile("0.jpg", out.getvalue(), "image/jpeg")


class Workshop:
    """What is asked at a stamping shop; the town's centre takes hazards in."""

    def __init__(self) -> None:
        self.register = Register()
        self.now: datetime = self.register.now
        self.today = timezone.localdate(self.now)
        self.site: Site = self.register.workshop
        self.edition: Edition = editions.ship(CITY, now=self.now - timedelta(days=9))
        self.cast = self.register.cast
        self.officer = self.register.staff("safety_officer")
        self.grid = self.cast[VILLAGE, "grid_member"]
        self.inspector = self.cast[TOWN, "safety_inspector"]

    @cached_property
    def items(self) -> list[Item]:
        return editions.items_for(self.site, on=self.today)

    @property
    def codes(self) -> list[str]:
        return [i.code for i in self.items]

    def told(self, not_met: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
        """As a phone tells it: everything answered, all met but these."""
        verdicts = {code: "not_met" if code in not_met else "met" for code in self.codes}
        usual: dict[str, Any] = {
            "inspection": str(uuid4()), "site": str(self.site.id), "kind": "self",
            "edition": str(self.edition.id), "check_of": None, "categories": [],
            "packed_at": self.now.isoformat(), "began_at": self.now.isoformat(),
            "longitude": 111.78, "latitude": 23.16, "verdicts": verdicts,
            "found": {code: {"text": f"看到 {code}", "danger": False} for code in not_met},
        }  # fmt: skip
        return {**usual, **changes}


class Phone:
    """Somebody's phone, sending over HTTP."""

    def __init__(self, by: Holder) -> None:
        self.by, self.client = by, signed_in(by)

    def did(self, kind: str, data: dict[str, Any], key: str = "") -> dict[str, Any]:
        return {"key": key or uuid4().hex, "kind": f"safety.{kind}", "post": str(self.by.post),
                "at": timezone.now().isoformat(), "data": data}  # fmt: skip

    def send(self, *operations: dict[str, Any], **files: Any) -> list[dict[str, Any]]:
        said = {"operations": json.dumps(operations), "sent_at": timezone.now().isoformat()}
        answer = self.client.post("/field/sync", {**said, **files})
        assert answer.status_code == 200, answer.content
        answers: list[dict[str, Any]] = answer.json()["answers"]
        return answers

    def inspect(self, told: dict[str, Any]) -> dict[str, Any]:
        return self.send(self.did("inspection", told))[0]

    def exhibit(self, inspection: str, code: str = "", *pictures: Any, what: str = "") -> Any:
        one = self.did("exhibit", {"inspection": inspection, "code": code, "what": what})
        return self.send(one, **{one["key"]: list(pictures) or [photo()]})[0]

    def pack(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/field/pack").json()["parts"]["safety"]
        return found


def hazards(site: UUID) -> list[Case]:
    with within(Scope(place="44")):
        return list(Case.objects.filter(facts__site=str(site)).order_by("facts__item"))
