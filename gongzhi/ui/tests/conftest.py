"""What tests of the looks share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    """Sign-ins are counted by address, and all tests come from one."""
    cache.clear()
    yield
    cache.clear()
