"""What is sealed of a registration, opened for whoever may: by the callers' scope, and masked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from gongzhi.mechanisms.neighbourhoods.models import Registered
from gongzhi.mechanisms.neighbourhoods.registers import answers
from gongzhi.people.masking import mask_name, mask_phone
from gongzhi.people.sealing import blind_index, needs_rotation, normalise, reseal, seal, unseal

COLUMNS: Final = (*answers.SEALED, "said")
INDEXES: Final = {channel: f"{channel}_index" for channel in answers.CHANNELS}
EMPTIED: Final = (*COLUMNS, *INDEXES.values())  # of an erased one


def about(id_: UUID, field: str) -> str:
    return f"registered/{id_}/{field}"


@dataclass(frozen=True, slots=True)
class Person:
    """A registration in clear: the answers by kind, and when each sensitive one was agreed to."""

    row: Registered
    said: Mapping[str, Any]
    agreed: Mapping[str, str]

    @property
    def told(self) -> list[tuple[answers.Kind, str]]:
        """What was answered, in the reader's language."""
        return [(kind, kind.told(self.said[kind.name])) for kind in answers.of(self.said)]

    @property
    def needs(self) -> list[answers.Kind]:
        return [kind for kind in answers.of(self.said) if kind.sensitive]

    @property
    def consented(self) -> list[answers.Kind]:
        """What was agreed to apart, and may be taken back by itself."""
        return answers.of(self.agreed)

    @property
    def masked_name(self) -> str:
        return mask_name(self.said.get("name", ""))

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.said["phone"]) if "phone" in self.said else ""

    def is_called(self, name: str, phone: str) -> bool:
        """Whether these are the name and phone that stand here; where none stand, nobody is."""
        given = {"name": name, "phone": phone}
        here = {n: self.said[n] for n in answers.SEALED if n in self.said}
        return bool(here) and all(
            normalise(n, given[n]) == normalise(n, v) for n, v in here.items()
        )


def sealed(
    id_: UUID, said: Mapping[str, Any], agreed: Mapping[str, str]
) -> dict[str, bytes | None]:
    """The sealed columns of these answers, and the blind indexes of addresses for notices."""
    rest = {n: v for n, v in said.items() if n not in answers.SEALED}
    body = json.dumps({"said": rest, "agreed": dict(agreed)}, ensure_ascii=False)
    columns = {n: seal(said[n], about=about(id_, n)) if n in said else None for n in answers.SEALED}
    where = answers.notified(said)
    # Under names of their own: they must not be compared with the phones of cases.
    blind = {
        index: blind_index(f"notices_{channel}", where[channel]) if channel in where else None
        for channel, index in INDEXES.items()
    }
    return {**columns, "said": seal(body, about=about(id_, "said")), **blind}


def opened(row: Registered) -> Person:
    """Of a row that is not erased. Raises SealBroken."""
    said = {
        n: unseal(bytes(body), about=about(row.id, n))
        for n in answers.SEALED
        if (body := getattr(row, n)) is not None
    }
    rest = json.loads(unseal(bytes(row.said), about=about(row.id, "said"))) if row.said else {}
    return Person(row, {**said, **rest.get("said", {})}, rest.get("agreed", {}))


def rotate() -> int:
    """Reseal what an older key sealed. Returns how many."""
    changed = 0
    kept = Registered.objects.using("owner").filter(erased_at=None)
    for row in kept.iterator(chunk_size=1_000):
        for name in COLUMNS:
            body = getattr(row, name)
            if body is not None and needs_rotation(bytes(body)):
                fresh = reseal(bytes(body), about=about(row.id, name))
                # Only what still stands there: it may have been corrected or erased meanwhile.
                changed += kept.filter(id=row.id, **{name: body}).update(**{name: fresh})
    return changed
