"""What pages say of a whistle: how far each department is, and by which row it was called."""

from django import template
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.grounds import DECIDE, UNDER_WAY
from gongzhi.cases.models import Task
from gongzhi.cases.reading import CaseView, Line
from gongzhi.cases.whistle_forms import STARS, VERDICTS
from gongzhi.cases.whistles import decide_duty, report_in
from gongzhi.declare import Act
from gongzhi.desk.whistled import whistled
from gongzhi.networks.responsibility.summoning import called_by
from gongzhi.people.posts import Holder

register = template.Library()
# How far a late one was chased, by the rung.
RUNGS = {1: _("已催办"), 2: _("已报上级单位"), 3: _("已报县级领导")}


@register.inclusion_tag("desk/whistled.html")
def departments(view: CaseView) -> dict[str, object]:
    """Each department that was called, readable at a glance."""
    return {"rows": whistled(view), "view": view}


@register.inclusion_tag("desk/listed.html")
def listed_why(view: CaseView, act: Act, by: Holder) -> dict[str, object]:
    """Where a duty is taken, disputed or decided: the row of the list that named the unit, and what
    a unit that disputes it says."""
    asked = act.name in {report_in.name, decide_duty.name}
    found = called_by(view.snapshot.tasks, by.unit) if asked else []
    told = _disputing(view, by) if act.name == decide_duty.name else []
    return {"found": found, "disputes": act.name == report_in.name, "told": told}


def _disputing(view: CaseView, by: Holder) -> list[Line]:
    """The reports of those whose duty this unit is to decide, each the last of its unit."""
    waiting = {t.data.get("unit") for t in view.snapshot.tasks
               if t.name == DECIDE and t.unit == by.unit}  # fmt: skip
    last = {str(x.entry.unit): x for x in view.lines
            if x.entry.act == report_in.name and "reason" in x.words}  # fmt: skip
    return [line for unit, line in last.items() if unit in waiting]


@register.simple_tag
def tasks_apart(view: CaseView) -> list[Task]:
    """Those that belong to no whistle."""
    return [t for t in view.tasks if t.name not in UNDER_WAY]


@register.filter
def rung(task: Task) -> object:
    return RUNGS.get(task.data.get("rung", 0), "")


@register.filter
def stars(said: object) -> object:
    return dict(STARS).get(int(str(said)), "") if said else ""


@register.filter
def verdict(said: str) -> object:
    return dict(VERDICTS).get(said, "")
