"""The kinds of units and posts there are: the vocabulary that roles and routing refer to."""

from typing import Final

# Name → (Chinese label, English label)
UNIT_KINDS: Final[dict[str, tuple[str, str]]] = {
    "governance_centre": ("综治中心", "Governance centre"),
    "judicial_office": ("司法所", "Judicial office"),
    "mediation_committee": ("人民调解委员会", "People's mediation committee"),
    "studio": ("个人调解工作室", "Mediation studio"),
    "station": ("诉讼服务站", "Litigation service station"),
    "contact_point": ("法官联络点", "Judge's contact point"),
    "court": ("人民法院", "People's court"),
    "tribunal": ("人民法庭", "Tribunal"),
    "arbitration": ("劳动人事争议仲裁委员会", "Labour arbitration commission"),
    "petition_office": ("信访局", "Petition office"),
    "government": ("人民政府", "Government"),
    "department": ("职能部门", "Department"),
    "discipline": ("纪检监察机关", "Discipline inspection"),
    "road_office": ("路长办公室", "Road chiefs' office"),
    "transport": ("交通运输部门", "Transport department"),
    "traffic_police": ("公安交警部门", "Traffic police"),
    "emergency": ("应急管理部门", "Emergency management"),
    "fire": ("消防救援机构", "Fire and rescue"),
    "health": ("卫生健康部门（医疗急救）", "Health department (ambulance)"),
    "urban": ("城市管理部门", "Urban management"),
    "agriculture": ("农业农村部门", "Agriculture department"),
    "water": ("水利部门", "Water department"),
    "resources": ("自然资源部门", "Natural resources department"),
    "ecology": ("生态环境部门", "Ecology department"),
    "power": ("供电单位", "Power supplier"),
    "building_team": ("楼栋邻里先锋队", "Building team"),
    "enterprise": ("企业", "Enterprise"),
    "village_committee": ("村（居）民委员会", "Village or residents' committee"),
}

# Units of which a county has thousands: not offered where any unit may be chosen.
VERY_MANY: Final = ("building_team", "enterprise")

POST_KINDS: Final[dict[str, tuple[str, str]]] = {
    "clerk": ("受理专员", "Intake clerk"),
    "mediator": ("调解员", "Mediator"),
    "judge": ("法官", "Judge"),
    "arbitrator": ("仲裁员", "Arbitrator"),
    "lawyer": ("律师", "Lawyer"),
    "expert": ("专家", "Expert"),
    "judicial_officer": ("司法所工作人员", "Judicial officer"),
    "handler": ("承办人", "Handler"),
    "leader": ("分管领导", "Leader in charge"),
    "inspector": ("纪检监察人员", "Inspector"),
    "road_chief": ("路长", "Road chief"),
    "first_secretary": ("第一书记", "First secretary"),
    "district_contact": ("区直联系单位领导", "Leader of the contact unit"),
    "street_contact": ("街道联系领导", "Sub-district contact leader"),
    "community_secretary": ("社区党组织书记", "Community party secretary"),
    "grid_head": ("网格长", "Grid head"),
    "building_chief": ("楼长", "Building chief"),
    "safety_inspector": ("安全监管人员", "Safety inspector"),
    "safety_officer": ("企业安全管理人员", "Safety officer of a firm"),
    "enterprise_head": ("企业主要负责人", "Head of a firm"),
    "grid_member": ("网格员", "Grid member"),
    "administrator": ("系统管理员", "Administrator"),
}
