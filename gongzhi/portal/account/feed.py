"""What is new for the public, as an Atom feed: each month that was published."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from gongzhi.places.city import facts
from gongzhi.places.search import name_of
from gongzhi.portal.models import Publication

MOST = 24


class News(Feed):  # type: ignore[type-arg]  # generic in the stubs alone
    feed_type = Atom1Feed

    def title(self) -> str:
        return _("%(city)s公开账") % {"city": self.author_name()}

    def author_name(self) -> str:
        return name_of(facts(settings.CONFIG.city).code)

    def link(self) -> str:
        return reverse("portal:account")

    def subtitle(self) -> str:
        return _("每月一期：各县、各乡镇反映了多少、化解了多少、逾期多少。")

    def items(self) -> Iterable[Publication]:
        return Publication.objects.order_by("-month")[:MOST]

    def item_title(self, item: Publication) -> str:
        return _("%(month)s 的公开账") % {"month": item.month}

    def item_description(self, item: Publication) -> str:
        return _("%(month)s 各地的数字已经公布，可以查看和下载，以后不再改动。") % {
            "month": item.month
        }

    def item_link(self, item: Publication) -> str:
        return f"{reverse('portal:account')}?month={item.month}"

    def item_pubdate(self, item: Publication) -> datetime:
        return item.published_at

    def item_updateddate(self, item: Publication) -> datetime:
        return item.published_at
