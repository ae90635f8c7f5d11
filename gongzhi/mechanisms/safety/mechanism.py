"""Work safety 一线三排: every hazard is found, ranked, eliminated, and proven gone.

Source: 安全生产法 (2021) and the practice of Guangdong (粤安办〔2020〕74号); what is [M] or our own
is in docs/law/safety.md. The red line is in the shape of this table (ADR 25): from `halted` the
only way back to work leads through a re-inspection by somebody other than the firm, and through a
leader who is neither; else only a lower rank, which the level above agrees to, leaves `halted`.
"""

from gongzhi.cases.informing import INFORMING
from gongzhi.declare import (
    OPEN,
    TIMER,
    Act,
    Clock,
    Document,
    Mechanism,
    Phase,
    State,
    days,
    hours,
    working_days,
)
from gongzhi.mechanisms.safety import effects, forms, indicators
from gongzhi.mechanisms.safety.registers.groups import GROUPS
from gongzhi.mechanisms.safety.roles import (
    finder,
    firm,
    leader,
    noting,
    official,
    party,
    upper,
    worker,
)

spotted = State("spotted", "待定级", Phase.REGISTER)
ordered = State("ordered", "限期整改中", Phase.HANDLE)
halted = State("halted", "停产停业整改中", Phase.HANDLE)
rectified = State("rectified", "整改完成，待复查", Phase.FEED_BACK)
stop_rectified = State("stop_rectified", "停产整改完成，待复查", Phase.FEED_BACK)
rechecked = State("rechecked", "复查合格，待批准恢复", Phase.FEED_BACK)
eliminated = State("eliminated", "已消除，销号", Phase.CLOSE, final=True, settled=True)
no_hazard = State("no_hazard", "不构成隐患", Phase.CLOSE, final=True)
repeated = State("repeated", "重复，并入前案", Phase.CLOSE, final=True)

# fmt: off
find = Act("find", "发现隐患", when=[], then=spotted, by=(worker, finder), form=forms.Find,
           effect=effects.begin)
rank = Act("rank", "定级", when=[spotted], by=official, form=forms.Rank, effect=effects.rank)
order = Act("order", "责令限期整改", when=[spotted], then=ordered, by=official, form=forms.Order,
            effect=effects.order)
stop = Act("stop", "责令停产停业整改", when=[spotted, ordered], then=halted, by=official,
           form=forms.Order, effect=effects.stop)
progress = Act("progress", "整改进展", when=[ordered, halted], by=(firm, official),
               form=forms.Progress, effect=effects.progress)
# Many small firms have no account here: an official notes it for them, another one looks.
rectify = Act("rectify", "报告整改完成", when=[ordered], then=rectified, by=(firm, noting),
              form=forms.Rectify, effect=effects.rectify)
# A red one is never noted by others. A firm that had no account when it was stopped gets one, and
# the order with it.
serve = Act("serve", "送达企业账号", when=[halted], by=official, form=forms.Serve,
            effect=effects.terms.serve, answers=effects.terms.SERVE)
rectify_stopped = Act("rectify_stopped", "报告停产整改完成", when=[halted], then=stop_rectified,
                      by=firm, form=forms.Rectify, effect=effects.rectify)
pass_ = Act("pass", "复查合格，销号", when=[rectified], then=eliminated, by=(official, upper),
            form=forms.Recheck, effect=effects.close, by_other_than=rectify)
fail = Act("fail", "复查不合格，继续整改", when=[rectified], then=ordered, by=(official, upper),
           form=forms.Recheck, effect=effects.fail, by_other_than=rectify)
pass_stopped = Act("pass_stopped", "停产整改复查合格", when=[stop_rectified], then=rechecked,
                   by=(official, upper), form=forms.Recheck, effect=effects.pass_stopped,
                   by_other_than=rectify_stopped)
fail_stopped = Act("fail_stopped", "停产整改复查不合格", when=[stop_rectified], then=halted,
                   by=(official, upper), form=forms.Recheck, effect=effects.fail,
                   by_other_than=rectify_stopped)
restart = Act("restart", "批准恢复生产，销号", when=[rechecked], then=eliminated,
              by=(leader, upper), form=forms.Restart, effect=effects.close,
              by_other_than=pass_stopped)
back_to_stop = Act("back_to_stop", "不同意恢复，继续停产整改", when=[rechecked], then=halted,
                   by=(leader, upper), form=forms.Why, effect=effects.back_to_stop,
                   by_other_than=pass_stopped)
ask_longer = Act("ask_longer", "提请延长整改期限", when=[ordered], by=(firm, official),
                 form=forms.AskLonger, effect=effects.terms.ask)
agree_longer = Act("agree_longer", "同意延长整改期限", when=[ordered], by=(leader, upper),
                   form=forms.Why, effect=effects.terms.agree, by_other_than=ask_longer)
propose_rank = Act("propose_rank", "提请变更等级", when=[ordered, halted], by=official,
                   form=forms.ProposeRank, effect=effects.propose_rank)
agree_rank = Act("agree_rank", "同意变更等级", when=[ordered], by=(official, upper),
                 form=forms.Why, effect=effects.agree_rank, by_other_than=propose_rank)
lower_red = Act("lower_red", "上级同意红色隐患降级", when=[halted], then=ordered, by=upper,
                form=forms.Why, effect=effects.lower_red, by_other_than=propose_rank)
list_ = Act("list", "挂牌督办", when=[ordered, halted], by=(upper, leader), form=forms.Listing,
            effect=effects.list_)
list_by_rule = Act("list_by_rule", "按规则挂牌督办", when=[ordered, halted], by=TIMER,
                   effect=effects.list_by_rule)
delist = Act("delist", "摘牌", when=[rectified, stop_rectified, rechecked], by=(upper, leader),
             form=forms.Why, effect=effects.delist)
dismiss = Act("dismiss", "不构成隐患", when=[spotted], then=no_hazard, by=official,
              form=forms.Why, effect=effects.dismiss)
merge = Act("merge", "并入前案", when=[spotted], then=repeated, by=official, form=forms.Merge,
            effect=effects.merge)
rate = Act("rate", "评价", when=[eliminated, no_hazard], by=party, form=forms.Rate,
           effect=effects.rate)
# fmt: on

PROMISE = "docs/adr/0007-promised-clocks.md"
RED_LINE = "docs/adr/0025-the-red-line-is-the-table.md"

safety = Mechanism(
    "safety", "安全生产", starts=find, keep=days(3650), law="安全生产法",
    routed_to=("emergency", "governance_centre"),
    acts=[rank, order, stop, serve, progress, rectify, rectify_stopped, pass_, fail, pass_stopped,
          fail_stopped, restart, back_to_stop, ask_longer, agree_longer, propose_rank, agree_rank,
          lower_red, list_, list_by_rule, delist, dismiss, merge, rate],
    tasks=[("rectify", "整改隐患", rectify), ("serve", "给企业设账号并送达", serve),
           ("listed", "挂牌督办：整改到摘牌为止", progress)],
    # What is given to a firm is an order, not a proof of notice to members of a group.
    without=INFORMING,
    clocks=[
        Clock("rank", "定级期限", hours(24), runs_in=[spotted], law=PROMISE, promise=True),
        Clock("rectify", "整改期限", days(30), runs_in=[ordered], law=PROMISE, promise=True,
              dated=True, extend=days(30), extended_by=agree_longer),
        # A red hazard has no longer time: it has no restart instead.
        Clock("stop", "停产整改期限", days(15), runs_in=[halted], law=RED_LINE, promise=True,
              dated=True),
        Clock("recheck", "复查期限", working_days(5), runs_in=[rectified, stop_rectified],
              law=PROMISE, promise=True),
        Clock("restart", "批准恢复期限", working_days(3), runs_in=[rechecked], law=PROMISE,
              promise=True),
        Clock("total", "总时限", days(180), runs_in=OPEN, law=PROMISE, promise=True),
    ],
    documents=[
        Document("order", "责令限期整改指令书", after=order),
        Document("stop", "停产停业整改通知书", after=stop),
        Document("opinion", "整改复查意见书", after=pass_),
        Document("restart", "恢复生产经营决定书", after=restart),
        Document("listing", "重大隐患挂牌督办通知书", after=list_),
        Document("listing_by_rule", "重大隐患挂牌督办通知书（按规则）", after=list_by_rule),
    ],
    indicators=[
        indicators.closed_on_time, indicators.red_closed_on_time, indicators.red_in_time,
        indicators.orange_in_time, indicators.yellow_in_time, indicators.blue_in_time,
        indicators.failed, indicators.satisfaction,
    ],
    measures=[
        indicators.agreement, indicators.accidents, indicators.deaths, indicators.injured,
    ],
    categories=GROUPS,
)  # fmt: skip
