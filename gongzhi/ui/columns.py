"""Columns of a chart of months: heights from 0 to 100, the numbers beside them."""

from collections.abc import Mapping
from typing import Any


def columns(counted: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Two counts side by side for each label; a month of nothing is a gap."""
    most = max((max(pair) for pair in counted.values()), default=0) or 1
    return [
        {"label": label, "short": label[5:] or label, "more": more, "less": less, "x": 40 * n,
         "high": round(100 * more / most), "low": round(100 * less / most)}
        for n, (label, (more, less)) in enumerate(counted.items())
    ]  # fmt: skip
