"""What is new for the public in a place, as an Atom feed: months published, and notices."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from gongzhi.places.city import facts
from gongzhi.places.models import Division
from gongzhi.places.search import name_of
from gongzhi.portal.models import Publication
from gongzhi.ui.news import News, news

MOST = 24


class PlaceFeed(Feed):  # type: ignore[type-arg]  # generic in the stubs alone
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
        """The place; without one, the city. Raises Http404."""
        city = facts(settings.CONFIG.city).code
        place = request.GET.get("place", city)
        if not place.startswith(city) or not Division.objects.filter(code=place).exists():
            raise Http404
        return place

    def title(self, place: str) -> str:
        return _("%(place)s：公开账和公告") % {"place": name_of(place)}

    def author_name(self, place: str) -> str:
        return name_of(facts(settings.CONFIG.city).code)

    def link(self, place: str) -> str:
        return f"{reverse('portal:account')}?place={place}"

    def feed_url(self, place: str) -> str:
        return f"{reverse('portal:account_feed')}?place={place}"

    def items(self, place: str) -> list[News]:
        """The newest first."""
        found = [*_months(place), *news(place, timezone.now(), MOST)]
        return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]

    def item_title(self, item: News) -> str:
        return item.title

    def item_description(self, item: News) -> str:
        return item.text

    def item_link(self, item: News) -> str:
        return item.url

    def item_pubdate(self, item: News) -> datetime:
        return item.at

    def item_updateddate(self, item: News) -> datetime:
        return item.changed_at


def _months(place: str) -> list[News]:
    """Those with figures of the place: a village has none of its own."""
    told = Publication.objects.filter(figures__place=place).distinct().order_by("-month")[:MOST]
    text = _("%(month)s 的数字已经公布，可以查看和下载，以后不再改动。")
    return [
        News(_("%(month)s 的公开账") % {"month": p.month}, text % {"month": p.month},
             f"{reverse('portal:account')}?place={place}&month={p.month}",
             p.published_at, p.published_at)
        for p in told
    ]  # fmt: skip
