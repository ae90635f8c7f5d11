"""How long a building's pages take where a county has 7,000 of them: for staff and at the door."""

from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password

from gongzhi.mechanisms.neighbourhoods.models import Building
from gongzhi.people.models import Account
from gongzhi.site.bench.intake import Browser
from gongzhi.site.bench.lists import times
from gongzhi.site.bench.notices import clerk
from gongzhi.site.demo import PASSWORD


def pages() -> dict[str, Any]:
    """Of an ordinary building, in milliseconds; the county is stocked by `notices.to_a_county`."""
    account = Account.objects.get(id=clerk().account)
    account.password = make_password(PASSWORD)
    account.save(update_fields=["password"])
    staff, building = Browser().sign_in(account.username), Building.objects.order_by("id")[0]
    return {
        "building, staff page": times(
            partial(staff.ask, f"/neighbourhoods/register/buildings/{building.id}/")
        ),
        "building, page at the door": times(
            partial(Browser().ask, f"/neighbourhoods/at/{building.id}/")
        ),
    }
