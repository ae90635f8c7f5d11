"""How a case came 来源: the ways there are, and who may name them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.people.posts import Holder

Words = str | Promise
CHANNELS: Mapping[str, Words] = {
    "visit": _("来访"),
    "phone": _("来电"),
    "letter": _("来信"),
    "mailbox": _("领导信箱"),
    "village": _("村（社区）上报"),
    "patrol": _("走访排查"),
    "hotline": _("12345 热线转办"),
    "police": _("公安机关移交"),
    "station": _("诉讼服务站"),
    "studio": _("调解工作室"),
    "court_before": _("法院诉前委派"),
    "court_suit": _("法院诉中委托"),
    "link": _("微信等链接"),
    "web": _("网上"),
    "sheet": _("表格导入"),
}
# What no clerk chooses: the portal and the import say it themselves.
BY_THEMSELVES = {"link", "web", "sheet"}
COURTS = {"court", "tribunal"}
# The way in of a unit of this kind, offered to its people first.
OWN = {
    "station": "station", "studio": "studio", "mediation_committee": "village",
    "village_committee": "village", "court": "court_before", "tribunal": "court_before",
}  # fmt: skip


def of_court(channel: str) -> bool:
    """Whether a court sends the case: it names its own number, and is told the result."""
    return channel.startswith("court_")


def offered_to(by: Holder) -> list[tuple[str, Words]]:
    """The ways that this post may name, its own first; only a court speaks for a court."""
    first = OWN.get(by.unit_kind)
    mine = [
        (name, label) for name, label in CHANNELS.items()
        if name not in BY_THEMSELVES and of_court(name) <= (by.unit_kind in COURTS)
    ]  # fmt: skip
    return sorted(mine, key=lambda way: way[0] != first)
