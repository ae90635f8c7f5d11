"""Mediation 人民调解: a dispute is settled near home, voluntarily and free of charge.

Source: 人民调解法 (2011) and 人民调解工作若干规定 (2002). Periods marked [M] in docs/law are to be
checked by a city before it relies on them.
"""

from gongzhi.declare import (
    OPEN,
    Act,
    Clock,
    Document,
    Level,
    Mechanism,
    Phase,
    Role,
    State,
    Tie,
    days,
    working_days,
)
from gongzhi.mechanisms.mediation import effects, forms, indicators

registered = State("registered", "待受理", Phase.REGISTER)
accepted = State("accepted", "已受理，待指派", Phase.DISPATCH)
mediating = State("mediating", "调解中", Phase.HANDLE)
performing = State("performing", "已达成协议，履行中", Phase.FEED_BACK)
settled = State("settled", "协议已履行，办结", Phase.CLOSE, final=True, settled=True)
unsettled = State("unsettled", "未达成协议，办结", Phase.CLOSE, final=True)
refused = State("refused", "不予受理", Phase.CLOSE, final=True)
withdrawn = State("withdrawn", "已撤回", Phase.CLOSE, final=True)

resident = Role("resident", "群众", tie=Tie.ANYONE)
registrar = Role(
    "registrar", "登记人", kinds=("clerk", "mediator", "judicial_officer", "judge"), tie=Tie.PLACE
)
clerk = Role("clerk", "受理专员", kinds=("clerk", "judicial_officer"))
mediator = Role(
    "mediator",
    "调解员",
    kinds=("mediator", "clerk", "judicial_officer"),
    at=(Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE),
    tie=Tie.ASSIGNED,
)
joint = Role("joint", "联合调解人", kinds=("judge", "judicial_officer", "mediator"), tie=Tie.JOINED)
leader = Role("leader", "分管领导", kinds=("leader",))
party = Role("party", "当事人", tie=Tie.PARTY)

register = Act(
    "register",
    "申请调解",
    when=[],
    then=registered,
    by=(resident, registrar),
    form=forms.Register,
    law="人民调解法 第十七条",
)
accept = Act("accept", "受理", when=[registered], then=accepted, by=clerk, form=forms.Accept)
refuse = Act("refuse", "不予受理", when=[registered], then=refused, by=clerk, form=forms.Refuse)
assign = Act(
    "assign",
    "指派调解员",
    when=[accepted, mediating],
    then=mediating,
    by=clerk,
    form=forms.Assign,
    effect=effects.name_mediator,
    law="人民调解法 第十九条",
)
object_ = Act(
    "object",
    "要求更换调解员",
    when=[mediating],
    then=accepted,
    by=party,
    form=forms.Object,
    effect=effects.drop_mediator,
    law="人民调解法 第二十三条",
)
hold = Act(
    "hold",
    "开展调解",
    when=[mediating],
    by=(mediator, joint),
    form=forms.Hold,
    effect=effects.count_session,
)
agree = Act(
    "agree",
    "达成协议",
    when=[mediating],
    then=performing,
    by=mediator,
    form=forms.Agree,
    effect=effects.plan_performance,
    law="人民调解法 第二十八、二十九条",
)
perform = Act(
    "perform",
    "登记履行",
    when=[performing],
    by=(mediator, clerk),
    form=forms.Perform,
    effect=effects.tick_off,
    law="人民调解法 第三十一条",
)
default = Act(
    "default",
    "未履行，重新调解",
    when=[performing],
    then=mediating,
    by=(mediator, clerk),
    form=forms.Default,
    effect=effects.drop_performance,
)
fail = Act(
    "fail",
    "调解不成",
    when=[mediating],
    then=unsettled,
    by=mediator,
    form=forms.Fail,
    law="人民调解法 第二十六条",
)
close = Act(
    "close",
    "核实办结",
    when=[performing],
    then=settled,
    by=clerk,
    form=forms.Close,
    effect=effects.all_performed,
    by_other_than=agree,
)
withdraw = Act(
    "withdraw", "撤回申请", when=OPEN, then=withdrawn, by=(party, clerk), form=forms.Withdraw
)
rate = Act(
    "rate",
    "评价",
    when=[settled, unsettled, refused],
    by=party,
    form=forms.Rate,
    effect=effects.count_rating,
)
reopen = Act(
    "reopen",
    "申请重新处理",
    when=[settled, unsettled, refused],
    then=registered,
    by=party,
    form=forms.Reopen,
    effect=effects.begin_again,
)

mediation = Mechanism(
    "mediation", "人民调解", starts=register, keep=days(1095), law="人民调解法",
    routed_to=("governance_centre", "judicial_office", "mediation_committee"),
    acts=[accept, refuse, assign, object_, hold, agree, perform, default, fail, close, withdraw,
          rate, reopen],
    clocks=[
        Clock("accept", "受理期限", working_days(3), runs_in=[registered],
              law="docs/adr/0007-promised-clocks.md", promise=True),
        Clock("assign", "指派期限", working_days(2), runs_in=[accepted],
              law="docs/adr/0007-promised-clocks.md", promise=True),
        Clock("mediate", "调解期限", days(30), runs_in=[accepted, mediating],
              law="人民调解工作若干规定 第三十三条", extend=days(30), extended_by=leader),
        Clock("follow_up", "回访期限", days(180), runs_in=[performing],
              law="docs/adr/0007-promised-clocks.md", promise=True),
        Clock("total", "总时限", days(365), runs_in=OPEN,
              law="docs/adr/0007-promised-clocks.md", promise=True),
    ],
    documents=[Document("acceptance", "受理通知书", after=accept),
               Document("agreement", "人民调解协议书", after=agree)],
    indicators=[indicators.success, indicators.on_time, indicators.satisfaction],
    categories=[
        ("family", "婚姻家庭纠纷"), ("neighbours", "邻里纠纷"), ("housing", "房屋宅基地纠纷"),
        ("contract", "合同纠纷"), ("business", "生产经营纠纷"), ("damages", "损害赔偿纠纷"),
        ("land", "山林土地纠纷"), ("expropriation", "征地拆迁纠纷"),
        ("environment", "环境保护纠纷"),
        ("wages", "拖欠农民工工资纠纷"), ("tourism", "旅游纠纷"), ("online_trade", "电子商务纠纷"),
        ("medical", "医疗纠纷"), ("traffic", "道路交通纠纷"), ("property", "物业纠纷"),
        ("other", "其他纠纷"),
    ],
)  # fmt: skip
