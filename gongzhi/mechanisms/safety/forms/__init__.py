"""What a person fills in at each act on a hazard."""

from gongzhi.mechanisms.safety.forms.finding import Find
from gongzhi.mechanisms.safety.forms.handling import (
    AskLonger,
    Listing,
    Merge,
    Order,
    Progress,
    Rate,
    Recheck,
    Rectify,
    Restart,
    Serve,
    Why,
)
from gongzhi.mechanisms.safety.forms.ranking import ProposeRank, Rank

__all__ = [
    "AskLonger", "Find", "Listing", "Merge", "Order", "Progress", "ProposeRank", "Rank",
    "Rate", "Recheck", "Rectify", "Restart", "Serve", "Why",
]  # fmt: skip
