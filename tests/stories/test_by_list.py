"""The responsibility list over HTTP: a leader imports it, a report goes by it, and says why."""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import sheets
from gongzhi.cases.models import Case
from gongzhi.cases.testing import LINE, Cast, make_post, make_unit, signed_in
from gongzhi.people.models import Unit
from gongzhi.people.posts import Holder
from gongzhi.people.scope import Scope, within

COUNTY, TOWN, VILLAGE = LINE[2:]
REPORT = f"/report/petitions/{VILLAGE}/"
IMPORT = reverse("networks:import_duties")
BASIS = "《德庆县教育局职能配置规定》第三条"
TOLD = {"category": "education", "text": "入学被拒。", "purpose": "request", "request": "安排入学",
        "notice": "online", "name": "李家长", "phone": "13800007788", "key": "one"}  # fmt: skip


@pytest.fixture(autouse=True)
def counts_start_afresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bureau(cast: Cast) -> Holder:
    unit = make_unit(COUNTY, "department", parent=cast.units[COUNTY])
    Unit.objects.filter(id=unit).update(name="德庆县教育局", name_en="Deqing Education Bureau")
    return make_post(unit, COUNTY, "handler", unit_kind="department", sees=False)


@pytest.fixture
def listed(cast: Cast, bureau: Holder) -> None:
    """As a leader does it: the blank sheet filled in, tried, entered."""
    leader = signed_in(cast[COUNTY, "leader"])
    blank = leader.get(IMPORT, {"blank": ""}).content
    head = next(iter(openpyxl.load_workbook(io.BytesIO(blank)).active.values))  # type: ignore[union-attr]
    today = timezone.localdate().isoformat()
    line = ["信访", "教育", COUNTY, "县", "德庆县教育局", "牵头", "", "", "", BASIS, today, ""]
    file = SimpleUploadedFile("list.xlsx", sheets.made_of([str(h) for h in head], [line]))
    shown = leader.post(IMPORT, {"file": file}).content.decode()
    kept = re.search(r'name="lines" value="([^"]*)"', shown)
    assert kept and "还没有写进清单" in shown
    said = {"lines": kept[1].replace("&quot;", '"'), "enter": "1"}
    assert "已写进责任清单" in leader.post(IMPORT, said, follow=True).content.decode()


def only_case() -> Case:
    with within(Scope(place="44")):
        (case,) = Case.objects.all()
    return case


@pytest.mark.usefixtures("listed")
def test_a_resident_s_report_goes_to_the_lead_and_says_why(cast: Cast, bureau: Holder) -> None:
    client = Client()
    receipt = client.post(REPORT, TOLD, follow=True).content.decode()
    case = only_case()
    assert case.unit == bureau.unit
    assert "德庆县教育局" in receipt and BASIS in receipt
    assert BASIS in client.get("/case/").content.decode()
    page = signed_in(bureau).get(reverse("desk:case", args=[case.county, case.id])).content.decode()
    # Among what happened, and on the way of the case through the five levels.
    assert page.count(f"按责任清单（{BASIS}）") == 2


@pytest.mark.usefixtures("listed")
def test_a_report_about_the_lead_passes_it_by(cast: Cast, bureau: Holder) -> None:
    receipt = Client().post(REPORT, {**TOLD, "accused": [str(bureau.unit)]}, follow=True)
    case = only_case()
    assert case.unit == cast.units[VILLAGE] and "by_list" not in case.facts
    assert BASIS not in receipt.content.decode()
    address = reverse("desk:case", args=[case.county, case.id])
    assert signed_in(bureau).get(address).status_code == 404


@pytest.mark.usefixtures("listed")
def test_what_a_clerk_writes_down_stays_where_it_was_told_and_the_list_proposes(
    cast: Cast, bureau: Holder
) -> None:
    clerk = signed_in(cast[VILLAGE, "clerk"])
    said = {**TOLD, "channel": "visit"}
    clerk.post(f"/desk/new/petitions/{VILLAGE}/", said)
    case = only_case()
    assert case.unit == cast.units[VILLAGE]
    form = clerk.get(reverse("desk:do", args=[case.county, case.id, "forward"])).content.decode()
    assert "责任清单：德庆县教育局" in form and BASIS in form


@pytest.mark.usefixtures("listed")
def test_a_grid_member_s_report_goes_by_the_list(cast: Cast, bureau: Holder) -> None:
    committee = make_unit(VILLAGE, "village_committee", parent=cast.units[VILLAGE])
    member = make_post(committee, VILLAGE, "grid_member", unit_kind="village_committee")
    signed_in(member).post(f"/desk/new/petitions/{VILLAGE}/", {**TOLD, "channel": "visit"})
    assert only_case().unit == bureau.unit
