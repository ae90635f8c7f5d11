"""Roads 路长制: the chief whistles, the departments report, the hazard is gone and proven gone.

Source: the practice of Zhaoqing (路长吹哨、部门报到); what is [M] or our own default in
docs/law/roads.md is for a city to confirm. Roles: roles.py; matters: registers/matters.py.
"""

from gongzhi.cases import whistles
from gongzhi.cases.informing import INFORMING
from gongzhi.declare import OPEN, Act, Clock, Document, Mechanism, Phase, State, days, hours
from gongzhi.mechanisms.roads import effects, forms, indicators
from gongzhi.mechanisms.roads.registers.matters import MATTERS
from gongzhi.mechanisms.roads.roles import chief, finder, party, passer_by, upper_chief

discovered = State("discovered", "已发现，待处置", Phase.REGISTER)
whistled = State("whistled", "已吹哨，部门处置中", Phase.HANDLE)
mended = State("mended", "已当场处置，待核验", Phase.FEED_BACK)
cleared = State("cleared", "已消除，销号", Phase.CLOSE, final=True, settled=True)
unfounded = State("unfounded", "查无此事", Phase.CLOSE, final=True)
merged = State("merged", "重复，并入前案", Phase.CLOSE, final=True)
withdrawn = State("withdrawn", "已撤回", Phase.CLOSE, final=True)

# fmt: off
report = Act("report", "发现上报", when=[], then=discovered, by=(passer_by, finder),
             form=forms.Report, effect=effects.begin)
mend = Act("mend", "当场处置", when=[discovered], then=mended, by=chief, form=forms.Mend,
           effect=effects.mend)
whistle = whistles.whistle_with(forms.Whistle, when=[discovered, whistled], then=whistled, by=chief)
verify = Act("verify", "核验销号", when=[whistled], then=cleared, by=chief, form=forms.Verify,
             effect=effects.verify)
check = Act("check", "核验当场处置", when=[mended], then=cleared, by=(chief, upper_chief),
            form=forms.Verify, effect=effects.verify, by_other_than=mend)
redo = Act("redo", "没有消除，重新处置", when=[mended], then=discovered,
           by=(chief, upper_chief, party), form=forms.Again, effect=effects.redo)
dismiss = Act("dismiss", "查无此事", when=[discovered], then=unfounded, by=chief,
              form=forms.Dismiss, effect=effects.dismiss)
merge = Act("merge", "并入前案", when=[discovered], then=merged, by=chief, form=forms.Merge,
            effect=effects.merge)
recur = Act("recur", "隐患再次出现", when=[cleared], then=discovered, by=(chief, finder, party),
            form=forms.Again, effect=effects.recur)
rate = Act("rate", "评价", when=[cleared, unfounded], by=party, form=forms.Rate,
           effect=effects.rate)
withdraw = Act("withdraw", "撤回", when=[discovered], then=withdrawn, by=party, form=forms.Again)
# fmt: on

PROMISE = "docs/adr/0007-promised-clocks.md"

roads = Mechanism(
    "roads", "路长制", starts=report, keep=days(1095), law="公路法",
    routed_to=("road_office", "village_committee", "governance_centre"),
    acts=[mend, whistle, verify, check, redo, dismiss, merge, recur, rate, withdraw],
    # Who reports a hole in the road needs no proof of notice.
    without=[whistles.whistle, *INFORMING],
    clocks=[
        Clock("judge", "处置或吹哨期限", hours(24), runs_in=[discovered], law=PROMISE,
              promise=True),
        Clock("handle", "部门处置总期限", days(15), runs_in=[whistled], law=PROMISE, promise=True,
              extend=days(15), extended_by=upper_chief),
        Clock("check", "核验期限", days(10), runs_in=[mended], law=PROMISE, promise=True),
        Clock("total", "总时限", days(90), runs_in=OPEN, law=PROMISE, promise=True),
    ],
    documents=[
        Document("summons", "吹哨单", after=whistle),
        Document("clearing", "销号单", after=verify),
    ],
    indicators=[
        indicators.reported_in, indicators.remedied, indicators.redone, indicators.cleared,
        indicators.recurred, indicators.satisfaction,
    ],
    measures=[indicators.patrolled],
    categories=MATTERS,
)  # fmt: skip
