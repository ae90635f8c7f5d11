"""What tasks are called, on pages and in notices: the kernel's own and those that are declared."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.declare import registry

# `custody` is no task: the case itself was given to a unit or a post (tell.sql).
TASKS = {
    "custody": gettext_lazy("接收或办理案件"),
    "addition": gettext_lazy("查看当事人补充的材料"),
    "assist": gettext_lazy("协办"),
    "report_in": gettext_lazy("报到"),
    "remedy": gettext_lazy("处置并反馈"),
    "decide_duty": gettext_lazy("裁定归谁办"),
    "inspect": gettext_lazy("到现场核验并评价"),
    "chase": gettext_lazy("督促没有按时来的部门"),
    "answer_supervision": gettext_lazy("回复督办"),
    "overdue": gettext_lazy("督促逾期案件"),
    "lead": gettext_lazy("领导包案"),
    "meet": gettext_lazy("领导接访"),
    "plan": gettext_lazy("制定化解方案"),
    "step": gettext_lazy("方案步骤"),
    "reminder": gettext_lazy("逾期催办：不办将自动上报"),
    "agenda": gettext_lazy("联席会议议题"),
}


def task_label(name: str) -> str:
    declared = {own: label for m in registry.every() for own, label, _act in m.tasks}
    return str(TASKS[name] if name in TASKS else _(declared.get(name, name)))
