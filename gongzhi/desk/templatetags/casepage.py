"""What the case page and the lists say about a case."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongzhi.cases import catalogue, plans, steps
from gongzhi.cases.channels import CHANNELS
from gongzhi.cases.labels import task_label
from gongzhi.cases.models import Case, Task
from gongzhi.cases.reading import CaseView, ClockView, Line
from gongzhi.declare import Phase, registry
from gongzhi.declare.picture import draw
from gongzhi.desk import journey
from gongzhi.notices import outlets
from gongzhi.notices.adapters import ADAPTERS
from gongzhi.notices.wording import reason
from gongzhi.people.posts import Holder
from gongzhi.people.scope import asked
from gongzhi.places.levels import ancestors, level_of
from gongzhi.places.search import name_of
from gongzhi.ui import words
from gongzhi.ui.templatetags import house

UNDELIVERED = "SELECT count(*) FROM cases_delivery WHERE unit = %s AND given_up_at >= %s"
register = template.Library()
register.filter(task_label)


@register.simple_tag
def entry_label(view: CaseView, line: Line) -> str:
    """An act's name; for what time itself entered, which limits ran out."""
    if line.act is not None:
        return words.label(line.act)
    late = {k["name"] for k in line.entry.changes.get("clocks", []) if k.get("status") == "late"}
    names = [words.label(c.clock) for c in view.clocks if c.clock and c.clock.name in late]
    return _("逾期") + (f"：{'、'.join(dict.fromkeys(names))}" if names else "")


@register.inclusion_tag("desk/deliveries.html")
def deliveries(view: CaseView, seq: int, n: int) -> dict[str, object]:
    """How word of a task went out; of task 0, of the case itself."""
    found = [d for d in view.deliveries if (d.task, d.n) == (seq, n)]
    return {"deliveries": [
        {"label": ADAPTERS[d.kind].label, "shown": d.shown, "sent_at": d.sent_at,
         "given_up_at": d.given_up_at, "why": reason(d.error)}
        for d in found
    ]}  # fmt: skip


@register.simple_tag
def undelivered(by: Holder) -> int:
    """How many notices to this unit were given up lately, for whoever sets its outlets."""
    if not outlets.manages(by):
        return 0
    since = timezone.now() - timedelta(days=14)
    (n,) = asked(by.scope, UNDELIVERED, [by.unit, since])
    return int(n)


@register.filter
def channel(name: str) -> str:
    return str(CHANNELS.get(name, name))


@register.filter
def kind(case: Case) -> str:
    """What the city calls its kind of matter today; its title keeps the name it began with."""
    return str(catalogue.kind(registry.get(case.mechanism), case.category))


@register.filter
def titled(case: Case) -> str:
    """Its title. Of one whose words were erased, its kind is all that is left."""
    return kind(case) if case.erased_at else case.title


@register.filter
def state_label(case: Case) -> str:
    return _(registry.get(case.mechanism).state(case.state).label)


@register.simple_tag
def case_rows(cases: Sequence[Case]) -> SafeString:
    """The rows of a worklist: one call, since fifty rows of template nodes took half the page."""
    now = timezone.now()
    matter, where, state, due, told = _("事项"), _("地点"), _("状态"), _("期限"), _("登记")
    urgent = format_html(' <span class="tag danger">{}</span>', _("紧急"))
    offered = format_html(' <span class="tag warn">{}</span>', _("待接收"))
    return format_html_join(
        "\n",
        '<tr><th scope="row" data-label="{}"><a href="{}">{}</a>{}</th>'
        '<td data-label="{}">{}</td><td data-label="{}"><span>{}{}</span></td>'
        '<td data-label="{}">{}</td><td data-label="{}">{}</td></tr>',
        (
            (
                matter, reverse("desk:case", args=[c.county, c.id]), titled(c),
                urgent if c.urgent else "",
                where, words.short_path(c.place), state, state_label(c),
                offered if c.offered else "", due, house.due(c.due_at, now),
                told, house.when(c.reported_at),
            )
            for c in cases
        ),
    )  # fmt: skip


@register.filter
def clock_note(view: ClockView) -> str:
    """Where a time limit comes from, and what is uncertain about it."""
    said = []
    if view.run.status == "paused":
        said.append(_("暂停"))
    if view.run.provisional:
        said.append(_("暂定，日历尚未公布"))
    if view.clock is not None and view.clock.dated:
        said.append(_("以下达时写明的日期为准"))
    elif view.clock is not None:
        said.append(_("本单位承诺") if view.clock.promise else _(view.clock.law))
    return " · ".join(said)


@register.filter
def levels(view: CaseView) -> list[dict[str, object]]:
    """The five levels of a case for path_picture: who holds it, who has held it or was called."""
    steps: list[dict[str, object]] = []
    for code in [*ancestors(view.case.place), view.case.place]:
        here = "、".join(words.named(u) for u in view.units.values() if u.place == code)
        state = "holds" if view.unit.place == code else "held" if here else ""
        steps.append(
            {
                "level": words.level(level_of(code)),
                "name": name_of(code),
                "who": words.named(view.unit) if state == "holds" else here,
                "state": state,
            }
        )
    return steps


@register.inclusion_tag("desk/journey.html")
def path_of_case(view: CaseView) -> dict[str, object]:
    """The five levels as a picture over time, and the same in words."""
    held = journey.stretches(view, timezone.now())
    titles = [f"{words.named(s.unit)} {words.roughly(s.lasted)}" for s in held]
    return {"view": view, "held": held, "picture": journey.drawn(view, held, titles)}


@register.filter
def duty_label(name: str) -> str:
    """What a leader in charge has to do."""
    return _(plans.approve.label) if name == plans.approve.name else task_label(name)


@register.simple_tag
def members(view: CaseView) -> dict[str, object]:
    """What the members of a group get in all; a share that was replaced counts no more."""
    last: dict[str, Task] = {}
    for task in sorted(view.tasks, key=lambda t: (t.seq, t.n)):
        if task.data.get("party"):
            last[task.data["party"]] = task
    done = [t for t in last.values() if t.done_at]
    return {
        "all": len(last), "done": len(done),
        "sum": sum((Decimal(t.data.get("amount", "0")) for t in last.values()), Decimal()),
        "paid": sum((Decimal(t.data.get("amount", "0")) for t in done), Decimal()),
    }  # fmt: skip


@register.simple_tag
def step_words(view: CaseView, task: Task) -> str:
    """What is to be done at a step, where the reader may know it."""
    if task.name != steps.STEP:
        return ""
    return view.lines[task.seq - 1].words.get(steps.field_of(task.data["n"]), "")


@register.filter
def diagram(view: CaseView) -> SafeString:
    """The mechanism's states as a picture, with where the case stands."""
    return mark_safe(draw(view.mechanism, here=view.case.state, say=_))  # noqa: S308


@register.simple_tag
def phase_choices() -> list[tuple[str, str]]:
    return [(p.value, words.phase(p.value)) for p in Phase]
