"""The after-report of a campaign: its figures as they stood when it was closed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.mechanisms.neighbourhoods.models import Campaign
from gongzhi.mechanisms.neighbourhoods.pages.campaigns import asked
from gongzhi.mechanisms.neighbourhoods.registers import campaigns_progress
from gongzhi.mechanisms.neighbourhoods.registers.campaigns_closing import sums
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.places.names import name_of, paths
from gongzhi.ui.words import roughly


def percent(of: dict[str, Any]) -> str:
    """The share of households that came, or a dash where none lives."""
    share = campaigns_progress.share(of["came"], of["households"])
    return "—" if share is None else f"{share}%"


class Report:
    """What was kept of a campaign, or the part of it at a place."""

    def __init__(self, of: Campaign, place: str) -> None:
        kept = of.report or {}
        self.of, self.whole, self.note = of, place == of.place, kept.get("note", "")
        self.places = [p for p in kept.get("places", ()) if p["community"].startswith(place)]
        self.communities = [c for c in kept.get("communities", ()) if c["code"].startswith(place)]
        paths(c["code"] for c in self.communities)
        self.sums = sums(self.places)
        # By day there are counts of the whole only.
        self.days = [(date.fromisoformat(d), n, heads) for d, n, heads in kept.get("days", ())
                     if self.whole]  # fmt: skip
        self.first_at, self.last_at = (
            datetime.fromisoformat(kept[name]) if kept.get(name) else None
            for name in ("first_at", "last_at")
        )

    @property
    def percent(self) -> str:
        return percent(self.sums)

    def lines(self) -> list[str]:
        """The same in words."""
        of, n = self.of, self.sums
        said = [
            _("%(from)s 至 %(to)s，%(closed)s 结束。") % {
                "from": of.starts_on, "to": of.ends_on,
                "closed": timezone.localdate(of.closed_at) if of.closed_at else "",
            },
            _("%(buildings)d 栋楼、%(households)d 户，到了 %(came)d 户、%(people)d 人，"
              "到户率 %(percent)s；有 %(silent)d 栋楼没有人到。") % {
                **n, "percent": self.percent, "silent": n["buildings"] - n["begun"],
            },
        ]  # fmt: skip
        if self.first_at and self.last_at and self.first_at < self.last_at:
            said.append(_("从第一户到最后一户用了 %(time)s。") % {
                "time": roughly(self.last_at - self.first_at)
            })  # fmt: skip
        return said


@as_post
def report(request: HttpRequest, by: Holder, campaign: UUID) -> HttpResponse:
    """Community by community, and building by building of the one that is asked for."""
    of = asked.campaign_for(by, campaign)
    if of.report is None:
        raise Http404
    here = asked.top(by, of)
    told = Report(of, here) if by.sees_place else None
    asked_for = asked.community(request, by, of)
    shown = [p for p in told.places if p["community"] == asked_for] if told else []
    context = {
        "by": by, "of": of, "tabs": asked.tabs(of, "campaign_report"), "told": told,
        "communities": [(c, percent(c)) for c in told.communities] if told else [],
        "code": asked_for, "name": name_of(asked_for) if asked_for else "",
        "places": [(p, percent(p)) for p in shown],
        "own": [] if by.sees_place else campaigns_progress.own(of, by),
    }  # fmt: skip
    return render(request, "neighbourhoods/campaigns/report.html", context)
