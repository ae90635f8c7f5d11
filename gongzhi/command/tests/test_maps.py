"""Names on the drawn maps can be read, in both languages."""

from itertools import combinations

import pytest
from django.utils import translation

from gongzhi.cases.testing import Cast
from gongzhi.command.maps import COUNTY as LARGE
from gongzhi.command.maps import LINE, _wide, drawn
from gongzhi.command.maps import TOWN as SMALL
from gongzhi.command.tests.doing import CITY, COUNTY
from gongzhi.places.search import children, name_of


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("place", "size"), [(CITY, LARGE), (COUNTY, SMALL)])
def test_no_name_lies_on_another_or_over_the_edge(
    cast: Cast, place: str, size: float, language: str
) -> None:
    with translation.override(language):
        below = children(place)
        found = drawn(place, below, {d.code: 88 for d in below})
        assert found
        names = [(m.name, _wide(f"{name_of(m.code)} {m.n}", size)) for m in found.marks]
    assert len(names) > 1
    for (x, _y), wide in names:
        assert wide / 2 <= x + 0.1 and x - 0.1 <= found.width - wide / 2
    for ((x, y), wide), ((px, py), other) in combinations(names, 2):
        assert abs(x - px) >= (wide + other) / 2 - 0.2 or abs(y - py) >= size * LINE - 0.2
