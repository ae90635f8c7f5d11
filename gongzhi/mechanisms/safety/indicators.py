"""Named figures of work safety: sums of counted figures over others, and what registers count."""

from functools import partial

from django.utils.translation import gettext_noop as _

from gongzhi.cases.snapshot import FIRST_LATE
from gongzhi.declare import Better, Indicator, Measure
from gongzhi.mechanisms.safety.registers import declines, honesty
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.mechanisms.safety.registers.ranks import BLUE, ORANGE, RED, YELLOW, weights

OURS = "本平台的统计口径"
ELIMINATED = _(
    "没有一个时限逾期就消除 ÷（这样消除的 + 第一次逾期的）；每件只计一次，没有到期的另列"
)
DECLINE = _("（本期 − 去年同期）÷ 去年同期；同样的日子，去年不满十的不列，件数见“三下降”")

closed_on_time = Indicator(
    "closed_on_time", "隐患按期整改率",
    formula="整改期限内报告整改完成 ÷（期限内 + 超期）；没有到期的另列",
    source=OURS, over=("met.rectify",), under=("met.rectify", "breached.rectify"),
)  # fmt: skip
red_closed_on_time = Indicator(
    "red_closed_on_time", "停产整改按期完成率",
    formula="停产整改期限内报告完成 ÷（期限内 + 超期）；没有到期的另列",
    source=OURS, over=("met.stop",), under=("met.stop", "breached.stop"),
)  # fmt: skip
failed = Indicator(
    "failed", "复查不合格率",
    formula="复查不合格 ÷ 报告整改完成",
    source=OURS, over=("failed",), under=("rectified",), better=Better.DOWN,
)  # fmt: skip
satisfaction = Indicator(
    "satisfaction", "报告人满意率",
    formula="评价满意 ÷ 已评价；未评价的不计",
    source=OURS, over=("satisfied",), under=("rated",),
)  # fmt: skip


def _in_time(rank: str, label: str) -> Indicator:
    over = f"eliminated_in_time.{rank}"
    late = (f"{FIRST_LATE}{weight}" for weight in weights(rank))
    return Indicator(
        f"{rank}_in_time", label, formula=ELIMINATED, source=OURS,
        over=(over,), under=(over, *late),
    )  # fmt: skip


red_in_time = _in_time(RED, _("红色隐患按期消除率"))
orange_in_time = _in_time(ORANGE, _("橙色隐患按期消除率"))
yellow_in_time = _in_time(YELLOW, _("黄色隐患按期消除率"))
blue_in_time = _in_time(BLUE, _("蓝色隐患按期消除率"))
agreement = Measure(
    "agreement", "自查一致率",
    formula="自查和审计都查出的隐患 ÷ 审计查出的隐患；按审计报告签发的日子，不满五处不列",
    source=OURS, count=honesty.agreed, least=CURRENT.least,
)  # fmt: skip
accidents = Measure(
    "accidents", "事故起数变化",
    formula=DECLINE, source=OURS, count=partial(declines.changed, "accidents"),
    least=declines.BASE, better=Better.DOWN,
)  # fmt: skip
deaths = Measure(
    "deaths", "死亡人数变化",
    formula=DECLINE, source=OURS, count=partial(declines.changed, "deaths"),
    least=declines.BASE, better=Better.DOWN,
)  # fmt: skip
injured = Measure(
    "injured", "重伤人数变化",
    formula=DECLINE, source=OURS, count=partial(declines.changed, "injured"),
    least=declines.BASE, better=Better.DOWN,
)  # fmt: skip
