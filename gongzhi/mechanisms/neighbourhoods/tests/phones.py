"""A chief's phone as the server sees it: what it takes along and what it sends."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone

from gongzhi.cases.testing import signed_in
from gongzhi.people.posts import Holder


class Phone:
    def __init__(self, by: Holder) -> None:
        self.by, self.client = by, signed_in(by)

    def pack(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/field/pack").json()["parts"]["neighbourhoods"]
        return found

    def did(
        self, what: str, data: Mapping[str, Any], *, at: datetime | None = None
    ) -> dict[str, Any]:
        return {"key": uuid4().hex, "kind": f"neighbourhoods.{what}", "post": str(self.by.post),
                "at": (at or timezone.now()).isoformat(), "data": dict(data)}  # fmt: skip

    def send(self, *operations: Mapping[str, Any]) -> list[tuple[str, str]]:
        told = {"operations": json.dumps(operations), "sent_at": timezone.now().isoformat()}
        answers = self.client.post("/field/sync", told).json()["answers"]
        return [(a["what"], a["said"]) for a in answers]
