"""A town's firms for tests: its office, a firm with two sites, and the firm's own unit."""

from typing import Any

from django.utils import timezone

from gongzhi.cases.testing import LINE, Cast, make_cast, make_post, make_unit
from gongzhi.mechanisms.safety.models import Enterprise, Site
from gongzhi.mechanisms.safety.registers import credit_code, enterprises, firm_units, sites
from gongzhi.people.models import Account, Post
from gongzhi.people.posts import Holder, as_holder

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = LINE
SPOT = (111.78, 23.16)  # in the county, WGS84


def code(n: int) -> str:
    """A code that checks; of no firm there is."""
    body = f"91441226MADEM{n:04}"
    return body + credit_code.check_sign(body)


class Register:
    """The town's centre keeps it."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.now = timezone.now()
        bureau = make_unit(COUNTY, "emergency", parent=self.cast.units[COUNTY])
        self.bureau = make_post(bureau, COUNTY, "safety_inspector", unit_kind="emergency")
        self.clerk = self.cast[TOWN, "clerk"]
        self.firm = self.add_firm("德庆县兴旺五金有限公司")
        self.workshop = self.add_site(self.firm, "冲压车间", colour="orange", facts=["stamping"])
        self.store = self.add_site(self.firm, "原料仓库", colour="blue", facts=["storage"])

    def add_firm(self, name: str, **facts: Any) -> Enterprise:
        usual = {"code": code(Enterprise.objects.count()), "place": VILLAGE, "industry": "C33",
                 "size": "small"}  # fmt: skip
        row = Enterprise(name=name, **usual | facts)
        enterprises.add(row, by=self.clerk, now=self.now)
        return row

    def add_site(self, of: Enterprise, name: str, **facts: Any) -> Site:
        row = Site(enterprise=of, name=name, **{"place": of.place, "colour": "blue"} | facts)
        sites.add(row, by=self.clerk, now=self.now)
        return row

    def staff(self, kind: str, of: Enterprise | None = None) -> Holder:
        """Somebody in one of the firm's own posts."""
        firm = of or self.firm
        if firm.unit is None:
            firm_units.make(firm, by=self.clerk, now=self.now)
        account = Account.objects.create(username=f"{kind}-{firm.code}", name=kind)
        firm_units.appoint(firm, kind, account, by=self.clerk, now=self.now)
        post = Post.objects.get(unit=firm.unit, kind=kind)
        return as_holder(account.id, post.id, at=timezone.now())
