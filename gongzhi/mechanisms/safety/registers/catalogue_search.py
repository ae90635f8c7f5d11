"""What somebody looks for in an edition of the catalogue."""

from dataclasses import dataclass

from gongzhi.mechanisms.safety.models import Item
from gongzhi.mechanisms.safety.registers import industries
from gongzhi.mechanisms.safety.registers.contents import Contents


@dataclass(frozen=True, slots=True)
class Asked:
    """Every one of these must hold; what is empty asks nothing."""

    words: str = ""
    category: str = ""
    industry: str = ""
    fact: str = ""
    rank: str = ""

    def __bool__(self) -> bool:
        return self != Asked()


def found(held: Contents, asked: Asked) -> list[Item]:
    """The items that answer to it, in order."""
    bases = {b.key: f"{b.name} {b.number}" for b in held.bases}
    words = asked.words.lower().split()
    return [
        item for item in held.items
        if _fits(item, asked) and all(word in _text(item, bases) for word in words)
    ]  # fmt: skip


def _fits(item: Item, asked: Asked) -> bool:
    of = item.category
    return (
        (not asked.category or of.code == asked.category)
        and (not asked.rank or item.rank == asked.rank)
        and (not asked.fact or asked.fact in {*item.needs, *of.needs})
        and (
            not asked.industry
            or all(industries.covers(x.industries, asked.industry) for x in (of, item))
        )
    )


def _text(item: Item, bases: dict[str, str]) -> str:
    of = item.category
    cited = (bases[key] + article for key, article in item.basis)
    own = (item.code, item.what, item.how, item.not_met)
    return " ".join((*own, of.name, of.name_en, *cited)).lower()
