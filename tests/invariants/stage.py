"""What the machine needs around a life: an empty stage, and the rights of time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from gongzhi.cases.registers import FallbackRule
from gongzhi.people.models import Appointment


def wipe(appointments: list[Appointment]) -> None:
    """No case, and everybody in the post they had at first."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "TRUNCATE cases_case, cases_once, cases_delta, cases_stock, cases_daily, cases_monthly"
            " CASCADE"
        )
    FallbackRule.objects.all().delete()
    Appointment.objects.all().delete()
    Appointment.objects.bulk_create(appointments)


@contextmanager
def as_owner() -> Iterator[None]:
    """Time acts in nobody's name, which the application's role may not."""
    here, owner = connections["default"], connections["owner"].settings_dict
    before = dict(here.settings_dict)
    here.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    here.close()
    try:
        yield
    finally:
        here.settings_dict.update(before)
        here.close()
