"""Sends notices over their channels: which addresses get one, and what each of them is told.

A mailing becomes dispatches once, in the worker: to outlets of units and teams, and to residents
who agreed to it (residents_notified). These go by the post that notices of cases go by
(gongzhi/notices), with its rules of trying again and giving up.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gongzhi.mechanisms.neighbourhoods.models import (
    Announcement,
    Dispatch,
    Mailing,
    Registered,
    Told,
    Wording,
)
from gongzhi.mechanisms.neighbourhoods.registers import buildings, residents_notified
from gongzhi.mechanisms.neighbourhoods.registers.announcing import MAILINGS
from gongzhi.mechanisms.neighbourhoods.roles import TEAM
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.delivering import CLAIM, Outbox, after
from gongzhi.notices.models import Outlet
from gongzhi.notices.posting import NotDelivered
from gongzhi.notices.wording import Message, site_url
from gongzhi.people.models import Unit
from gongzhi.people.sealing import SealBroken
from gongzhi.places.levels import span

HANDS: Final = 4  # notices to residents on their way at once, beside those of cases
ROWS: Final = 2_000
# A robot takes 2048 bytes (https://developer.work.weixin.qq.com/document/path/91770).
MOST_OF_A_ROBOT: Final = 450  # signs of Chinese
# Of a text, for residents: the rest is on their household's page, where reading it counts.
SHORT: Final = {"mail": 450, "sms": 40}
OWNER: Final = "owner"


@dataclass(frozen=True, slots=True)
class Address:
    """An outlet of a unit that a notice goes to by which channel, and the building it is of. What
    the address is stays sealed until it is sent to."""

    channel: str
    outlet: UUID
    building: UUID | None = None


def _units(a: Announcement) -> tuple[list[UUID], dict[UUID, UUID]]:
    """The units concerned, and of which building each team is."""
    found = buildings.buildings_in(a.place)
    if a.building_id is not None:
        found = found.filter(id=a.building_id)
    elif a.grid_id is not None:
        found = found.filter(grid=a.grid_id)
    teams = dict(found.values_list("team", "id"))
    if a.building_id is not None or a.grid_id is not None:
        return list(teams), teams
    low, high = span(a.place)
    offices = Unit.objects.filter(place__gte=low, place__lt=high, valid_to=None)
    return [*offices.exclude(kind=TEAM).values_list("id", flat=True), *teams], teams


def not_heard(a: Announcement, **of: Any) -> dict[UUID, int]:
    """How many households of which building have not confirmed, or read where none is asked."""
    heard = F("confirmed") if a.asks else F("read")
    found = Told.objects.filter(announcement=a, households__gt=heard, **of)
    return dict(found.annotate(left=F("households") - heard).values_list("building", "left"))


def of_outlets(a: Announcement, what: str) -> Iterator[Address]:
    """Outlets of whole units, in use. A reminder goes to teams of buildings where somebody has not
    heard, and to other units of places while anybody has not."""
    units, teams = _units(a)
    waiting: Collection[UUID] = not_heard(a) if what == "reminder" else ()
    found = Outlet.objects.filter(
        account=None, valid_to=None, kind__in=a.channels, unit__in=units
    ).order_by("valid_from", "id")
    for outlet, unit, kind in found.values_list("id", "unit", "kind"):
        building = teams.get(unit)
        if what != "reminder" or (building in waiting if building else waiting):
            yield Address(kind, outlet, building)


def reached(a: Announcement) -> Iterator[Address]:
    """Outlets where any word of it has gone, or may have."""
    found = Dispatch.objects.using(OWNER).filter(
        Q(sent_at__isnull=False) | Q(tries__gt=0), mailing__announcement=a, outlet__isnull=False
    )
    rows = found.order_by("channel").values_list("channel", "outlet", "building")
    for row in rows.distinct():
        yield Address(*row)  # type: ignore[arg-type]  # all have an outlet


def addresses_for(a: Announcement, what: str) -> Iterable[Address]:
    """All outlets that a mailing of a notice goes to, each once. That it is withdrawn is told to
    those who heard of it."""
    return reached(a) if what == "withdrawal" else of_outlets(a, what)


def lay_all(now: datetime) -> int:
    """Make dispatches of mailings that are asked for. Returns how many mailings."""
    laid = 0
    while _lay_one(now):
        laid += 1
    return laid


def _lay_one(now: datetime) -> bool:
    """All of a mailing or nothing: whoever is killed in the middle has laid nothing."""
    with transaction.atomic(using=OWNER):
        waiting = Mailing.objects.using(OWNER).filter(laid_at=None).order_by("asked_at")
        of = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if of is None:
            return False
        a = of.announcement
        left = iter(addresses_for(a, of.what))
        while some := list(islice(left, ROWS)):
            Dispatch.objects.using(OWNER).bulk_create(_rows(of, some, now))
            of.addresses += len(some)
        of.residents = residents_notified.lay(of, now)
        of.laid_at = now
        of.save(using=OWNER, update_fields=["laid_at", "addresses", "residents"])
    return True


def _rows(of: Mailing, some: Sequence[Address], now: datetime) -> list[Dispatch]:
    return [
        Dispatch(mailing=of, channel=x.channel, outlet=x.outlet, building=x.building, made_at=now,
                 next_at=now)
        for x in some
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dispatch that is ours to send for a while."""

    dispatch: Dispatch
    at: Outlet | Registered
    message: Message

    @property
    def to(self) -> UUID:
        return self.at.id


def ready(now: datetime, busy: list[UUID], free: int = HANDS) -> list[Claimed]:
    """What is due, one of each outlet and resident that is not busy. A resident who no longer
    wants it, or is gone, is looked up here: nothing stands between this and sending."""
    close_old_connections()
    if not free:
        return []
    paused = Outlet.objects.using(OWNER).exclude(paused_at=None).values("id")
    due = Dispatch.objects.using(OWNER).filter(next_at__lte=now).exclude(outlet__in=busy)
    due = due.exclude(registered__in=busy).exclude(outlet__in=paused).order_by("next_at", "id")
    found: dict[UUID, Dispatch] = {}
    with transaction.atomic(using=OWNER):
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related(
            "mailing__announcement"
        )
        known = list(locked[: 4 * free])
        for d in known:
            to = d.outlet or d.registered
            if len(found) < free and to is not None:
                found.setdefault(to, d)
        taken = Dispatch.objects.using(OWNER).filter(id__in=[d.id for d in found.values()])
        taken.update(next_at=now + CLAIM, tries=F("tries") + 1)
    at: dict[UUID, Outlet | Registered] = {
        **Outlet.objects.using(OWNER).in_bulk([d.outlet for d in found.values() if d.outlet]),
        **residents_notified.who_still([d.registered for d in found.values() if d.registered], now),
    }
    for to in found.keys() - at.keys():
        _noted(found[to], "ended", now)
    return [Claimed(d, at[to], message(d, at[to])) for to, d in found.items() if to in at]


def opened(one: Claimed) -> tuple[str, str]:
    """Address and secret in clear. Raises SealBroken."""
    if isinstance(one.at, Registered):
        return residents_notified.address(one.at, one.dispatch.channel), ""
    return outlets.opened(one.at)


def send(one: Claimed) -> str:
    """Send it; returns in a word why it did not arrive, or nothing."""
    if isinstance(one.at, Outlet) and one.at.valid_to is not None:
        return "ended"
    try:
        address, secret = opened(one)
        if not address:
            return "ended"
        ADAPTERS[one.dispatch.channel].send(address, secret, one.message)
    except NotDelivered as error:
        return str(error)
    except SealBroken:
        return "sealed"
    return ""


def note(one: Claimed, error: str, now: datetime) -> None:
    """What became of a try; a correction that came meanwhile has the last word."""
    _noted(one.dispatch, error, now)


def _noted(d: Dispatch, error: str, now: datetime) -> None:
    row = Dispatch.objects.using(OWNER).filter(id=d.id)
    if error == "":
        row.update(given_up_at=None, **after("", d.tries, d.made_at, now))
    else:
        row.filter(next_at__isnull=False).update(**after(error, d.tries + 1, d.made_at, now))


def link(a: Announcement, building: UUID | None = None) -> str:
    """The notice's page for anybody."""
    path = reverse("neighbourhoods:open_notice", args=[a.id])
    at = f"?at={building}" if building is not None else ""
    return f"{site_url()}{path}{at}"


@dataclass(frozen=True, slots=True)
class Text:
    """What a mailing says, in one language."""

    title: str
    body: str
    unit: str


def _text(a: Announcement, w: Wording, what: str, language: str) -> Text:
    """In the language asked for, as far as it was written in it."""
    english = language.startswith("en")
    whole = english and bool(w.title_en and w.text_en)
    unit = Unit.objects.using(OWNER).get(id=a.unit)
    name = (unit.name_en if english else "") or unit.name
    title, body = (w.title_en, w.text_en) if whole else (w.title, w.text)
    if what == "withdrawal":
        body = _("这份公告已经撤回：%(why)s") % {"why": a.withdrawn_why}
    elif what == "correction" and w.why:
        body = _("更正的原因：%(why)s") % {"why": w.why} + f"\n\n{body}"
    if english and not whole:
        body = f"{_('这份公告只有中文。')}\n{body}"
    return Text(title, body, name)


def _left(d: Dispatch) -> str:
    """For a building's team that is reminded: how many doors are left, not which."""
    if d.building is None or d.mailing.what != "reminder":
        return ""
    n = not_heard(d.mailing.announcement, building=d.building).get(d.building, 0)
    return _("还有 %(n)d 户没有回音。") % {"n": n} if n else ""


def message(d: Dispatch, at: Outlet | Registered) -> Message:
    if isinstance(at, Registered):
        return _for_resident(d, at)
    return _for_outlet(d, at.language)


def _wording(d: Dispatch) -> Wording:
    of = Wording.objects.using(OWNER)
    return of.get(announcement=d.mailing.announcement, n=d.mailing.wording)


def _subject(what: str, title: str) -> str:
    return _("【共治】%(what)s：%(title)s") % {"what": MAILINGS[what], "title": title}


def _for_outlet(d: Dispatch, language: str) -> Message:
    """A short message has title and link alone."""
    a, what = d.mailing.announcement, d.mailing.what
    with translation.override(language):
        said = _text(a, _wording(d), what, language)
        subject = _subject(what, said.title)
        url, left = link(a, d.building), _left(d)
    facts: dict[str, Any] = {
        "type": f"announcement.{what}", "announcement": a.id, "title": said.title,
        "text": said.body, "unit": said.unit, "shown_until": a.shown_until, "url": url,
        "building": d.building,
    }  # fmt: skip
    text = _shaped(d.channel, subject, said, left, url)
    return Message(f"announcement-{d.id}", subject, text, facts)


def _shaped(channel: str, subject: str, said: Text, left: str, url: str) -> str:
    if channel == "sms":
        return " ".join(filter(None, [subject, left, url]))
    body = _cut(said.body, MOST_OF_A_ROBOT) if channel == "robot" else said.body
    return "\n\n".join(filter(None, [body, left, said.unit, url]))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}……"


def _for_resident(d: Dispatch, of: Registered) -> Message:
    """Title, the beginning of the text, the household's own link, and how to get no more. In the
    city's language, since no other is known of them; a mail has the English below."""
    a, what, w = d.mailing.announcement, d.mailing.what, _wording(d)
    path = reverse("neighbourhoods:home_notice", args=[of.household.key, a.id])
    url, short = f"{site_url()}{path}", SHORT[d.channel]
    first, english = settings.CONFIG.language, bool(w.title_en and w.text_en)
    with translation.override(first):
        said = _text(a, w, what, first)
        subject, body = _subject(what, said.title), _cut(said.body, short)
        stop = _("不想再收：打开链接，点最下面的“不再收公告”。")
        where = _("全文和确认：%(url)s") if a.asks else _("全文：%(url)s")
    if d.channel == "sms":
        text = " ".join([subject, body, url, stop])
    else:
        parts = [body, said.unit, where % {"url": url}, stop]
        if english and first != "en":
            parts[1:1] = _beneath(a, w, what, short)
        text = "\n\n".join(parts)
    return Message(f"announcement-{d.id}", subject, text, {})


def _beneath(a: Announcement, w: Wording, what: str, short: int) -> list[str]:
    with translation.override("en"):
        said = _text(a, w, what, "en")
        return [said.title, _cut(said.body, short)]


OUTBOX = Outbox(ready, send, note, HANDS)
