"""What a person fills in at each act on a road."""

from gongzhi.mechanisms.roads.forms.handling import (
    Again,
    Dismiss,
    Mend,
    Merge,
    Rate,
    Verify,
    Whistle,
)
from gongzhi.mechanisms.roads.forms.report import Report

__all__ = ["Again", "Dismiss", "Mend", "Merge", "Rate", "Report", "Verify", "Whistle"]
