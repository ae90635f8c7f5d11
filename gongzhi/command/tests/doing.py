"""Cases of a toy mechanism on days near today, and what a page says of them."""

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.act import report
from gongzhi.cases.testing import LINE, Cast, Told, told
from gongzhi.cases.tests import toys
from gongzhi.declare import Mechanism
from gongzhi.people.posts import Resident

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE


def reported(place: str = VILLAGE, *, days_ago: int = 0, of: Mechanism = toys.toy) -> Told:
    now = timezone.now() - timedelta(days=days_ago)
    said = told(place=place)
    return Told(report(of, said, key=uuid4().hex, now=now, by=Resident()), now)


def settled(cast: Cast, place: str = VILLAGE, *, days_ago: int = 0) -> Told:
    case = reported(place, days_ago=days_ago)
    case.act(toys.take, by=cast[place, "clerk"])
    case.act(toys.fix, by=cast[place, "handler"])
    case.act(toys.verify, by=cast[place, "clerk"])
    return case


def rows(client: Client, page: str, **asked: str) -> list[dict[str, str]]:
    """A table of a page as CSV, by heading."""
    answer = client.get(reverse(page), {**asked, "as": "csv"})
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def of(found: list[dict[str, str]], **is_: str) -> Mapping[str, str]:
    """The one row whose cells are these."""
    (row,) = [r for r in found if is_.items() <= r.items()]
    return row
