"""Toy mechanisms: the kernel is tested on these, never on a real one."""

from collections.abc import Mapping
from typing import Any

from gongzhi.cases.changes import Changes, NewParty
from gongzhi.cases.snapshot import Snapshot
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
from gongzhi.people.permissions import Actor

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


def blame(case: Snapshot, data: Mapping[str, Any], by: Actor) -> Changes:
    """Somebody turns out to be complained about while the case is handled."""
    who = data.get("who")
    return Changes(parties=(NewParty("respondent", name="某", who=who),) if who else ())


# Everything here comes back: time moves it on, nags, and wakes it; clocks rest and go on.
tried = State("tried", "试", Phase.HANDLE)
rested = State("rested", "歇", Phase.FEED_BACK)
asleep = State("asleep", "睡", Phase.FEED_BACK)

attempt = Act("attempt", "尝试", when=[new, asleep], then=tried, by=clerk)
rest = Act("rest", "歇一歇", when=[tried], then=rested, by=handler)
go_on = Act("go_on", "接着办", when=[rested, asleep], then=tried, by=(handler, party))
nag = Act("nag", "催办", when=[tried], by=TIMER)
wake = Act("wake", "唤醒", when=[rested], then=tried, by=TIMER)
sleep = Act("sleep", "搁置", when=[tried], then=asleep, by=handler)
forget = Act("forget", "忘却", when=[asleep], then=lapsed, by=TIMER)
finish = Act("finish", "办完", when=[rested, asleep], then=done, by=handler, by_other_than=attempt)
accuse = Act("accuse", "记录被投诉人", when=OPEN, by=handler, effect=blame)

restless = Mechanism(
    "restless", "不息", starts=begin, keep=days(30), routed_to=("governance_centre",),
    acts=[attempt, rest, go_on, nag, wake, sleep, forget, finish, accuse, name,
          Act("afresh", "重开", when=[done, lapsed], then=new, by=party)],
    clocks=[
        Clock("decide", "受理", working_days(2), runs_in=[new], law="toy"),
        Clock("push", "催促", days(3), runs_in=[tried], law="toy", late=nag),
        Clock("nap", "小憩", hours(30), runs_in=[rested], law="toy", late=wake),
        Clock("dream", "搁置期", days(6), runs_in=[asleep], law="toy", late=forget),
        Clock("work", "办理", working_days(9), runs_in=[tried, rested], law="toy",
              pauses_in=[asleep]),
        Clock("whole", "总时限", days(45), runs_in=OPEN, law="toy"),
    ],
    categories=[("wages", "工资")],
)  # fmt: skip
