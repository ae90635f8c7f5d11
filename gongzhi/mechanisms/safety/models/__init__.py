"""Registers of work safety 安全生产台账, a room each. What changes with time has from and to."""

from gongzhi.mechanisms.safety.models.catalogue import Basis, Category, Edition, Item
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
    "Apart", "Basis", "Category", "Contact", "Edition", "Enterprise", "Item", "Looked", "Proposal",
    "RegisterChange", "Site",
]  # fmt: skip
