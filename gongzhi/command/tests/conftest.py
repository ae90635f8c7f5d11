from collections.abc import Iterator

import pytest
from django.urls import reverse

from gongzhi.cases.testing import Cast, make_cast
from gongzhi.cases.tests.toys import toy
from gongzhi.declare import Mechanism, registry


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def registered_toy() -> Iterator[Mechanism]:
    reverse("command:place")  # loads the addresses, of which a toy has none
    with registry.with_toy(toy):
        yield toy
