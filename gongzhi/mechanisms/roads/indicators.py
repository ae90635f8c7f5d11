"""Named figures of roads: sums of counted figures over others, and what the register counts."""

from gongzhi.declare import Better, Indicator, Measure
from gongzhi.mechanisms.roads.registers import patrols

OURS = "本平台的统计口径"

reported_in = Indicator(
    "reported_in", "按时报到率",
    formula="期限内报到的部门次 ÷ 已报到的部门次；还没有报到的另列",
    source=OURS, over=("whistle.reported_in_time",), under=("whistle.reported",),
)  # fmt: skip
remedied = Indicator(
    "remedied", "按时处置率",
    formula="期限内反馈处置的部门次 ÷ 已反馈处置的部门次",
    source=OURS, over=("whistle.remedied_in_time",), under=("whistle.remedied",),
)  # fmt: skip
redone = Indicator(
    "redone", "返工率",
    formula="核验没有通过的部门次 ÷ 已反馈处置的部门次",
    source=OURS, over=("whistle.redone",), under=("whistle.remedied",), better=Better.DOWN,
)  # fmt: skip
cleared = Indicator(
    "cleared", "隐患销号率",
    formula="核验销号 ÷（核验销号 + 查无此事 + 撤回）；没有办结的另列",
    source=OURS, over=("closed.cleared",),
    under=("closed.cleared", "closed.unfounded", "closed.withdrawn"),
)  # fmt: skip
recurred = Indicator(
    "recurred", "九十天内再次出现率",
    formula="销号后九十天内在同一处再次出现 ÷ 核验销号",
    source=OURS, over=("recurred",), under=("closed.cleared",), better=Better.DOWN,
)  # fmt: skip
satisfaction = Indicator(
    "satisfaction", "报告人满意率",
    formula="评价满意 ÷ 已评价；未评价的不计",
    source=OURS, over=("satisfied",), under=("rated",),
)  # fmt: skip
patrolled = Measure(
    "patrolled", "巡查覆盖率",
    formula="期末那天，在各自巡查间隔内走到的米数 ÷ 责任段的米数；几级路长各算一段",
    source=OURS, count=patrols.covered,
)  # fmt: skip
