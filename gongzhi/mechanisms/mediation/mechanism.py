"""Mediation 人民调解: a dispute is settled near home, voluntarily and free of charge.

Source: 人民调解法 (2011) and 人民调解工作若干规定 (2002). Periods marked [M] in docs/law are to be
checked by a city before it relies on them. Who does what is in roles.py.
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
    working_days,
)
from gongzhi.mechanisms.mediation import effects, forms, indicators
from gongzhi.mechanisms.mediation.roles import (
    arbitrator,
    bench,
    clerk,
    closer,
    court,
    desk,
    joint,
    mediator,
    party,
    president,
    registrar,
    resident,
)
from gongzhi.mechanisms.mediation.tasks import DUTY, INSTALMENT

registered = State("registered", "待受理", Phase.REGISTER)
accepted = State("accepted", "已受理，待指派", Phase.DISPATCH)
mediating = State("mediating", "调解中", Phase.HANDLE)
agreed = State("agreed", "已达成协议，可申请司法确认", Phase.FEED_BACK)
confirming = State("confirming", "司法确认审查中", Phase.FEED_BACK)
performing = State("performing", "已达成协议，履行中", Phase.FEED_BACK)
unresolved = State("unresolved", "未达成协议，待告知去向", Phase.FEED_BACK)
referred = State("referred", "已移送，待立案（受理）", Phase.DISPATCH)
in_court = State("in_court", "法院审理中", Phase.HANDLE)
in_arbitration = State("in_arbitration", "仲裁中", Phase.HANDLE)
settled = State("settled", "协议已履行，办结", Phase.CLOSE, final=True, settled=True)
unsettled = State("unsettled", "未达成协议，办结", Phase.CLOSE, final=True)
broken_off = State("broken_off", "终止调解", Phase.CLOSE, final=True)
concluded = State("concluded", "法院（仲裁）已办结", Phase.CLOSE, final=True)
refused = State("refused", "不予受理", Phase.CLOSE, final=True)
withdrawn = State("withdrawn", "已撤回", Phase.CLOSE, final=True)

BEFORE = (registered, accepted, mediating)  # an agreement is still open
AGREED = (agreed, confirming, performing)
RATED = (settled, unsettled, broken_off, concluded, refused)

# fmt: off
# Intake and triage
register = Act("register", "申请调解", when=[], then=registered, by=(resident, registrar),
               form=forms.Register, effect=effects.begin, law="人民调解法 第十七条")
accept = Act("accept", "受理", when=[registered], then=accepted, by=desk, form=forms.Accept,
             effect=effects.take_up)
refuse = Act("refuse", "不予受理", when=[registered], then=refused, by=desk, form=forms.Refuse)
call_out = Act("call_out", "紧急处置", when=BEFORE, by=(desk, joint), form=forms.CallOut,
               effect=effects.call_out)

# Talks
assign = Act("assign", "指派调解员", when=[accepted, mediating, unresolved], then=mediating,
             by=desk, form=forms.Assign, effect=effects.name_mediator,
             law="人民调解法 第十九条")
object_ = Act("object", "要求更换调解员", when=[mediating], then=accepted, by=party,
              form=forms.Object, effect=effects.drop_mediator, law="人民调解法 第二十三条")
schedule = Act("schedule", "约定调解时间", when=[accepted, mediating], by=(mediator, desk, court),
               form=forms.Schedule, effect=effects.book)
adjourn = Act("adjourn", "改期或取消", when=[accepted, mediating], by=(mediator, desk, court),
              form=forms.Adjourn, effect=effects.book_again)
hold = Act("hold", "开展调解", when=[mediating], by=(mediator, joint), form=forms.Hold,
           effect=effects.count_session)
prolong = Act("prolong", "双方同意延长期限", when=[accepted, mediating], by=(mediator, desk),
              form=forms.Prolong, effect=effects.prolong,
              law="人民调解工作若干规定 第三十三条")
agree = Act("agree", "达成协议", when=[mediating], then=agreed, by=mediator, form=forms.Agree,
            effect=effects.plan_performance, law="人民调解法 第二十八至三十条")
fail = Act("fail", "调解不成", when=[mediating], then=unresolved, by=mediator, form=forms.Fail,
           effect=effects.count_failure, law="人民调解法 第二十六条")
stop = Act("stop", "终止调解", when=[accepted, mediating], then=broken_off, by=(mediator, desk),
           form=forms.Stop)

# Judicial confirmation
apply_confirmation = Act("apply_confirmation", "申请司法确认", when=[agreed], then=confirming,
                         by=(mediator, clerk), form=forms.ApplyConfirmation,
                         effect=effects.ask_court, law="人民调解法 第三十三条")
waive = Act("waive", "双方不申请司法确认", when=[agreed], then=performing, by=(mediator, clerk),
            form=forms.Waive)
lapse = Act("lapse", "逾期未申请司法确认", when=[agreed], then=performing, by=TIMER)
confirm = Act("confirm", "裁定确认有效", when=[confirming], then=performing, by=court,
              form=forms.Confirm, effect=effects.confirm, by_other_than=hold,
              law="民事诉讼法 确认调解协议案件")
reject = Act("reject", "裁定驳回申请", when=[confirming], then=performing, by=court,
             form=forms.Reject, effect=effects.reject, by_other_than=hold,
             law="民事诉讼法 确认调解协议案件")
take_result = Act("take_result", "收到调解结果", when=[*AGREED, unresolved], by=court,
                  form=forms.TakeResult, effect=effects.take_result)

# Performance
perform = Act("perform", "登记履行", when=AGREED, by=(mediator, clerk), form=forms.Perform,
              effect=effects.tick_off, law="人民调解法 第三十一条")
follow_up = Act("follow_up", "回访", when=[agreed, performing], by=(mediator, clerk),
                form=forms.FollowUp)
default = Act("default", "未履行，重新调解", when=[agreed, performing], then=mediating,
              by=(mediator, clerk), form=forms.Default, effect=effects.drop_performance)
enforce = Act("enforce", "未履行，移送法院", when=[agreed, performing], then=referred,
              by=(mediator, clerk), form=forms.Enforce, effect=effects.send_unperformed,
              law="人民调解法 第三十二条")
close = Act("close", "核实办结", when=[agreed, performing], then=settled, by=closer,
            form=forms.Close, effect=effects.settle, by_other_than=agree)

# Without agreement
refer = Act("refer", "移送法院（仲裁）", when=[unresolved], then=referred, by=(mediator, clerk),
            form=forms.Refer, effect=effects.send)
end = Act("end", "告知去向后办结", when=[unresolved], then=unsettled, by=(mediator, desk),
          form=forms.End)
file = Act("file", "立案", when=[referred], then=in_court, by=bench, form=forms.File,
           effect=effects.file)
take_up = Act("take_up", "仲裁受理", when=[referred], then=in_arbitration, by=arbitrator,
              form=forms.File, effect=effects.file)
send_back = Act("send_back", "不予立案（受理），退回", when=[referred], then=unresolved,
                by=(bench, arbitrator), form=forms.SendBack, effect=effects.send_back)
conclude = Act("conclude", "审结", when=[in_court, in_arbitration], then=concluded,
               by=(bench, arbitrator), form=forms.Conclude)

# Of the party
withdraw = Act("withdraw", "撤回申请", when=[*BEFORE, unresolved], then=withdrawn,
               by=(party, clerk), form=forms.Withdraw, law="人民调解法 第三条")
rate = Act("rate", "评价", when=RATED, by=party, form=forms.Rate, effect=effects.count_rating)
reopen = Act("reopen", "申请重新处理", when=[settled, unsettled, broken_off, refused],
             then=registered, by=party, form=forms.Reopen, effect=effects.begin_again)
# fmt: on

PROMISE = "docs/adr/0007-promised-clocks.md"

mediation = Mechanism(
    "mediation", "人民调解", starts=register, keep=days(1095), law="人民调解法", version=2,
    routed_to=("governance_centre", "judicial_office", "mediation_committee", "studio"),
    # Parties of a mediation sit at the table: who read which letter is nobody's concern.
    without=INFORMING,
    acts=[accept, refuse, call_out, assign, object_, schedule, adjourn, hold, prolong, agree, fail,
          stop, apply_confirmation, waive, lapse, confirm, reject, take_result, perform, follow_up,
          default, enforce, close, refer, end, file, take_up, send_back, conclude, withdraw, rate,
          reopen],
    clocks=[
        Clock("accept", "受理期限", working_days(3), runs_in=[registered], law=PROMISE,
              promise=True),
        Clock("assign", "指派期限", working_days(2), runs_in=[accepted], law=PROMISE,
              promise=True),
        Clock("mediate", "调解期限", days(30), runs_in=[accepted, mediating],
              law="人民调解工作若干规定 第三十三条", extend=days(30), extended_by=prolong),
        Clock("labour", "劳动争议调解期限", days(15), runs_in=BEFORE, categories=("wages",),
              law="劳动争议调解仲裁法 第十四条"),
        Clock("delegated", "诉前委派调解期限", days(30), runs_in=BEFORE, channels=("court_before",),
              law="最高人民法院关于多元化纠纷解决机制的意见（2016）", extend=days(30),
              extended_by=prolong),
        Clock("apply", "申请司法确认期限", days(30), runs_in=[agreed], law="人民调解法 第三十三条",
              late=lapse),
        Clock("examine", "司法确认审查期限", days(30), runs_in=[confirming],
              law="民事诉讼法 确认调解协议案件", extend=days(30), extended_by=president),
        Clock("follow_up", "回访期限", days(180), runs_in=[performing], law=PROMISE, promise=True),
        Clock("tell", "告知去向期限", working_days(5), runs_in=[unresolved], law=PROMISE,
              promise=True),
        Clock("file", "立案（受理）期限", days(7), runs_in=[referred],
              law="民事诉讼法 第一百二十六条"),
        Clock("try", "审理期限", days(180), runs_in=[in_court], law="民事诉讼法 第一百五十二条",
              extend=days(180), extended_by=bench),
        Clock("arbitrate", "仲裁期限", days(45), runs_in=[in_arbitration],
              law="劳动争议调解仲裁法 第四十三条", extend=days(15), extended_by=arbitrator),
        Clock("total", "总时限", days(365), runs_in=OPEN, law=PROMISE, promise=True),
    ],
    documents=[
        Document("application", "人民调解申请书", after=register),
        Document("acceptance", "受理通知书", after=accept),
        Document("invitation", "调解通知书", after=schedule),
        Document("record", "调解笔录", after=hold),
        Document("agreement", "人民调解协议书", after=agree, only=("kind", "written")),
        Document("oral_agreement", "口头协议登记表", after=agree, only=("kind", "oral")),
        Document("confirmation", "司法确认申请书", after=apply_confirmation),
        Document("ending", "调解不成告知书", after=fail),
        Document("stopping", "终止调解告知书", after=stop),
        Document("follow_up", "回访记录", after=follow_up),
        Document("referral", "移送函", after=refer),
    ],
    indicators=[indicators.success, indicators.performance, indicators.on_time,
                indicators.satisfaction, indicators.before_court, indicators.recurred],
    tasks=[
        ("call_out", "有人身危险，紧急处置", call_out),
        ("session", "调解会", hold),
        ("attend", "参加调解会", hold),
        (INSTALMENT, "分期履行", perform),
        (DUTY, "履行约定事项", perform),
        ("examine", "审查司法确认申请", confirm),
        ("court_result", "接收委派（委托）调解结果", take_result),
    ],
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
