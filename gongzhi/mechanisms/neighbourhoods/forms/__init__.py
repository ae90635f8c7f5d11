"""What a person fills in at each act on a resident's request."""

from gongzhi.mechanisms.neighbourhoods.forms.handling import (
    Again,
    AtDoor,
    Confirm,
    Explain,
    Gather,
    PassOn,
    Rate,
    Reply,
    Uphold,
)
from gongzhi.mechanisms.neighbourhoods.forms.telling import Tell

__all__ = [
    "Again", "AtDoor", "Confirm", "Explain", "Gather", "PassOn", "Rate", "Reply", "Tell", "Uphold",
]  # fmt: skip
