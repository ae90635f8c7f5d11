"""What tests of the looks share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation


@pytest.fixture(autouse=True)
def fresh_reader() -> Iterator[None]:
    """A page leaves its language behind in the thread, and its sign-ins in the counts."""
    cache.clear()
    with translation.override("zh-hans"):
        yield
    cache.clear()
