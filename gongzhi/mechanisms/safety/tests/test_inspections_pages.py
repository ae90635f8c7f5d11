"""Pages of inspections: who reads which, the record to print, exhibits, and when they go."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongzhi.cases import files, retention
from gongzhi.cases.numbers import spaced
from gongzhi.cases.testing import signed_in
from gongzhi.mechanisms.safety.models import Exhibit, Inspection
from gongzhi.mechanisms.safety.registers import exhibits, inspected
from gongzhi.mechanisms.safety.tests.inspected import TOWN, Phone, Workshop, hazards, photo
from gongzhi.mechanisms.safety.tests.register import code
from gongzhi.people.posts import Holder


@pytest.fixture
def shop(fresh_database: str) -> Workshop:
    return Workshop()


def inspected_by(shop: Workshop, by: Holder, kind: str) -> Inspection:
    """One item not met, with a photo; signed."""
    phone, bad = Phone(by), shop.codes[0]
    told = shop.told([bad], kind=kind)
    phone.exhibit(told["inspection"], bad, photo(7))
    phone.exhibit(told["inspection"], what="inspector")
    assert phone.inspect(told)["what"] == "done"
    return Inspection.objects.get(id=told["inspection"])


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"safety:{name}", args=args))
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


class TestReading:
    def test_staff_read_what_lies_below_a_firm_its_own(self, shop: Workshop) -> None:
        row = inspected_by(shop, shop.inspector, "department")
        (case,) = hazards(shop.site.id)
        staff, firm = signed_in(shop.inspector), signed_in(shop.officer)
        assert shop.site.name in page(staff, "inspections")
        shown = page(staff, "inspection", row.id)
        assert reverse("desk:case", args=[case.county, case.id]) in shown
        assert spaced(case.number) in shown and shop.items[0].not_met in shown
        assert shop.site.name in page(firm, "own_inspections")
        own = page(firm, "inspection", row.id)
        assert spaced(case.number) in own and "/desk/cases/" not in own
        other = shop.register.staff(
            "safety_officer", shop.register.add_firm("德庆县顺达木业有限公司", code=code(77))
        )
        for by in (other, shop.cast["441202", "safety_inspector"]):
            client = signed_in(by)
            assert page(client, "inspection", row.id) == "404"
            assert page(client, "inspection_record", row.id) == "404"
            assert page(client, "inspections_of_site", shop.site.id) == "404"

    def test_the_list_goes_on_by_key(self, shop: Workshop) -> None:
        rows = [inspected_by(shop, shop.officer, "self") for _n in range(3)]
        found = inspected.of_place(TOWN, shop.inspector)
        with CaptureQueriesContext(connection) as asked:
            first = inspected.page(found, size=2)
        second = inspected.page(found, after=first.after, size=2)
        assert [r.id for r in (*first.rows, *second.rows)] == [r.id for r in reversed(rows)]
        assert len(asked) == 1 and second.after is None


class TestRecord:
    def test_it_opens_as_pdf_with_signatures(self, shop: Workshop) -> None:
        row = inspected_by(shop, shop.officer, "self")
        answer = signed_in(shop.officer).get(reverse("safety:inspection_record", args=[row.id]))
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert exhibits.forget(timezone.now() + timedelta(days=9999)) == 2
        again = signed_in(shop.officer).get(reverse("safety:inspection_record", args=[row.id]))
        assert again.status_code == 200


class TestExhibits:
    def test_photos_for_readers_voices_of_officials_for_officials(self, shop: Workshop) -> None:
        row = inspected_by(shop, shop.inspector, "department")
        picture = row.exhibits.get(what="photo")
        staff, firm = signed_in(shop.inspector), signed_in(shop.officer)
        for client in (staff, firm):
            answer = client.get(reverse("safety:exhibit", args=[row.id, picture.id]))
            assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/jpeg"
        Exhibit.objects.filter(id=picture.id).update(what="voice")
        assert page(firm, "exhibit", row.id, picture.id) == "404"
        assert staff.get(reverse("safety:exhibit", args=[row.id, picture.id])).status_code == 200
        assert (
            page(signed_in(shop.cast["441202", "leader"]), "exhibit", row.id, picture.id) == "404"
        )

    def test_they_go_in_time_and_the_case_keeps_its_own(self, shop: Workshop) -> None:
        row, now = inspected_by(shop, shop.officer, "self"), timezone.now()
        signature, picture = row.exhibits.get(what="inspector"), row.exhibits.get(what="photo")
        late = now + timedelta(days=settings.CONFIG.exhibit_days + 1)
        retention.erase_strays(now + timedelta(days=2))
        assert exhibits.forget(now) == 0 and files.read(signature.sha256)
        assert exhibits.forget(late) == 2 and not Exhibit.objects.exists()
        assert files.read(picture.sha256)
        with pytest.raises(FileNotFoundError):
            files.read(signature.sha256)
