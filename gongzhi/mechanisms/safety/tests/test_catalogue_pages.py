"""The catalogue on pages: found, read, compared; a new edition comes in by Excel."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import sheets
from gongzhi.cases.testing import Cast, make_cast, signed_in
from gongzhi.mechanisms.safety.models import Edition
from gongzhi.mechanisms.safety.registers import catalogue_workbooks, editions, shipped
from gongzhi.mechanisms.safety.registers.catalogue_reading import BOOK
from gongzhi.mechanisms.safety.tests.conftest import CITY, COUNTY, VILLAGE
from gongzhi.mechanisms.safety.tests.test_catalogue_reading import BASIS, CATEGORY, ITEM

EXTENDING = {"categories": [CATEGORY], "items": [ITEM], "bases": [BASIS]}


@pytest.fixture
def cast(fresh_database: str) -> Cast:
    return make_cast()


@pytest.fixture
def city(cast: Cast) -> Edition:
    return editions.ship(CITY, now=timezone.now())


def page(client: Client, name: str, *args: Any, status: int = 200, **asked: Any) -> str:
    answer = client.get(reverse(f"safety:{name}", args=args), asked, follow=True)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


class TestBrowsing:
    def test_whoever_checks_finds_an_item_with_its_basis(self, cast: Cast, city: Edition) -> None:
        client = signed_in(cast[VILLAGE, "grid_member"])
        assert "检查清单" in page(client, "hub")
        overview = page(client, "catalogue")
        assert "动火作业" in overview and "消防安全" in overview
        of = page(client, "edition", city.id, category="A02")
        assert "A02-02" in of and "A01-01" not in of
        item = page(client, "catalogue_item", city.id, "A02-02")
        assert "（应急管理部令第10号）第三条" in item and "重大事故隐患" in item
        page(client, "catalogue_item", city.id, "Z99-01", status=404)

    def test_it_is_searched_and_filtered(self, cast: Cast, city: Edition) -> None:
        client = signed_in(cast[COUNTY, "expert"])
        found = page(client, "edition", city.id, words="光幕 绕过")
        assert "B01-03" in found and "A01-01" not in found
        assert "B01-01" not in page(client, "edition", city.id, words="滑块", industry="H61")
        assert "A09-" in page(client, "edition", city.id, fact="hot_work", rank="orange")
        assert "没有找到" in page(client, "edition", city.id, words="长颈鹿")
        assert "前 100 项" in page(client, "edition", city.id, rank="orange")

    def test_where_there_is_none_it_is_said(self, cast: Cast) -> None:
        assert "还没有检查清单" in page(signed_in(cast[VILLAGE, "clerk"]), "catalogue")


def book(**lines: Any) -> bytes:
    return BOOK.made({**EXTENDING, **lines})


def told(**changed: Any) -> dict[str, Any]:
    """What the form is filled in with."""
    day = timezone.localdate() + timedelta(days=10)
    return {"way": "extend", "place": CITY, "name": "本市一版", "source": "某号文件",
            "valid_from": day.isoformat(), **changed}  # fmt: skip


def sent(client: Client, content: bytes, **changed: Any) -> Any:
    file = SimpleUploadedFile("a.xlsx", content)
    return client.post(reverse("safety:import_catalogue"), {"file": file, **told(**changed)})


def kept(shown: Any) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', shown.content.decode())
    assert found
    return html.unescape(found[1])


@pytest.mark.usefixtures("city")
class TestImporting:
    def test_it_is_shown_before_it_is_entered(self, cast: Cast) -> None:
        client = signed_in(cast[CITY, "leader"])
        shown = sent(client, book())
        assert "新增 3 条，修改 0 条，去掉 0 条" in shown.content.decode()
        assert Edition.objects.count() == 1
        address = reverse("safety:import_catalogue")
        answer = client.post(address, {"rows": kept(shown), "enter": "1", **told()}, follow=True)
        assert "本市一版" in answer.content.decode()
        new = Edition.objects.get(name="本市一版")
        assert new.post == cast[CITY, "leader"].post
        assert len(editions.of(new.id).items) == len(shipped.contents().items) + 1
        listed = page(client, "editions")
        assert "还没起用" in listed and "现行" in listed
        before = editions.before(new)
        assert before is not None
        since = page(client, "edition_since", new.id, before.id)
        assert "新增 3 条" in since and "Z01-01" in since
        back = page(client, "edition_since", before.id, new.id)
        assert "去掉 3 条" in back

    def test_replaced_what_is_not_written_goes(self, cast: Cast) -> None:
        client = signed_in(cast[CITY, "administrator"])
        gone = sum(map(len, shipped.contents().sheets.values()))
        shown = sent(client, book(), way="replace").content.decode()
        assert f"新增 3 条，修改 0 条，去掉 {gone} 条" in shown.replace(",", "")
        same = catalogue_workbooks.written(shipped.contents())
        assert "一样，不用导入" in sent(client, same, way="replace").content.decode()

    def test_with_one_fault_nothing_comes_in(self, cast: Cast) -> None:
        client = signed_in(cast[COUNTY, "leader"])
        wrong = book(items=[{**ITEM, "basis": "nothing：第一条"}])
        shown = sent(client, wrong, place=COUNTY)
        assert shown.status_code == 422
        assert "“检查项”第 2 行 “依据和条款”" in shown.content.decode()
        address = reverse("safety:import_catalogue")
        said = {"rows": kept(shown), **told(place=COUNTY)}
        assert client.post(address, {**said, "enter": "1"}).status_code == 422
        assert Edition.objects.count() == 1
        marked = client.post(address, {**said, "marked": "1"}).content
        pages = dict(sheets.pages_of(marked))
        assert "nothing" in pages["检查项"][1][1][-1] and len(pages["检查类别"]) == 2

    def test_the_past_and_other_places_are_refused(self, cast: Cast) -> None:
        client = signed_in(cast[COUNTY, "leader"])
        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        assert sent(client, book(), place=COUNTY, valid_from=yesterday).status_code == 422
        assert sent(client, book(), place=CITY).status_code == 422
        assert sent(client, b"x", place=COUNTY).status_code == 422
        assert Edition.objects.count() == 1

    def test_only_leaders_and_administrators_from_the_county_up(self, cast: Cast) -> None:
        for place, kind in ((COUNTY, "clerk"), (VILLAGE, "leader"), (CITY, "safety_inspector")):
            client = signed_in(cast[place, kind])
            page(client, "import_catalogue", status=404)
            assert sent(client, book(), place=place).status_code == 404

    def test_blank_and_export_are_workbooks(self, cast: Cast, city: Edition) -> None:
        client = signed_in(cast[CITY, "leader"])
        blank = client.get(reverse("safety:import_catalogue"), {"blank": ""}).content
        out = client.get(reverse("safety:export_edition", args=[city.id])).content
        assert len(BOOK.rows(blank)) == 3
        assert len(BOOK.rows(out)) == len(shipped.rows())
