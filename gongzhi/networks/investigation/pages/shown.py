"""Words that several pages of rounds use."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue
from gongzhi.declare import Level, registry
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.turns import MONTH, ONCE, WEEK
from gongzhi.people.kinds import POST_KINDS
from gongzhi.ui.words import label

LEVELS = (
    (int(Level.VILLAGE), gettext_lazy("村（社区）")),
    (int(Level.TOWN), gettext_lazy("镇（街道）")),
)
REPEATS = (
    (ONCE, gettext_lazy("只排查一次")),
    (WEEK, gettext_lazy("每周一次")),
    (MONTH, gettext_lazy("每月一次")),
)


def kind_label(kind: str) -> str:
    """A kind of post in the reader's language."""
    chinese, english = POST_KINDS[kind]
    return english if (get_language() or "").startswith("en") else chinese


def matter(of: Round) -> str:
    """What a finding is registered as: the mechanism and the kind of matter."""
    declared = registry.get(of.mechanism)
    return f"{label(declared)} · {catalogue.kind(declared, of.category)}"


def lines(of: Round) -> list[str]:
    """What to look for, line by line."""
    return [line.strip() for line in of.wanted.splitlines() if line.strip()]


def kinds(of: Round) -> str:
    """The posts that are asked, in words."""
    return _("、").join(kind_label(kind) for kind in of.kinds)
