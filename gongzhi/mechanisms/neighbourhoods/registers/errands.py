"""What is to be done in each building 楼栋任务: from a template for the kind, or typed; done with a
note."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from gongzhi.cases.changes import Refused
from gongzhi.mechanisms.neighbourhoods.models import Affected, Building, Emergency, Errand
from gongzhi.mechanisms.neighbourhoods.registers import emergencies
from gongzhi.people.masking import mask_text
from gongzhi.people.posts import Holder

DOORS = _("逐户敲门，确认平安，登记需求")
HELPED = _("确认需要帮助的住户已有人照看")
# Drafts, added to as the case demands.
TEMPLATES: Final[Mapping[str, Sequence[Any]]] = {
    "flood": (DOORS, _("一楼和地下室住户转移到高处"), _("地下车库封控，切断低处电源"), HELPED),
    "typhoon": (DOORS, _("收好阳台、外墙上的东西"), _("劝危房、工棚人员转移"), HELPED),
    "fire": (_("清点全楼人员"), _("疏散通道、消防通道畅通"), HELPED, DOORS),
    "gas": (_("通知关阀、开窗，不开关电器"), _("疏散受影响的单元"), DOORS, HELPED),
    "epidemic": (DOORS, _("公共部位消毒"), _("生活物资送到门口"), HELPED),
    "outage": (DOORS, _("电梯确认无人被困"), _("送水、送应急照明"), HELPED),
    "quake": (_("清点全楼人员"), _("人员到避难点"), _("房屋裂缝、倾斜初查"), HELPED),
    "other": (DOORS, HELPED),
}


def template(kind: str) -> list[tuple[str, str]]:
    """The usual tasks of a kind, as they are kept and as they are read: all read those of one
    language, whoever gave them."""
    with override("zh-hans"):
        kept = [str(t) for t in TEMPLATES[kind]]
    return list(zip(kept, map(str, TEMPLATES[kind]), strict=True))


def give(
    of: Emergency, what: Sequence[str], due_at: datetime | None, *, now: datetime, by: Holder,
    to: Sequence[UUID] | None = None,
) -> int:  # fmt: skip
    """To all buildings, or to some: in one statement. Returns how many tasks. Raises Refused."""
    emergencies.must_run(by, of)
    wanted = [mask_text(w.strip())[:120] for w in what if w.strip()]
    if not wanted:
        raise Refused(_("请选任务，或者写一项。"), field="what")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT give_errands_v1(%s, %s::text[], %s, %s::uuid[], %s, %s, %s)",
            [of.id, wanted, due_at, None if to is None else [*to], now, by.account, by.post],
        )
        n: int = cursor.fetchone()[0]
    if n == -1:
        raise Refused(_("战斗状态已经结束。"))
    return n


def done(id_: UUID, note: str, *, now: datetime, by: Holder) -> None:
    """Once, by whoever answers for the building. Raises Refused."""
    found = Errand.objects.filter(id=id_).select_related("emergency").first()
    if found is None or emergencies.building_in(by, found.emergency, found.building_id) is None:
        raise Refused(_("没有这项任务，或者不归您办。"))
    with transaction.atomic():
        emergencies.going_on(found.emergency_id)
        open_ = Errand.objects.filter(id=id_, done_at=None)
        if not open_.update(done_at=now, done_by=by.post, note=mask_text(note)[:200]):
            raise Refused(_("这项任务已经办过了。"))
        Affected.objects.filter(emergency=found.emergency_id, building=found.building_id).update(
            errands_done=F("errands_done") + 1
        )
        facts = {"building": str(found.building_id), "what": found.what}
        emergencies.noted(found.emergency, "errand_done", facts, now=now, by=by)


def of_building(of: Emergency, building: Building) -> QuerySet[Errand]:
    """Those still open first."""
    return Errand.objects.filter(emergency=of, building=building).order_by(
        F("done_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "what"
    )
