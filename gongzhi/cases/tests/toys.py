"""Toy mechanisms: the kernel is tested on these, never on a real one."""

from gongzhi.cases.changes import Changes
from gongzhi.declare import (
    OPEN,
    TIMER,
    Act,
    Clock,
    Level,
    Mechanism,
    Phase,
    Role,
    State,
    Tie,
    days,
    hours,
    working_days,
)  # fmt: skip

new = State("new", "新", Phase.REGISTER)
doing = State("doing", "办", Phase.HANDLE)
waiting = State("waiting", "等", Phase.FEED_BACK)
done = State("done", "完", Phase.CLOSE, final=True, settled=True)
lapsed = State("lapsed", "过期", Phase.CLOSE, final=True)

anyone = Role("anyone", "群众", tie=Tie.ANYONE)
clerk = Role("clerk", "专员", kinds=("clerk",))
handler = Role("handler", "承办人", kinds=("handler", "clerk"))
leader = Role("leader", "领导", kinds=("leader",))
registrar = Role("registrar", "登记人", kinds=("clerk",), at=(Level.TOWN,), tie=Tie.PLACE)
party = Role("party", "当事人", tie=Tie.PARTY)

begin = Act("begin", "登记", when=[], then=new, by=(anyone, registrar))
take = Act("take", "受理", when=[new], then=doing, by=clerk)
fix = Act("fix", "处置", when=[doing], then=waiting, by=handler)
verify = Act("verify", "核验", when=[waiting], then=done, by=handler, by_other_than=fix)
undo = Act("undo", "退回重办", when=[waiting], then=doing, by=party)
again = Act("again", "重开", when=[done], then=new, by=party)
lapse = Act("lapse", "逾期", when=[waiting], then=lapsed, by=TIMER)
count = Act(
    "count",
    "记数",
    when=OPEN,
    by=handler,
    effect=lambda case, data, by: Changes(facts={"n": case.facts.get("n", 0) + 1}),
)

name = Act(
    "name",
    "指定",
    when=OPEN,
    by=clerk,
    effect=lambda case, data, by: Changes(post=data.get("post")),
)

toy = Mechanism(
    "toy", "玩具", starts=begin, keep=days(30), routed_to=("governance_centre",),
    acts=[take, fix, verify, undo, again, lapse, count, name],
    clocks=[
        Clock("decide", "受理", working_days(2), runs_in=[new], law="toy"),
        Clock("work", "办理", days(10), runs_in=[doing], law="toy", pauses_in=[waiting],
              extend=days(5), extended_by=leader),
        Clock("answer", "答复", hours(48), runs_in=[waiting], law="toy", late=lapse),
        Clock("whole", "总时限", days(60), runs_in=OPEN, law="toy"),
    ],
    categories=[("wages", "工资")],
)  # fmt: skip
