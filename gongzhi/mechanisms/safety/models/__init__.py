"""Registers of work safety 安全生产台账, a room each. What changes with time has from and to."""

from gongzhi.mechanisms.safety.models.catalogue import Basis, Category, Edition, Item
from gongzhi.mechanisms.safety.models.register import Contact, Enterprise, RegisterChange, Site

__all__ = [
    "Basis", "Category", "Contact", "Edition", "Enterprise", "Item", "RegisterChange", "Site",
]  # fmt: skip
