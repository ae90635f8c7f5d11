"""Checks that are due, for officials: of the own unit, or of all who check in a place."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from gongzhi.mechanisms.safety.pages.plans.planning import reads
from gongzhi.mechanisms.safety.pages.register.asking import place_asked, places_near
from gongzhi.mechanisms.safety.registers import checks, enterprises
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, COLOURS
from gongzhi.mechanisms.safety.roles import ENTERPRISE, OWN
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.search import paths
from gongzhi.ui.reminders import Reminder

# Who goes out, or sees to it that the firm checks itself.
REMINDED = (*OWN, "safety_inspector", "handler", "grid_member", "grid_head", "expert")


@dataclass(frozen=True, slots=True)
class Share:
    """Of what may be done now: how much is late, and how much ends this week."""

    asked: int
    late: int
    week: int

    @property
    def later(self) -> int:
        return self.asked - self.late - self.week

    @property
    def late_percent(self) -> float:
        return 100 * self.late / (self.asked or 1)

    @property
    def week_percent(self) -> float:
        return 100 * self.week / (self.asked or 1)


def _after(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """The late ones first; a firm has them on its own page."""
    if by.unit_kind == ENTERPRISE:
        return redirect("safety:own")
    if not enterprises.reads(by, by.place):
        raise Http404
    today = timezone.localdate()
    place = place_asked(request, by) if "place" in request.GET and reads(by) else ""
    found = checks.in_place(place, today) if place else checks.due(by, today)
    only = request.GET.get("only", "")
    only = only if only in checks.ONLY else ""
    page = checks.page(found, only, today, after=_after(request.GET.get("after", "")))
    counts = checks.counts(found, today)
    paths({c.place for c in page.rows})  # all names at once
    here = {"place": place} if place else {}
    context = {
        "by": by, "tab": "checks", "today": today, "page": page, "place": place,
        "tabs": [{"url": "?" + urlencode({**here, "only": name}), "label": label,
                  "count": counts[name], "current": name == only}
                 for name, label in checks.ONLY.items()],
        "share": Share(counts[""], counts["late"], counts["week"]), "reads_place": reads(by),
        "kinds": CHECKS, "colours": COLOURS,
        "next": "?" + urlencode({**here, "only": only, "after": page.after}) if page.after else "",
        **(_of_place(place, page, by) if place else {}),
    }  # fmt: skip
    return render(request, "safety/checks/list.html", context)


def _of_place(place: str, page: checks.Page, by: Holder) -> dict[str, object]:
    """Who checks, and where what is late lies."""
    units = Unit.objects.in_bulk({c.unit for c in page.rows})
    late = checks.late_below(place, timezone.localdate())
    paths(late)
    most = max(late.values(), default=1)
    below = [{"code": code, "n": n, "percent": 100 * n / most} for code, n in sorted(late.items())]
    return {"units": units, "late": below, **places_near(place, by)}


def remind(by: Holder, now: datetime) -> Reminder | None:
    """On the worklist, as rounds do."""
    if by.kind not in REMINDED:
        return None
    n = checks.waiting(by, timezone.localdate(now))
    said = ngettext(
        "您的单位有 %(n)d 次安全检查本周到期或已逾期",
        "您的单位有 %(n)d 次安全检查本周到期或已逾期", n,
    ) % {"n": n}  # fmt: skip
    return Reminder(said, reverse("safety:checks")) if n else None
