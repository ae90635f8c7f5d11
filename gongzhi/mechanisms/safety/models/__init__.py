"""Registers of work safety 安全生产台账, a room each. What changes with time has from and to."""

from gongzhi.mechanisms.safety.models.catalogue import Basis, Category, Edition, Item
from gongzhi.mechanisms.safety.models.inspections import (
    Answer,
    Check,
    Exhibit,
    Inspection,
    Plan,
)
from gongzhi.mechanisms.safety.models.register import (
    Apart,
    Contact,
    Enterprise,
    Looked,
    Proposal,
    RegisterChange,
    Site,
)

__all__ = [
    "Answer", "Apart", "Basis", "Category", "Check", "Contact", "Edition", "Enterprise", "Exhibit",
    "Inspection", "Item", "Looked", "Plan", "Proposal", "RegisterChange", "Site",
]  # fmt: skip
