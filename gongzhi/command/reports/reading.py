"""Who reads reports, adds words to them, and has them sent by mail."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.command.models import Remark, Report, Subscription
from gongzhi.notices.models import Outlet
from gongzhi.notices.wording import reason
from gongzhi.people.models import Post
from gongzhi.people.posts import Holder
from gongzhi.ui.words import moment, named

LONGEST: Final = 1000
Said = tuple[Remark, str]  # words, and who added them when


def may_read(by: Holder, place: str) -> bool:
    return by.sees_place and place.startswith(by.place)


def leads(by: Holder, place: str) -> bool:
    return by.kind == "leader" and may_read(by, place)


def of_place(place: str, kind: str) -> QuerySet[Report]:
    """The latest first."""
    return Report.objects.filter(place=place, kind=kind).order_by("-since")


def made_below(report: Report) -> list[str]:
    """The places right below that have a report of the same span."""
    below = [row["place"] for row in report.figures["below"]]
    found = Report.objects.filter(place__in=below, kind=report.kind, since=report.since)
    return list(found.order_by("place").values_list("place", flat=True))


def remarks(report: Report) -> list[Said]:
    found = list(report.remarks.order_by("at"))
    posts = Post.objects.select_related("unit").in_bulk({r.post for r in found})
    return [
        (r, f"{named(posts[r.post].unit)} {named(posts[r.post])} {moment(r.at)}") for r in found
    ]


def remark(report: Report, words: str, *, now: datetime, by: Holder) -> Remark:
    """Raises Refused."""
    if not leads(by, report.place):
        raise Refused(_("批注由当地或上级的领导写。"))
    if not words.strip():
        raise Refused(_("请写批注。"), field="words")
    return Remark.objects.create(
        report=report, words=words.strip()[:LONGEST], account=by.account, post=by.post, at=now
    )


def mailboxes(by: Holder) -> QuerySet[Outlet]:
    """One's own, in use."""
    return Outlet.objects.filter(
        kind="mail", account=by.account, unit=by.unit, valid_to=None
    ).order_by("valid_from")


def subscribed(by: Holder, place: str, kind: str) -> QuerySet[Subscription]:
    """One's own that hold."""
    return Subscription.objects.filter(
        place=place, kind=kind, account=by.account, post=by.post, ended_at=None,
        outlet__valid_to=None,
    )  # fmt: skip


def undelivered(of: Subscription) -> str:
    """That the latest report has not arrived there, and why; nothing if it has or is not due."""
    last = of.sendings.exclude(error="ended").order_by("-made_at", "-id").first()
    if last is None or last.sent_at or not last.error:
        return ""
    said = (gettext("最近一份没有送到：%(why)s。不再发了。") if last.given_up_at
            else gettext("最近一份还没有送到：%(why)s。过一阵再发。"))  # fmt: skip
    return said % {"why": reason(last.error)}


def subscribe(place: str, kind: str, *, now: datetime, by: Holder) -> None:
    """At the first mailbox of one's own; twice is once. Raises Refused."""
    if not leads(by, place):
        raise Refused(_("报告由当地或上级的领导订阅。"))
    outlet = mailboxes(by).first()
    if outlet is None:
        raise Refused(_("请先在“通知渠道”里加上自己的邮箱。"))
    Subscription.objects.get_or_create(
        place=place, kind=kind, outlet=outlet, post=by.post, ended_at=None,
        defaults={"account": by.account, "at": now},
    )  # fmt: skip


def unsubscribe(place: str, kind: str, *, now: datetime, by: Holder) -> None:
    subscribed(by, place, kind).update(ended_at=now)
