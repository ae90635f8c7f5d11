"""Which mechanisms there are: name to declaration, filled by each mechanism's apps.py."""

from collections.abc import Iterator
from contextlib import contextmanager

from gongzhi.declare.words import Mechanism

_mechanisms: dict[str, Mechanism] = {}


class Unknown(LookupError):
    """No mechanism of this name is installed."""


def add(mechanism: Mechanism) -> None:
    _mechanisms[mechanism.name] = mechanism


def get(name: str) -> Mechanism:
    """Raises Unknown."""
    try:
        return _mechanisms[name]
    except KeyError:
        raise Unknown(name) from None


def every() -> list[Mechanism]:
    return [_mechanisms[name] for name in sorted(_mechanisms)]


@contextmanager
def with_toy(mechanism: Mechanism) -> Iterator[Mechanism]:
    """For tests: a mechanism that exists for the length of a block."""
    add(mechanism)
    try:
        yield mechanism
    finally:
        del _mechanisms[mechanism.name]


@contextmanager
def without(*names: str) -> Iterator[None]:
    """For the length of a block these are not installed. Raises Unknown if one never was."""
    taken = [get(name) for name in names]
    for one in taken:
        del _mechanisms[one.name]
    try:
        yield
    finally:
        for one in taken:
            add(one)
