"""Registers of work safety 安全生产台账, a room each. What changes with time has from and to."""

from gongzhi.mechanisms.safety.models.accidents import (
    Accident,
    AccidentChange,
    AccidentReport,
    Connection,
    MonthlyReport,
    Remark,
)
from gongzhi.mechanisms.safety.models.audits import Audit, AuditStep, Finding, Framed
from gongzhi.mechanisms.safety.models.catalogue import Basis, Category, Edition, Item
from gongzhi.mechanisms.safety.models.inspections import (
    Answer,
    Check,
    Exhibit,
    Inspection,
    Plan,
)
from gongzhi.mechanisms.safety.models.ranked import ListingRule
from gongzhi.mechanisms.safety.models.register import (
    Apart,
    Contact,
    Enterprise,
    Looked,
    Proposal,
    RegisterChange,
    Site,
)
from gongzhi.mechanisms.safety.models.training import Training

__all__ = [
    "Accident",
    "AccidentChange",
    "AccidentReport",
    "Answer",
    "Apart",
    "Audit",
    "AuditStep",
    "Basis",
    "Category",
    "Check",
    "Connection",
    "Contact",
    "Edition",
    "Enterprise",
    "Exhibit",
    "Finding",
    "Framed",
    "Inspection",
    "Item",
    "ListingRule",
    "Looked",
    "MonthlyReport",
    "Plan",
    "Proposal",
    "RegisterChange",
    "Remark",
    "Site",
    "Training",
]  # fmt: skip
