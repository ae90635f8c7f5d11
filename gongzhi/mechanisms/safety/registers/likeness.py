"""Names and addresses in one spelling, by which two entries of one firm or site are found."""

import unicodedata
from collections.abc import Sequence

from gongzhi.places.levels import ancestors
from gongzhi.places.models import Division

# The longest first: what a firm is in law says nothing of which it is.
LEGAL = (
    "股份有限公司", "有限责任公司", "个体工商户", "有限公司", "经营部", "商行", "公司", "厂", "店",
)  # fmt: skip
ENDINGS = ("省", "市", "区", "县", "镇", "乡", "街道")
SHORTEST = 2  # signs that must be left
ALIKE = 0.75  # of their pairs of signs in common


class Regions:
    """What the places above are called, each place looked up once: names begin with them."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, ...]] = {}

    def of(self, place: str) -> tuple[str, ...]:
        town = place[:9]
        if town not in self.known:
            rows = Division.objects.filter(code__in=[*ancestors(town), town])
            names = set(rows.values_list("name", flat=True))
            for name in [*names]:
                names |= {
                    bare for end in ENDINGS if len(bare := name.removesuffix(end)) >= SHORTEST
                }
            self.known[town] = tuple(sorted(names, key=len, reverse=True))
        return self.known[town]


def _signs(text: str) -> str:
    return "".join(s for s in unicodedata.normalize("NFKC", text).casefold() if s.isalnum())


def _without_region(text: str, regions: Sequence[str]) -> str:
    """However many stand before: 广东省肇庆市."""
    while True:
        shorter = next(
            (text.removeprefix(r) for r in regions
             if text.startswith(r) and len(text) - len(r) >= SHORTEST), text,
        )  # fmt: skip
        if shorter == text:
            return text
        text = shorter


def of_name(name: str, regions: Sequence[str]) -> str:
    """广东省肇庆市兴旺五金（有限）公司 becomes 兴旺五金."""
    text = _without_region(_signs(name), regions)
    legal = next(
        (end for end in LEGAL if text.endswith(end) and len(text) - len(end) >= SHORTEST), ""
    )
    return text.removesuffix(legal)[:120]


def of_address(address: str, regions: Sequence[str]) -> str:
    """Figures, letters and signs of the street, without the places above it."""
    return _without_region(_signs(address), regions)[:160] if address else ""


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)} or {text}


def near(one: str, other: str) -> bool:
    """Whether two names in one spelling are the same but for a sign or two."""
    a, b = _pairs(one), _pairs(other)
    return one == other or len(a & b) / len(a | b) >= ALIKE
