"""Named figures of the neighbourhood, each a sum of counted figures over another."""

from gongzhi.declare import Better, Indicator

OURS = "本平台的统计口径"

by_chief = Indicator(
    "by_chief", "楼长按时答复率",
    formula="两小时内由楼长答复或转社区 ÷（按时 + 超时自动转社区）",
    source=OURS, over=("chief_in_time",), under=("met.chief",),
)  # fmt: skip
by_community = Indicator(
    "by_community", "社区按时办理率",
    formula="期限内办结或转出 ÷（按时 + 超时）；没有办完的另列",
    source=OURS, over=("met.community",), under=("met.community", "breached.community"),
)  # fmt: skip
by_street = Indicator(
    "by_street", "街道（镇）按时办理率",
    formula="期限内办结或转出 ÷（按时 + 超时）；没有办完的另列",
    source=OURS, over=("met.street",), under=("met.street", "breached.street"),
)  # fmt: skip
by_district = Indicator(
    "by_district", "区（县）按时办理率",
    formula="期限内办结或转出 ÷（按时 + 超时）；没有办完的另列",
    source=OURS, over=("met.district",), under=("met.district", "breached.district"),
)  # fmt: skip
resolved = Indicator(
    "resolved", "诉求解决率",
    formula="居民确认或上门核实已解决 ÷（已解决 + 未表示意见 + 不能解决）；撤回、并入的不计",
    source=OURS, over=("closed.solved",),
    under=("closed.solved", "closed.unheard", "closed.unsolved"),
)  # fmt: skip
contested = Indicator(
    "contested", "居民不认可率",
    formula="居民说没有解决 ÷ 已答复",
    source=OURS, over=("contested",), under=("replied",), better=Better.DOWN,
)  # fmt: skip
satisfaction = Indicator(
    "satisfaction", "居民满意率",
    formula="评价满意 ÷ 已评价；未评价的不计",
    source=OURS, over=("satisfied",), under=("rated",),
)  # fmt: skip
