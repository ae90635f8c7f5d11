"""Registers of the neighbourhood 楼栋台账, a room each. What changes with time has from and to.

Personal data of residents stand in `residents` and, for an emergency's time, in `emergencies`.
"""

from gongzhi.mechanisms.neighbourhoods.models.announcing import (
    Announcement,
    Dispatch,
    Mailing,
    Sent,
    Told,
    Wording,
)
from gongzhi.mechanisms.neighbourhoods.models.campaigns import Campaign, CheckIn, Progress, Slot
from gongzhi.mechanisms.neighbourhoods.models.emergencies import (
    Affected,
    Asked,
    Called,
    Emergency,
    EmergencyEntry,
    Errand,
    Movement,
    Need,
    RollCall,
    RollTally,
    Shift,
    Summons,
    Supply,
)
from gongzhi.mechanisms.neighbourhoods.models.register import (
    Building,
    Charge,
    Dwelling,
    Grid,
    Household,
    RegisterChange,
    Tally,
    Workbook,
)
from gongzhi.mechanisms.neighbourhoods.models.residents import (
    Looked,
    Purpose,
    Registered,
    RegisteredCount,
)

__all__ = [
    "Affected",
    "Announcement",
    "Asked",
    "Building",
    "Called",
    "Campaign",
    "Charge",
    "CheckIn",
    "Dispatch",
    "Dwelling",
    "Emergency",
    "EmergencyEntry",
    "Errand",
    "Grid",
    "Household",
    "Looked",
    "Mailing",
    "Movement",
    "Need",
    "Progress",
    "Purpose",
    "RegisterChange",
    "Registered",
    "RegisteredCount",
    "RollCall",
    "RollTally",
    "Sent",
    "Shift",
    "Slot",
    "Summons",
    "Supply",
    "Tally",
    "Told",
    "Wording",
    "Workbook",
]
