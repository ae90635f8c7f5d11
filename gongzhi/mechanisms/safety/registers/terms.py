"""Until when a hazard must be gone 整改时限: how long an order may give, how much longer once."""

from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.clocks import local

LONGEST: Final = 90  # days from the order, with its extension; ours
EXTENSION: Final = 30  # days, once


def of_order(until: datetime, at: datetime) -> date:
    """The day until which an order gives time. Raises Refused."""
    day, today = local(until).date(), local(at).date()
    if not today <= day <= today + timedelta(days=LONGEST):
        raise Refused(_("请写今天到九十天内的一天。"), field="until")
    return day


def longest(until: date, ordered_on: date) -> date:
    """The last day to which it may be extended."""
    days = timedelta(days=EXTENSION)
    return min(until + days, ordered_on + timedelta(days=LONGEST))
