"""Limits as people write them, in either language: 24小时, 7 天, 2 working days."""

import re

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from gongzhi.declare import Span, Unit

LANGUAGES = ("zh-hans", "en")
SPAN = re.compile(r"(\d{1,3})\s*(\D+)")
UNITS = {
    Unit.MINUTES: _("分钟"), Unit.HOURS: _("小时"), Unit.DAYS: _("天"),
    Unit.WORKING_DAYS: _("个工作日"),
}  # fmt: skip
HOW = _("请写时限，如 24小时、7天、2个工作日。")


def said(span: Span | None) -> str:
    """As read() takes it."""
    return f"{span.n} {UNITS[span.unit]}" if span else ""


def read(text: str) -> Span | None:
    """None where nothing is written. Raises ValueError."""
    if not text:
        return None
    found = SPAN.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError(text)
    return Span(int(found[1]), _unit(found[2].strip().lower()))


def _unit(name: str) -> Unit:
    for language in LANGUAGES:
        with override(language):
            for unit, label in UNITS.items():
                if str(label).lower() == name:
                    return unit
    raise ValueError(name)
