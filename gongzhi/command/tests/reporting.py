"""Reports of the last week, and what stands on their page."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from gongzhi.cases.testing import signed_in
from gongzhi.command.reports.spans import WEEK, Span, last_over
from gongzhi.command.tests.doing import reported
from gongzhi.people.posts import Holder

NOW = timezone.now()
SPAN = last_over(WEEK, timezone.localdate())
PAGE = reverse("command:reports")


def ago(day: date) -> int:
    return (timezone.localdate() - day).days


def came(n: int, span: Span = SPAN) -> None:
    for _n in range(n):
        reported(days_ago=ago(span.since + timedelta(days=2)))


def page(who: Holder, **asked: str) -> str:
    answer = signed_in(who).get(PAGE, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())
