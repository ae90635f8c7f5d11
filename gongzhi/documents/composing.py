"""A text and facts become a letter."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongzhi.documents.blocks import blocks
from gongzhi.documents.filling import fill
from gongzhi.documents.reading import read
from gongzhi.documents.tree import Letter


def compose(text: str, facts: Mapping[str, Any], *, made_at: datetime) -> Letter:
    """Raises TextRefused with the line that cannot be filled."""
    found = read(fill(text, facts, blocks(facts)))
    return Letter(
        title=found.title or facts["title"], number=facts["number"], unit=facts["unit"],
        made_at=made_at, body=found.body,
    )  # fmt: skip
