"""Files that were looked at and not entered yet: chosen once, kept for a day.

What was read of them is kept, since reading a district's workbook again takes half a minute.
"""

import json
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gongzhi.mechanisms.neighbourhoods.models import Workbook
from gongzhi.mechanisms.neighbourhoods.registers.sheets import Item
from gongzhi.people.posts import Holder

KEPT_FOR: Final = timedelta(days=1)


def keep(items: Iterable[Item], *, by: Holder, now: datetime) -> UUID:
    """Older ones go, of whomever they are."""
    Workbook.objects.filter(at__lt=now - KEPT_FOR).delete()
    said = json.dumps(list(items), ensure_ascii=False).encode()
    return Workbook.objects.create(post=by.post, at=now, content=zlib.compress(said)).id


def items_of(id_: UUID, *, by: Holder) -> list[Item] | None:
    found = Workbook.objects.filter(id=id_, post=by.post).first()
    if found is None:
        return None
    return [Item(*row) for row in json.loads(zlib.decompress(found.content))]


def forget(id_: UUID, *, by: Holder) -> None:
    Workbook.objects.filter(id=id_, post=by.post).delete()
