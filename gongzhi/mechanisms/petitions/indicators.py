"""Named figures of petitions, each a sum of counted figures over another."""

from gongzhi.declare import Better, Indicator

sorted_in_time = Indicator(
    "sorted_in_time", "及时受理率",
    formula="十五日内甄别、转送或受理 ÷（期限内 + 逾期）",
    source="信访工作条例 第二十二条",
    over=("met.sort",), under=("met.sort", "breached.sort"),
)  # fmt: skip
accepted = Indicator(
    "accepted", "受理率",
    formula="已受理 ÷（已受理 + 不予受理）；引导法定途径的不计",
    source="本平台的统计口径",
    over=("accepted",), under=("accepted", "declined"),
)  # fmt: skip
on_time = Indicator(
    "on_time", "按期答复率",
    formula="办理期限内出具意见 ÷（期限内 + 逾期）",
    source="信访工作条例 第三十四条",
    over=("met.answer",), under=("met.answer", "breached.answer"),
)  # fmt: skip
first_visit = Indicator(
    "first_visit", "初信初访化解率",
    formula="第一次反映就办结落实 ÷ 第一次反映已办结（落实或释明）；再次反映的不计",
    source="本平台的统计口径",
    over=("first.settled",), under=("first.settled", "first.explained"),
)  # fmt: skip
repeats = Indicator(
    "repeats", "重复信访率",
    formula="认定重复 ÷ 登记件数",
    source="本平台的统计口径",
    over=("repeated",), under=("reported",), better=Better.DOWN,
)  # fmt: skip
returned = Indicator(
    "returned", "办结后再次反映率",
    formula="办结后再次反映 ÷ 办结落实",
    source="本平台的统计口径",
    over=("returned",), under=("closed.settled",), better=Better.DOWN,
)  # fmt: skip
satisfaction = Indicator(
    "satisfaction", "群众满意率",
    formula="评价满意 ÷ 已评价，每一步各计一次；未评价的不计",
    source="本平台的统计口径",
    over=("satisfied",), under=("rated",),
)  # fmt: skip
rated = Indicator(
    "rated", "评价率",
    formula="办结后评价 ÷ 办结；办理中的评价不计，各按自己的日子计",
    source="本平台的统计口径",
    over=("rated.close",), under=("ended.%",),
)  # fmt: skip
