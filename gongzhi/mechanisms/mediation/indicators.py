"""Named figures of mediation, each a sum of counted figures over another."""

from gongzhi.declare import Better, Indicator

success = Indicator(
    "success", "调解成功率",
    formula="达成协议 ÷（达成协议 + 调解不成）；撤回、终止的不计",
    source="本平台的统计口径",
    over=("agreed",), under=("agreed", "failed"),
)  # fmt: skip
performance = Indicator(
    "performance", "协议履行率",
    formula="按期履行 ÷ 到期应履行，按期数计",
    source="本平台的统计口径",
    over=("kept",), under=("due",),
)  # fmt: skip
on_time = Indicator(
    "on_time", "调解按期率",
    formula="调解期限内办完 ÷（期限内办完 + 逾期办完）",
    source="人民调解工作若干规定 第三十三条",
    over=("met.mediate",), under=("met.mediate", "breached.mediate"),
)  # fmt: skip
satisfaction = Indicator(
    "satisfaction", "满意率",
    formula="评价满意 ÷ 已评价；未评价的不计",
    source="本平台的统计口径",
    over=("satisfied",), under=("rated",),
)  # fmt: skip
before_court = Indicator(
    "before_court", "诉前化解率",
    formula="没有立案就化解 ÷ 全部进入；进入的和化解的各按自己的日子计",
    source="本平台的统计口径",
    over=("settled_unfiled.%",), under=("category.%",),
)  # fmt: skip
recurred = Indicator(
    "recurred", "九十天内反复率",
    formula="化解后九十天内又来 ÷ 化解",
    source="本平台的统计口径",
    over=("recurred.%",), under=("settled.%",), better=Better.DOWN,
)  # fmt: skip
