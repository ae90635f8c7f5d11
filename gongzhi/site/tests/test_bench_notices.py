"""The benchmark of notices, with few rows: what it measures is right."""

import pytest
from django.utils import timezone

from gongzhi.mechanisms.neighbourhoods.registers import announcing
from gongzhi.site.bench import notices


def test_a_notice_to_a_county_is_queued_confirmed_and_counted(fresh_database: str) -> None:
    notices.stock("1", buildings=5, households=16)
    notices.stock("2", buildings=1, households=4)
    by = notices.clerk()
    a = notices.published(by)
    announcing.queue_all(timezone.now())
    every, one = notices.keys(a)
    assert len(every) == 20 and len(one) == 4 and notices.exact(a) == (20, 0, 0)
    assert notices.hearing(a, every, one)["households with the notice"] == 20
    assert notices.hot(by, one)
    with pytest.raises(RuntimeError, match="were counted"):
        notices.hearing(a, every[:3], one)
