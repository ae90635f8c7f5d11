"""Times, places and declared things in the reader's words."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from gongzhi.cases.numbers import spaced
from gongzhi.declare import Phase, Span, Unit
from gongzhi.places.search import name_of, path_of

SOON = timedelta(days=2)
LEVELS = (
    gettext_lazy("省"),
    gettext_lazy("市"),
    gettext_lazy("县"),
    gettext_lazy("镇"),
    gettext_lazy("村"),
)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
PHASES: dict[Phase, str | Promise] = {
    Phase.COLLECT: gettext_lazy("采集"),
    Phase.REGISTER: gettext_lazy("登记"),
    Phase.DISPATCH: gettext_lazy("分派"),
    Phase.HANDLE: gettext_lazy("办理"),
    Phase.FEED_BACK: gettext_lazy("反馈"),
    Phase.CLOSE: gettext_lazy("办结"),
    Phase.EVALUATE: gettext_lazy("评价"),
}


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def local(at: datetime) -> datetime:
    """The same instant by the clocks of the city."""
    return at.astimezone(timezone.get_default_timezone())


# Written out: a list shows a hundred times, and Django's formats took a seventh of its page.
def day(at: datetime) -> str:
    """The local day of an instant: 2026年11月3日, 3 Nov 2026."""
    on = local(at)
    if _language() == "en":
        return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日"


def moment(at: datetime) -> str:
    """An instant, in local time: its day and 14:30."""
    return f"{day(at)}{', ' if _language() == 'en' else ' '}{local(at):%H:%M}"


def roughly(length: timedelta) -> str:
    """A span in its largest whole unit: 3 天, 5 小时, 20 分钟."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes >= 24 * 60:
        n = minutes // (24 * 60)
        return ngettext("%(n)d 天", "%(n)d 天", n) % {"n": n}
    if minutes >= 60:
        n = minutes // 60
        return ngettext("%(n)d 小时", "%(n)d 小时", n) % {"n": n}
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}


def left(due: datetime, now: datetime) -> str:
    """还剩 3 天, or 逾期 2 天."""
    if due < now:
        return _("逾期 %(time)s") % {"time": roughly(now - due)}
    return _("还剩 %(time)s") % {"time": roughly(due - now)}


def urgency(due: datetime, now: datetime) -> str:
    """late, soon or calm."""
    if due < now:
        return "late"
    return "soon" if due - now < SOON else "calm"


def span(length: Span) -> str:
    """A declared span as the law says it: 15 天, 3 个工作日."""
    n = length.n
    said = {
        Unit.MINUTES: ngettext("%(n)d 分钟", "%(n)d 分钟", n),
        Unit.HOURS: ngettext("%(n)d 小时", "%(n)d 小时", n),
        Unit.WORKING_HOURS: ngettext("%(n)d 个工作小时", "%(n)d 个工作小时", n),
        Unit.DAYS: ngettext("%(n)d 天", "%(n)d 天", n),
        Unit.WORKING_DAYS: ngettext("%(n)d 个工作日", "%(n)d 个工作日", n),
    }
    return said[length.unit] % {"n": n}


def label(thing: Any) -> str:
    """The label of a declared thing in the reader's language."""
    said = getattr(thing, "label", str(thing))
    return _(said) if said else ""


def named(thing: Any) -> str:
    """The name or title of a unit, post or holder in the reader's language, if it has one."""
    chinese = getattr(thing, "name", "") or getattr(thing, "title", "")
    english = getattr(thing, "name_en", "") or getattr(thing, "title_en", "")
    return english if english and _language() == "en" else chinese


def title(holder: Any) -> str:
    """The title of a post in the reader's language."""
    said = holder.title_en if _language() == "en" else ""
    return said or holder.title


def unit_of(holder: Any) -> str:
    """The name of the unit of whoever acts, in the reader's language."""
    said = holder.unit_name_en if _language() == "en" else ""
    return said or holder.unit_name


def post_of(holder: Any) -> str:
    """Unit and post of whoever acts: 九市镇综治中心 · 受理专员."""
    return f"{unit_of(holder)} · {title(holder)}"


def level(n: int) -> str:
    """One of the five levels, 1 being the province."""
    return str(LEVELS[n - 1])


def phase(name: str) -> str:
    return str(PHASES[Phase(name)])


def number(text: str) -> str:
    """The number of a case, spaced for reading aloud."""
    return spaced(text)


def place(code: str) -> str:
    return name_of(code)


def path(code: str) -> str:
    return path_of(code)


def short_path(code: str) -> str:
    """Without province and city."""
    return path_of(code, below=code[:4]) if len(code) > 4 else name_of(code)


def video(case_number: str) -> str:
    """The address of a case's video meeting; empty where the city names no provider."""
    return str(settings.CONFIG.video).replace("{number}", case_number)


def way(line: Any) -> str:
    """The chosen answer `way` of an act in words, from the act's own form."""
    form = line.act.form if line.act else None
    field = form.base_fields.get("way") if form else None
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    return str(dict(choices).get(line.entry.data.get("way"), ""))
