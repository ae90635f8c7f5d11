"""What other pages say of rounds 排查."""

from datetime import date, datetime, time

from django import template
from django.utils import timezone

from gongzhi.networks.investigation import asked
from gongzhi.networks.investigation.models import Round
from gongzhi.networks.investigation.pages import shown
from gongzhi.people.posts import Holder
from gongzhi.ui import words

register = template.Library()


@register.simple_tag
def rounds_waiting(by: Holder) -> int:
    """How many rounds wait for this post's answer; posts that none asks cost no statement."""
    return asked.waiting(by, now=timezone.now())


@register.filter
def lines(of: Round) -> list[str]:
    return shown.lines(of)


@register.filter
def matter(of: Round) -> str:
    return shown.matter(of)


@register.filter
def on(day: date) -> str:
    """A day in the reader's words."""
    return words.day(timezone.make_aware(datetime.combine(day, time.min)))
