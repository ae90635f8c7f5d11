"""What the article says, and no more: each statement with its figures, in one declared table.

Source: report of 4 August 2022 on Zhaoqing's pilot of municipal social governance. What the rows
count is never read from here; it is only compared with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SOURCE: Final = (
    "2022年8月4日关于肇庆市域社会治理现代化试点的报道",
    "report of 4 August 2022 on Zhaoqing's pilot of municipal social governance",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the article: so many exactly, or at least so many ("more than 7,000")."""

    wanted: int
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'≥ ' if self.at_least else ''}{self.wanted:,}"

    def met_by(self, counted: int) -> bool:
        return counted >= self.wanted if self.at_least else counted == self.wanted


@dataclass(frozen=True, slots=True)
class Statement:
    """In both languages, with its figures by what is counted."""

    zh: str
    en: str
    figures: Mapping[str, Figure]


def exactly(n: int) -> Figure:
    return Figure(n)


def at_least(n: int) -> Figure:
    return Figure(n, at_least=True)


def none() -> Figure:
    """The article says "every": there is none without."""
    return Figure(0)


ARTICLE: Final[Mapping[str, Statement]] = {
    "levels": Statement(
        "省、市、县、镇、村五级联动，办一件事",
        "Province, city, county, town and village act together on one matter",
        {"一案中办理的层级 levels that acted in one case": exactly(5)},
    ),
    "merchants": Statement(
        "端州区52户商户因学校用地上的违建商铺上访，联席会议指导、区领导包案，问题化解",
        "52 merchant households of Duanzhou petition over shops on school land; a joint meeting"
        " guides, a leader of the district answers, it is solved",
        {
            "商户 households": exactly(52),
            "已兑现补偿的商户 households paid": exactly(52),
            "联席会议 joint meetings": at_least(1),
            "包案领导 leaders in charge": at_least(1),
            "已办结 solved": exactly(1),
        },
    ),
    "wages": Statement(
        "德庆县九市镇：法官和司法所调解员联手，为果蔬合作社工人讨回工资38万元",
        "Jiushi town, Deqing: judge and judicial-office mediator together win RMB 380,000 of wages"
        " for workers of a fruit and vegetable cooperative",
        {
            "已兑现工资（元） wages paid, RMB": exactly(380_000),
            "法院和司法所 court and judicial office": exactly(2),
        },
    ),
    "linked": Statement(
        "德庆县各诉讼服务站联动化解纠纷1261件",
        "1,261 disputes linked through Deqing's litigation service stations",
        {
            "联动的纠纷 linked disputes": exactly(1_261),
            "没有服务站的镇 towns without a station": none(),
        },
    ),
    "contact_points": Statement(
        "两级法院设46个法官联络点，服务324个村（社区），驻点接访、普法",
        "The courts set up 46 judges' contact points that serve 324 villages, with visits and law"
        " lectures",
        {
            "联络点 contact points": exactly(46),
            "服务的村（社区） villages served": exactly(324),
            "没有驻点日的联络点 points without a visit": none(),
            "普法讲座 lectures": at_least(1),
        },
    ),
    "studios": Statement(
        "个人调解工作室覆盖各县（市、区）",
        "Mediation studios cover every county",
        {
            "工作室 studios": at_least(1),
            "没有工作室的县（市、区） counties without a studio": none(),
        },
    ),
    "divorce": Statement(
        "广宁县：已诉到法院的离婚案，经工作室调解员调解，双方和好撤诉",
        "Guangning: a divorce filed in court is reconciled by the studio's mediator and withdrawn",
        {"和好并撤诉的案件 reconciled and withdrawn from court": exactly(1)},
    ),
    "rainbow_road": Statement(
        "鼎湖区凤凰镇彩虹路（X413）沿线9个村，9名村党支部书记任村级路长",
        "Rainbow Road (X413) in Fenghuang town, Dinghu: nine villages, nine branch secretaries as"
        " village road chiefs",
        {
            "沿线的村 villages along the road": exactly(9),
            "村级路长 village road chiefs": exactly(9),
        },
    ),
    "whistle": Statement(
        "路长吹哨、部门报到",
        "The road chief whistles, departments report in and act",
        {
            "吹哨 whistles": at_least(1),
            "部门报到 reports": at_least(1),
            "核验消除的隐患 hazards gone": at_least(1),
            "吹哨后无人应答 whistles that nobody answered": none(),
        },
    ),
    "lists": Statement(
        "制定38份责任清单，分事故多发、路口乱象、应急救援、农村路长四类",
        "38 responsibility lists in four groups",
        {
            "责任清单 lists": exactly(38),
            "类别 groups": exactly(4),
            "没有牵头部门的清单 lists without a lead": none(),
        },
    ),
    "buildings": Statement(
        "端州区7000多个小区楼栋都有楼长，登记、通知、指引、收集诉求",
        "More than 7,000 buildings of Duanzhou have a building chief, who registers, tells, guides"
        " and takes requests",
        {
            "有楼长的楼栋 buildings with a chief": at_least(7_000),
            "没有楼长的楼栋 buildings without": none(),
            "楼长答复的诉求 requests that chiefs answered": at_least(1),
            "确认收到通知的户 households that confirmed a notice": at_least(1),
            "到场的户 households that came to a campaign": at_least(1),
        },
    ),
    "team": Statement(
        "六级邻里先锋队：第一书记、区直联系单位、街道、社区书记、网格长、楼长",
        "The six-level team: first secretary, district contact, sub-district contact, community"
        " secretary, grid head, building chief",
        {
            "每栋楼都齐的层级 rungs held over every building": exactly(6),
            "点名应答的楼长 chiefs who answered a roll call": at_least(1),
        },
    ),
    "catalogue": Statement(
        "安全生产“一线三排”清单95类500项",
        "The catalogue of safety checks: 95 categories, 500 items",
        {"类 categories": exactly(95), "项 items": at_least(500)},
    ),
    "audit": Statement(
        "开展安全审计",
        "Safety audits are made",
        {
            "已出具的审计报告 audits issued": at_least(1),
            "审计看过的场所 sites that the audit looked at": at_least(1),
        },
    ),
    "declines": Statement(
        "事故起数、死亡人数、受伤人数“三下降”",
        "Three declines: accidents, deaths and injuries all down",
        {
            "事故少了（起） fewer accidents": at_least(1),
            "死亡少了（人） fewer deaths": at_least(1),
            "受伤少了（人） fewer injuries": at_least(1),
        },
    ),
}
