"""The site some hours later: what the web server of a test takes for now.

Limits of a day are told in a minute; the hours stand in the file that LATER names.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

FILE = Path(os.environ["LATER"])
_now = timezone.now


def later() -> datetime:
    return _now() + timedelta(hours=float(FILE.read_text()))


timezone.now = later
from gongzhi.site.asgi import application  # noqa: E402, F401 -- after the clock was set
