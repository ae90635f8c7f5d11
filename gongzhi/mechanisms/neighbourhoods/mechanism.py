"""Building chiefs 楼长制: what a resident asks for is answered near home, or goes up by itself.

Source: the practice of Duanzhou (楼长制、六级邻里先锋队); the limits are our own defaults, see
docs/law/neighbourhoods.md. Chief, then community, sub-district and district: each has its own
limit, and what one leaves goes to the next (ADR 24). Roles: roles.py.
"""

from gongzhi.cases.informing import INFORMING
from gongzhi.declare import (
    OPEN,
    TIMER,
    Act,
    Clock,
    Document,
    Level,
    Mechanism,
    Phase,
    State,
    days,
    hours,
    working_days,
)
from gongzhi.mechanisms.neighbourhoods import effects, forms, indicators
from gongzhi.mechanisms.neighbourhoods.registers.matters import MATTERS
from gongzhi.mechanisms.neighbourhoods.roles import chief, noter, party, resident, staff, upper

raised = State("raised", "待楼长答复", Phase.REGISTER)
taken_up = State("taken_up", "社区以上办理中", Phase.HANDLE)
replied = State("replied", "已答复，待居民确认", Phase.FEED_BACK)
reasoned = State("reasoned", "不能解决，理由待复核", Phase.FEED_BACK)
solved = State("solved", "已解决", Phase.CLOSE, final=True, settled=True)
# Silence is no word that it is solved: it is counted apart.
unheard = State("unheard", "已答复，居民未表示意见", Phase.CLOSE, final=True)
unsolved = State("unsolved", "不能解决，已说明理由", Phase.CLOSE, final=True)
gathered = State("gathered", "并入本楼同一诉求", Phase.CLOSE, final=True)
taken_back = State("taken_back", "已撤回", Phase.CLOSE, final=True)

# fmt: off
tell = Act("tell", "居民诉求", when=[], then=raised, by=(resident, noter), form=forms.Tell,
           effect=effects.begin)
pass_on = Act("pass_on", "转社区办理", when=[raised], then=taken_up, by=chief, form=forms.PassOn,
              effect=effects.pass_on)
pass_on_late = Act("pass_on_late", "楼长超时，自动转社区", when=[raised], then=taken_up, by=TIMER,
                   up=True)
reply = Act("reply", "答复居民", when=[raised, taken_up], then=replied, by=(chief, staff),
            form=forms.Reply, effect=effects.reply)
explain = Act("explain", "说明不能解决的理由", when=[taken_up], then=reasoned, by=staff,
              form=forms.Explain, effect=effects.reply)
uphold = Act("uphold", "复核同意", when=[reasoned], then=unsolved, by=(staff, upper),
             form=forms.Uphold, by_other_than=explain)
try_again = Act("try_again", "复核退回，继续办理", when=[reasoned], then=taken_up,
                by=(staff, upper), form=forms.Again, by_other_than=explain)
confirm = Act("confirm", "确认已解决", when=[replied], then=solved, by=party, form=forms.Confirm,
              effect=effects.confirm)
confirm_at_door = Act("confirm_at_door", "上门核实已解决", when=[replied], then=solved,
                      by=(staff, upper), form=forms.AtDoor, by_other_than=reply)
contest = Act("contest", "没有解决", when=[replied], then=taken_up, by=party, form=forms.Again,
              effect=effects.contest)
hear_nothing = Act("hear_nothing", "居民期满未表示意见，结案", when=[replied], then=unheard,
                   by=TIMER)
gather = Act("gather", "并入本楼同一诉求", when=[raised, taken_up], then=gathered,
             by=(chief, staff), form=forms.Gather, effect=effects.gather)
rate = Act("rate", "评价", when=[solved, unheard, unsolved], by=party, form=forms.Rate,
           effect=effects.rate)
take_back = Act("take_back", "撤回诉求", when=[raised, taken_up], then=taken_back, by=party,
                form=forms.Again, effect=effects.take_back)
# fmt: on

PROMISE = "docs/adr/0007-promised-clocks.md"

neighbourhoods = Mechanism(
    "neighbourhoods", "楼长制", starts=tell, keep=days(1095), law="城市居民委员会组织法",
    # A building's own team takes it first, where it has a chief in office (forms.Tell.unit_for).
    routed_to=("village_committee", "governance_centre"),
    acts=[reply, pass_on, explain, uphold, try_again, confirm, confirm_at_door, contest, gather,
          rate, take_back, pass_on_late, hear_nothing],
    # Who asks for a lamp to be mended needs no proof of notice.
    without=INFORMING,
    clocks=[
        Clock("chief", "楼长答复期限", hours(2), runs_in=[raised], law=PROMISE, promise=True,
              late=pass_on_late),
        Clock("community", "社区办理期限", working_days(1), runs_in=[taken_up], law=PROMISE,
              promise=True, at=Level.VILLAGE),
        Clock("street", "街道（镇）办理期限", working_days(3), runs_in=[taken_up], law=PROMISE,
              promise=True, at=Level.TOWN),
        Clock("district", "区（县）办理期限", working_days(7), runs_in=[taken_up], law=PROMISE,
              promise=True, at=Level.COUNTY),
        Clock("review", "理由复核期限", working_days(5), runs_in=[reasoned], law=PROMISE,
              promise=True),
        Clock("confirm", "居民确认期", days(7), runs_in=[replied], law=PROMISE, promise=True,
              late=hear_nothing),
        Clock("total", "总时限", days(60), runs_in=OPEN, law=PROMISE, promise=True),
    ],
    documents=[Document("reply", "居民诉求答复单", after=reply)],
    indicators=[
        indicators.by_chief, indicators.by_community, indicators.by_street,
        indicators.by_district, indicators.resolved, indicators.contested,
        indicators.satisfaction,
    ],
    categories=MATTERS,
)  # fmt: skip
