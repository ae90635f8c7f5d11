"""Named figures of work safety, each a sum of counted figures over another."""

from gongzhi.declare import Better, Indicator

OURS = "本平台的统计口径"

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
