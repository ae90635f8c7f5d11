"""Petitions 信访: whoever can answer a grievance answers it, in writing and in time.

Source: 信访工作条例 (2022). Each `law` names the article that the line carries out; what is marked
[M] in docs/law/petitions.md is to be checked by a city before it relies on it. Roles: roles.py.
"""

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
)
from gongzhi.mechanisms.petitions import effects, forms, indicators
from gongzhi.mechanisms.petitions.roles import (
    desk,
    handler,
    inspector,
    leader,
    party,
    registrar,
    resident,
    verifier,
)
from gongzhi.mechanisms.petitions.tasks import MEMBER, REPORT

registered = State("registered", "已登记，待甄别", Phase.REGISTER)
forwarded = State("forwarded", "已转送（交办），待受理", Phase.DISPATCH)
accepted = State("accepted", "已受理，办理中", Phase.HANDLE)
answered = State("answered", "已答复，可申请复查", Phase.FEED_BACK)
reviewing = State("reviewing", "复查中", Phase.HANDLE)
reviewed = State("reviewed", "已复查，可申请复核", Phase.FEED_BACK)
reexamining = State("reexamining", "复核中", Phase.HANDLE)
hearing = State("hearing", "复核听证中", Phase.HANDLE)
in_effect = State("in_effect", "答复生效，落实中", Phase.FEED_BACK)
considering = State("considering", "意见建议研究中", Phase.HANDLE)
with_discipline = State("with_discipline", "检举控告已移送，处理中", Phase.HANDLE)
settled = State("settled", "已落实，办结", Phase.CLOSE, final=True, settled=True)
explained = State("explained", "依法不予支持，释明办结", Phase.CLOSE, final=True)
replied = State("replied", "意见建议已回复", Phase.CLOSE, final=True)
informed = State("informed", "检举控告已办结", Phase.CLOSE, final=True)
refused = State("refused", "不予受理", Phase.CLOSE, final=True)
diverted = State("diverted", "已引导至法定途径", Phase.CLOSE, final=True)
merged = State("merged", "重复信访，并入前案", Phase.CLOSE, final=True)
withdrawn = State("withdrawn", "已撤回", Phase.CLOSE, final=True)

NEW = (registered, forwarded)  # not yet taken up by anybody
ASKED_FOR = (accepted, answered, reviewing, reviewed, reexamining, hearing, in_effect)
ENDED = (settled, explained, replied, informed, refused, diverted)

# fmt: off
# Registering and judging whose duty it is
register = Act("register", "信访登记", when=[], then=registered, by=(resident, registrar),
               form=forms.Register, effect=effects.begin, law="信访工作条例 第十七至二十条")
accept = Act("accept", "受理", when=NEW, then=accepted, by=desk, form=forms.Accept,
             effect=effects.take_up, law="信访工作条例 第二十二条")
forward = Act("forward", "转送", when=NEW, then=forwarded, by=desk, form=forms.Forward,
              effect=effects.send_on, law="信访工作条例 第二十二条")
assign = Act("assign", "交办（要报告结果）", when=NEW, then=forwarded, by=desk, form=forms.Assign,
             effect=effects.assign, law="信访工作条例 第二十二条")
refuse = Act("refuse", "不予受理", when=NEW, then=refused, by=desk, form=forms.Refuse,
             effect=effects.refuse, law="信访工作条例 第二十二条")
divert = Act("divert", "诉访分离，引导法定途径", when=[*NEW, accepted], then=diverted, by=desk,
             form=forms.Divert, effect=effects.divert, law="信访工作条例 第三十一条")
merge = Act("merge", "认定重复，并入前案", when=NEW, then=merged, by=desk, form=forms.Merge,
            effect=effects.merge, law="信访工作条例 第二十二条")
report_result = Act("report_result", "报告办理结果", when=ASKED_FOR, by=handler,
                    form=forms.ReportResult, effect=effects.reported,
                    law="信访工作条例 第二十二条", quiet=True)

# Suggestions, and accusations, by rules of their own
study = Act("study", "研究意见建议", when=NEW, then=considering, by=desk, form=forms.Accept,
            effect=effects.study, law="信访工作条例 第二十九条")
reply = Act("reply", "回复意见建议", when=[considering], then=replied, by=handler, form=forms.Reply,
            effect=effects.reply, law="信访工作条例 第二十九条")
pass_on = Act("pass_on", "移送纪检监察机关", when=NEW, then=with_discipline, by=desk,
              form=forms.PassOn, effect=effects.pass_on, law="信访工作条例 第三十条", quiet=True)
inform = Act("inform", "反馈处理情况", when=[with_discipline], then=informed, by=inspector,
             form=forms.Inform, effect=effects.told("inform"), law="信访工作条例 第三十条")

# The written opinion, its review and re-examination
prolong = Act("prolong", "批准延期办理", when=[accepted], by=leader, form=forms.Prolong,
              effect=effects.prolong, law="信访工作条例 第三十四条")
answer = Act("answer", "出具处理意见书", when=[accepted], then=answered, by=handler,
             form=forms.Opinion, effect=effects.answer, law="信访工作条例 第三十四条")
accept_answer = Act("accept_answer", "认可答复", when=[answered, reviewed], then=in_effect,
                    by=party, effect=effects.take_effect)
lapse = Act("lapse", "逾期未申请复查（复核）", when=[answered, reviewed], then=in_effect, by=TIMER)
review = Act("review", "申请复查", when=[answered], then=reviewing, by=(party, desk),
             form=forms.AskAgain, effect=effects.to_the_level_above, law="信访工作条例 第三十五条")
review_opinion = Act("review_opinion", "出具复查意见书", when=[reviewing], then=reviewed,
                     by=handler, form=forms.Review, effect=effects.reviewed, by_other_than=answer,
                     law="信访工作条例 第三十五条")
reexamine = Act("reexamine", "申请复核", when=[reviewed], then=reexamining, by=(party, desk),
                form=forms.AskAgain, effect=effects.to_the_level_above,
                law="信访工作条例 第三十六条")
hear = Act("hear", "举行听证", when=[reexamining], then=hearing, by=handler, form=forms.Hearing,
           law="信访工作条例 第三十六条")
end_hearing = Act("end_hearing", "听证结束", when=[hearing], then=reexamining, by=handler,
                  form=forms.Heard, law="信访工作条例 第三十六条")
final_opinion = Act("final_opinion", "出具复核意见书", when=[reexamining], then=in_effect,
                    by=handler, form=forms.Review, effect=effects.final,
                    by_other_than=review_opinion, law="信访工作条例 第三十六条")

# Carrying it out
share = Act("share", "登记每人应得", when=[accepted, answered, in_effect], by=handler,
            form=forms.Share, effect=effects.share)
pay = Act("pay", "登记兑现", when=[accepted, answered, in_effect], by=handler, form=forms.Pay,
          effect=effects.pay)
verify = Act("verify", "核实办结", when=[in_effect], then=settled, by=verifier, form=forms.Verify,
             effect=effects.verify, by_other_than=answer)
explain = Act("explain", "释明办结", when=[in_effect], then=explained, by=verifier,
              form=forms.Explain, effect=effects.explain, by_other_than=answer)
redo = Act("redo", "没有落实，重新办理", when=[in_effect], then=accepted, by=(*verifier, party),
           form=forms.Again, effect=effects.redo)

# Of the petitioner
withdraw = Act("withdraw", "撤回", when=[*NEW, accepted, answered, considering], then=withdrawn,
               by=(party, desk), form=forms.Withdraw)
rate = Act("rate", "评价", when=[*ASKED_FOR, forwarded, considering, *ENDED], by=party,
           form=forms.Rate, effect=effects.rate)
reopen = Act("reopen", "再次反映", when=[settled, replied], then=registered, by=party,
             form=forms.Again, effect=effects.come_back)
thank = Act("thank", "登记锦旗、感谢信", when=[*ASKED_FOR, *ENDED], by=(*verifier, desk),
            form=forms.Thank, effect=effects.thank)
# fmt: on

PROMISE = "docs/adr/0007-promised-clocks.md"

petitions = Mechanism(
    "petitions", "信访", starts=register, keep=days(3650), law="信访工作条例",
    routed_to=("petition_office", "governance_centre"),
    # The first that may be done is offered as the next step.
    acts=[accept, forward, assign, refuse, merge, study, reply, pass_on, inform, answer, divert,
          prolong, accept_answer, lapse, review, review_opinion, reexamine, final_opinion, hear,
          end_hearing, verify, explain, redo, share, pay, report_result, withdraw, rate, reopen,
          thank],
    clocks=[
        Clock("sort", "甄别转送期限", days(15), runs_in=[registered],
              law="信访工作条例 第二十二条"),
        Clock("take", "告知受理期限", days(15), runs_in=[forwarded], law="信访工作条例 第二十三条"),
        Clock("answer", "办理期限", days(60), runs_in=[accepted], law="信访工作条例 第三十四条",
              extend=days(30), extended_by=prolong),
        Clock("ask_review", "申请复查期限", days(30), runs_in=[answered],
              law="信访工作条例 第三十五条", late=lapse),
        Clock("review", "复查期限", days(30), runs_in=[reviewing], law="信访工作条例 第三十五条"),
        Clock("ask_reexamine", "申请复核期限", days(30), runs_in=[reviewed],
              law="信访工作条例 第三十六条", late=lapse),
        Clock("reexamine", "复核期限", days(30), runs_in=[reexamining], pauses_in=[hearing],
              law="信访工作条例 第三十六条"),
        Clock("consider", "意见建议回复期限", days(60), runs_in=[considering], law=PROMISE,
              promise=True),
        Clock("discipline", "检举控告反馈期限", days(90), runs_in=[with_discipline], law=PROMISE,
              promise=True),
        Clock("carry_out", "落实期限", days(90), runs_in=[in_effect], law=PROMISE, promise=True),
        Clock("total", "总时限", days(730), runs_in=OPEN, law=PROMISE, promise=True),
    ],
    documents=[
        Document("receipt", "信访登记回执", after=register),
        Document("acceptance", "受理告知书", after=accept),
        Document("forwarding", "转送告知书", after=forward),
        Document("assignment", "交办函", after=assign),
        Document("refusal", "不予受理告知书", after=refuse),
        Document("diversion", "依法分类处理告知书", after=divert),
        Document("merging", "重复信访告知书", after=merge),
        Document("passing", "检举控告移送函", after=pass_on),
        Document("extension", "延期办理告知书", after=prolong),
        Document("opinion", "信访事项处理意见书", after=answer),
        Document("review_opinion", "信访事项复查意见书", after=review_opinion),
        Document("final_opinion", "信访事项复核意见书", after=final_opinion),
        Document("reply", "意见建议回复函", after=reply),
        Document("result", "办理结果报告", after=report_result),
        Document("closing", "办结告知书", after=verify),
        Document("explaining", "释明告知书", after=explain),
    ],
    indicators=[indicators.sorted_in_time, indicators.accepted, indicators.on_time,
                indicators.first_visit, indicators.repeats, indicators.returned,
                indicators.satisfaction, indicators.rated],
    tasks=[(REPORT, "报告办理结果", report_result), (MEMBER, "兑现到人", pay)],
    categories=[
        ("land", "征地拆迁与用地"), ("construction", "城乡建设与违法建设"),
        ("labour", "劳动就业与社会保障"), ("education", "教育"), ("health", "医疗卫生"),
        ("housing", "住房与物业"), ("environment", "生态环境"), ("traffic", "交通运输"),
        ("market", "市场监管"), ("agriculture", "农业农村"), ("civil_affairs", "民政与优抚"),
        ("public_order", "社会治安"), ("finance", "金融与投资"), ("litigation", "涉法涉诉"),
        ("conduct", "干部作风与违纪"), ("other", "其他"),
    ],
)  # fmt: skip
