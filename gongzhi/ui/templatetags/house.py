"""The components of the house as template tags; `docs/guide/design-system.md` shows each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongzhi.cases import catalogue, worklists
from gongzhi.cases.catalogue import Kind
from gongzhi.declare import Mechanism, Phase, registry
from gongzhi.people import signin
from gongzhi.people.permissions import may_begin
from gongzhi.people.posts import Holder
from gongzhi.ui import offline, words
from gongzhi.ui import reminders as known
from gongzhi.ui.icons import ICONS

register = template.Library()
register.filter("label", words.label)
register.filter("named", words.named)
register.filter("post_of", words.post_of)
register.filter("phase_label", words.phase)
register.filter("number", words.number)
register.filter("place", words.place)
register.filter("path", words.path)
register.filter("short_path", words.short_path)
register.filter("level_name", words.level)
register.filter("roughly", words.roughly)
register.filter("way", words.way)
register.filter("video", words.video)
register.simple_tag(words.span, name="span")

# The shape says what the colour says, for those who do not see colours.
RANKS = {"red": "square", "orange": "diamond", "yellow": "warn", "blue": "circle"}
# Django's message levels in our words.
TONES = {"error": "danger", "warning": "warn", "success": "good", "debug": "info"}
TONE_ICONS = {"info": "info", "warn": "warn", "danger": "danger", "good": "check"}
# The first and the last are not steps that a reader waits for.
STEPS: list[Phase] = [p for p in Phase if p not in {Phase.COLLECT, Phase.EVALUATE}]


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if mapping else None


@register.filter
def kinds(mechanism: Mechanism) -> list[Kind]:
    """The kinds of matter of a mechanism, those out of use too."""
    return list(catalogue.every(mechanism).values())


@register.simple_tag
def reminders(by: Holder) -> list[known.Reminder]:
    """What mechanisms remind this post of on its worklist."""
    return known.reminders(by, timezone.now())


@register.filter
def goes_out(by: Holder | None) -> bool:
    """Whether this post has something to do with a phone out of doors."""
    return by is not None and bool(offline.kits_for(by))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from ui/icons.py. With a label it speaks; without one it is ornament."""
    told = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {}><path d="{}"/></svg>',
        SafeString(told),
        ICONS[name],
    )


def when(at: datetime | None, style: str = "moment") -> SafeString | str:
    """An instant as local date and time, or only its day: {% when at "day" %}, {{ at|when }}."""
    if at is None:
        return ""
    said = words.day(at) if style == "day" else words.moment(at)
    return format_html('<time datetime="{}">{}</time>', words.local(at).isoformat(), said)


def due(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """How long until then, or how long since: {% due at now %}, {{ at|due }}."""
    if at is None:
        return ""
    now = now or timezone.now()
    how = words.urgency(at, now)
    return format_html(
        '<span class="due {}">{} <time datetime="{}" title="{}">{}</time></span>',
        how,
        icon("warn" if how == "late" else "clock"),
        words.local(at).isoformat(),
        words.moment(at),
        words.left(at, now),
    )


register.simple_tag(when)
register.filter("when", when)
register.simple_tag(due)
register.filter("due", due)


@register.simple_tag
def tag(text: object, tone: str = "") -> SafeString:
    """A short mark; its tone is accent, good, warn, danger or none."""
    return format_html('<span class="tag {}">{}</span>', tone, text)


@register.simple_tag
def rank(colour: str, text: object) -> SafeString:
    """A rank red, orange, yellow or blue: its shape and words say it too."""
    return format_html('<span class="tag {}">{} {}</span>', colour, icon(RANKS[colour]), text)


@register.inclusion_tag("ui/clock.html")
def clock(
    label: object, started: datetime, ends: datetime, now: datetime | None = None, note: object = ""
) -> dict[str, object]:
    """The bar of a time limit: how much of it has run, in words and drawn."""
    now = now or timezone.now()
    whole = (ends - started).total_seconds() or 1.0
    run = min(max((now - started).total_seconds() / whole, 0.0), 1.0)
    how = words.urgency(ends, now)
    percent = round(run * 100)
    return {"label": label, "ends": ends, "now": now, "note": note, "percent": percent, "how": how}


@register.simple_tag
def phases(current: str) -> list[tuple[str, str]]:
    """The phases common to all mechanisms as (label, past | now | later); see ui/phases.html."""
    here = STEPS.index(Phase(current)) if Phase(current) in STEPS else 0
    return [
        (words.phase(p), "past" if n < here else "now" if n == here else "later")
        for n, p in enumerate(STEPS)
    ]


@register.inclusion_tag("ui/path.html")
def path_picture(steps: Iterable[Mapping[str, object]], across: bool = False) -> dict[str, object]:
    """Five levels from province to village: each {level, name, who, state}.

    `state` is holds (has it now), held (has had it) or nothing. `across`: side by side.
    """
    return {"steps": list(steps), "across": across}


@register.inclusion_tag("ui/steps.html")
def steps(labels: Sequence[object], at: int) -> dict[str, object]:
    """Steps of a long form, the one at number `at` (from 1) being current."""
    return {"labels": labels, "at": at}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Mapping[str, object]], label: object) -> dict[str, object]:
    """Views of one thing: each {url, label, count (or nothing), current}."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("ui/pages.html")
def pages(newer: str = "", older: str = "") -> dict[str, object]:
    """Keyset pages: the addresses of the newer and the older one, where there is one."""
    return {"newer": newer, "older": older}


@register.inclusion_tag("ui/tile.html")
def tile(
    name: object, value: object, unit: object = "", note: object = "", url: str = ""
) -> dict[str, object]:
    """A figure with its name, and where to see what it counts."""
    return {"name": name, "value": value, "unit": unit, "note": note, "url": url}


@register.inclusion_tag("ui/empty.html")
def empty(
    title: object, hint: object = "", url: str = "", button: object = ""
) -> dict[str, object]:
    """Nothing here, why, and what to do."""
    return {"title": title, "hint": hint, "url": url, "button": button}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All that is wrong with a form, each line leading to its field. Part of {{ form }}."""
    return {
        "general": form.non_field_errors(),
        "fields": [f for f in form.visible_fields() if f.errors],
    }


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message in the page: info, good, warn or danger."""
    tone = TONES.get(tone, tone)
    drawn = icon(TONE_ICONS.get(tone, "info"))
    head = format_html("<strong>{}</strong>", title) if title else ""
    return format_html('<div class="notice drawn {}">{}{}{}</div>', tone, drawn, head, content)


@register.simple_block_tag
def card(content: str, title: str = "") -> SafeString:
    """A box around what belongs together."""
    head = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<section class="card">{}{}</section>', head, content)


@register.simple_block_tag
def fold(content: str, title: str, is_open: bool = False) -> SafeString:
    """What is needed only sometimes: opens without a script."""
    return format_html(
        '<details class="fold"{}><summary>{}<span>{}</span></summary>'
        '<div class="fold-body">{}</div></details>',
        SafeString(" open") if is_open else "",
        icon("open"),
        title,
        content,
    )


@register.simple_tag
def demo_signins() -> list[signin.DemoSignIn]:
    """Sign-ins to offer on the sign-in page; none outside the demo."""
    return signin.demo_signins()


@register.simple_tag
def waiting(by: Holder) -> int:
    """How many tasks wait for this post and its unit."""
    return worklists.waiting(by)


@register.simple_tag
def begins(by: Holder) -> list[Mechanism]:
    """What this post may register at its own place."""
    return [m for m in registry.every() if may_begin(by, m.starts, by.place)]
