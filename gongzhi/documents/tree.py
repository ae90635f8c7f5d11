"""What a letter or placard consists of, before it is set: plain words, never markup."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Style(StrEnum):
    """How a paragraph stands on the page."""

    BODY = "body"  # two signs indented
    SECTION = "section"  # a heading of the first order: 一、
    PART = "part"  # of the second: （一）
    FLUSH = "flush"  # from the edge: whom the letter is for
    ITEM = "item"  # of a list
    NOTE = "note"  # small
    DATED = "dated"  # at the right


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one weight."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]
    style: Style = Style.BODY
    depth: int = 0  # of a list within a list


@dataclass(frozen=True, slots=True)
class Cell:
    """A line break in a cell is "\\n" in its words."""

    runs: tuple[Run, ...]
    align: str = "center"


@dataclass(frozen=True, slots=True)
class Table:
    """The first row is the head, and comes again on each page."""

    rows: tuple[tuple[Cell, ...], ...]
    small: bool = False  # many rows of few words

    @property
    def wide(self) -> bool:
        return len(self.rows[0]) > 5


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of what stands in a table beside it: for each row a name and as many bars as there
    are `keys`, standing or lying. Word has the table alone."""

    keys: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose signature; a line to sign on where there is no picture."""

    who: str
    picture: bytes | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures side by side; `note` says when they were given."""

    signed: tuple[Signed, ...]
    note: str = ""

    @property
    def digests(self) -> str:
        return "，".join(f"{s.who} {s.digest}" for s in self.signed if s.digest)


@dataclass(frozen=True, slots=True)
class Seal:
    """Who issues the letter and when; the stamp goes over both, so they stay together."""

    unit: str
    date: str
    note: str


Node = Paragraph | Table | Bars | Signatures | Seal


@dataclass(frozen=True, slots=True)
class Letter:
    title: str
    number: str
    unit: str
    made_at: datetime
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Placard:
    """What hangs at a wall or a road: a title, rows of label and words, and a code to scan.

    `tones`: a rank's colour for the label of each row.
    """

    title: str
    subtitle: str
    code: bytes  # a QR code as SVG
    call: str  # what the code is for
    rows: tuple[tuple[str, str], ...] = ()
    foot: str = ""
    tones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placards:
    """`large`: each fills a page; else eight stand on one, to be cut apart."""

    title: str
    unit: str
    made_at: datetime
    placards: tuple[Placard, ...]
    large: bool = False


@dataclass(frozen=True, slots=True)
class Poster:
    """A notice to put up 公告: what it says in Chinese and, where it was written, in English."""

    heading: str
    title: str
    text: str
    title_en: str
    text_en: str
    signed: tuple[str, ...]  # who says it, and when
    code: bytes  # a QR code as SVG
    call: str  # what the code is for
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Posters:
    """Each begins on a page of its own."""

    title: str
    unit: str
    made_at: datetime
    posters: tuple[Poster, ...]
