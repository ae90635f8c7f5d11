"""What a notice says: the case's number, what is to be done, by when, and where; nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.cases import clocks, numbers
from gongzhi.cases.labels import task_label

REASONS = {
    "timeout": gettext_lazy("对方没有回应"),
    "unreachable": gettext_lazy("连不上对方"),
    "unknown_host": gettext_lazy("找不到这个网址"),
    "forbidden": gettext_lazy("网址指向内部网络，不允许"),
    "bad_address": gettext_lazy("地址的写法不对"),
    "not_understood": gettext_lazy("对方的回答看不懂"),
    "sealed": gettext_lazy("地址无法解密，请重新添加"),
    "ended": gettext_lazy("渠道已停用"),
    "superseded": gettext_lazy("发出前已更正"),
    "recalled": gettext_lazy("发出前已撤回"),
}
TEST = "test"  # stands where a task's name would


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes with a mail; other ways have none."""

    name: str
    content: bytes
    kind: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Message:
    """One notice in the language of whoever gets it. `id` is the same however often it is sent;
    `said` is what a program is told instead of the text."""

    id: str
    subject: str
    text: str
    said: Mapping[str, Any]
    papers: tuple[Paper, ...] = ()


def site_url() -> str:
    """The site's address as people reach it, without a slash at its end."""
    config = settings.CONFIG
    if config.site_url:
        return str(config.site_url).rstrip("/")
    host = config.hosts.split(",")[0]
    return f"https://{host}" if config.https else f"http://{host}:{config.port}"


def message(
    id_: str, *, county: str, case: UUID, number: str, task: str, due_at: datetime | None,
    language: str,
) -> Message:  # fmt: skip
    with translation.override(language):
        shown, label = numbers.spaced(number), task_label(task)
        url = f"{site_url()}/desk/cases/{county}/{case}/"
        lines = [_("编号：%(number)s") % {"number": shown}, _("事项：%(what)s") % {"what": label}]
        if due_at:
            day = f"{clocks.local(due_at):%Y-%m-%d %H:%M}"
            lines.append(_("期限：%(day)s") % {"day": day})
        subject = _("【共治】%(number)s %(what)s") % {"number": shown, "what": label}
    return Message(id_, subject, "\n".join([*lines, url]), _given(shown, task, label, due_at, url))


def _given(
    number: str, task: str, label: str, due_at: datetime | None, url: str
) -> Mapping[str, Any]:  # fmt: skip
    return {"type": "task.given", "case": number, "task": task, "label": label, "due_at": due_at,
            "url": url}  # fmt: skip


def trial(id_: str, language: str) -> Message:
    """What is sent to try an outlet: of no case."""
    with translation.override(language):
        label = _("这是一条测试通知，收到即说明渠道可用。")
        subject = _("【共治】测试通知")
    url = f"{site_url()}/desk/outlets/"
    return Message(id_, subject, f"{label}\n{url}", _given("", TEST, label, None, url))


def reason(error: str) -> str:
    """Why a notice did not arrive, in words; what servers answer is a code. Nothing of nothing."""
    if not error:
        return ""
    if error in REASONS:
        return str(REASONS[error])
    return _("对方拒收（%(code)s）") % {"code": error.replace("_", " ")}
