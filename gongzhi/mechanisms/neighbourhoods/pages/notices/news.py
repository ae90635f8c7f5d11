"""Notices to residents in the feed of their place."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.registers import announced
from gongzhi.ui.news import News


def news(place: str, now: datetime, most: int) -> Iterator[News]:
    """Those that are shown and not withdrawn, in the wording that holds."""
    shown = announced.for_public(place, timezone.localdate(now)).filter(withdrawn_at=None)
    for a in shown.order_by("-published_at").prefetch_related("wordings")[:most]:
        last = max(a.wordings.all(), key=lambda w: w.n)
        said = announced.in_words(vars(last))
        yield News(
            said["shown_title"],
            said["shown_text"],
            reverse("neighbourhoods:open_notice", args=[a.id]),
            a.published_at,
            last.at,
        )
