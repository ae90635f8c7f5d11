"""Sets a letter as a Word file, for offices that go on writing in it."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import UTC
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section, _Footer
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as Grid
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run as Piece
from PIL import Image

from gongzhi.documents.tree import (
    Letter,
    Node,
    Paragraph,
    Run,
    Seal,
    Signatures,
    Signed,
    Style,
    Table,
)

# GB/T 9704: 三号 type in 22 lines of 28 signs. Word draws with the fonts of the reader's machine,
# so each has others that may stand in for it.
SIZE, LINE, SMALL, NOTE = Pt(16), Pt(29), Pt(14), Pt(12)
ACROSS = Mm(156)
BODY, TITLE, LATIN = "仿宋", "宋体", "Times New Roman"
STAND_IN = {
    BODY: "FangSong;仿宋_GB2312;STFangsong;Noto Serif CJK SC",
    TITLE: "SimSun;STSong;Noto Serif CJK SC",
}
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
INK = RGBColor(0, 0, 0)
EARLIEST = 1980  # before which no ZIP archive can be dated
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _settable(text: str) -> str:
    """Without control signs, which XML cannot hold."""
    text = unicodedata.normalize("NFC", text)
    return "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Cn"}
    )


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _typeface(style: ParagraphStyle, family: str, size: Length, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = LATIN, size, bold
    style.font.color.rgb = INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), family)


def _indented(line: Line, *, depth: int = 0) -> None:
    """Two signs, whatever the size of the type."""
    line.paragraph_format.first_line_indent = SIZE * 2
    line._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "200")
    if depth:
        line.paragraph_format.left_indent = Length(SIZE * 2 * depth)


def _styles(word: Word) -> None:
    normal = word.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 -- narrows the library's type
    _typeface(normal, BODY, SIZE)
    normal.element.get_or_add_rPr().append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    for name, family, size in (("Title", TITLE, Pt(22)), ("Heading 1", BODY, SIZE)):
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101
        _typeface(style, family, size, bold=True)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
        if borders is not None:
            borders.getparent().remove(borders)
    word.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    # 28 signs of 16 pt in 156 mm stand a little closer than their size.
    section._sectPr.append(
        _element("w:docGrid", type="linesAndChars", linePitch="580", charSpace="-849")
    )


def _page_number(footer: _Footer, align: WD_ALIGN_PARAGRAPH) -> None:
    line = footer.paragraphs[0]
    line.alignment = align
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = SMALL
    line.add_run("— ").font.size = SMALL
    number = line.add_run()
    number.font.size = SMALL
    for part in ("begin", "PAGE", "end"):
        if part == "PAGE":
            code = OxmlElement("w:instrText")
            code.text = part
            number._r.append(code)
        else:
            number._r.append(_element("w:fldChar", fldCharType=part))
    line.add_run(" —").font.size = SMALL


def _fonts(word: Word) -> None:
    """Names other fonts for machines that have not ours."""
    named = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in STAND_IN.items()
    )
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    part._blob = f"{head}<w:fonts {nsdecls('w')}>{named}</w:fonts>".encode()


def _write(line: Line, runs: Iterable[Run], size: Length | None = None) -> None:
    for run in runs:
        for n, text in enumerate(_settable(run.text).split("\n")):
            if n:
                line.add_run().add_break(WD_BREAK.LINE)
            piece: Piece = line.add_run(text)
            piece.bold = run.bold or None
            piece.font.size = size


def _paragraph(word: Word, part: Paragraph) -> None:
    heading = part.style is Style.SECTION
    line = word.add_paragraph(style="Heading 1" if heading else None)
    _write(line, part.runs, NOTE if part.style is Style.NOTE else None)
    if part.style is Style.DATED:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Length(SIZE * 4)
    elif part.style not in {Style.FLUSH, Style.NOTE}:
        _indented(line, depth=part.depth)
        line.paragraph_format.keep_with_next = heading or part.style is Style.PART
    if part.style in {Style.BODY, Style.ITEM}:
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _into(cell: _Cell, runs: Iterable[Run], align: str, size: Length) -> None:
    line = cell.paragraphs[0]
    line.alignment = ALIGN[align]
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _write(line, runs, size)


def _widths(part: Table) -> list[int]:
    """Where there are many columns or two, the first one says what the others tell."""
    count = len(part.rows[0])
    shares = [2.6] if part.wide else [1 / 3] if count == 2 else [1.0]
    shares += [1.0] * (count - 1)
    return [round(ACROSS * share / sum(shares)) for share in shares]


def _table(word: Word, part: Table) -> None:
    grid: Grid = word.add_table(rows=0, cols=len(part.rows[0]), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths(part)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Length(width)
    for n, row in enumerate(part.rows):
        made: _Row = grid.add_row()  # type: ignore[no-untyped-call]
        rule = made._tr.get_or_add_trPr()
        rule.append(_element("w:cantSplit"))
        if n == 0:
            rule.append(_element("w:tblHeader"))
        for cell, said, width in zip(made.cells, row, widths, strict=False):
            cell.width = Length(width)
            _into(cell, said.runs, said.align, Pt(10.5) if part.wide or part.small else SMALL)


def _picture(cell: _Cell, signed: Signed) -> None:
    """The signature, or a line to sign on, of the same height."""
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if signed.picture is not None:
        with Image.open(io.BytesIO(signed.picture)) as image:
            wide = image.width * 20 > image.height * 48
        size = {"width": Mm(48)} if wide else {"height": Mm(20)}
        shape = line.add_run().add_picture(io.BytesIO(signed.picture), **size)
        shape._inline.docPr.set("descr", f"{signed.who}签名")
    borders = f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="5"/></w:tcBorders>'
    cell._tc.get_or_add_tcPr().append(parse_xml(borders))


def _signatures(word: Word, part: Signatures) -> None:
    word.add_paragraph()
    across = 3
    for at in range(0, len(part.signed), across):
        grid: Grid = word.add_table(rows=2, cols=across)
        for n, signed in enumerate(part.signed[at : at + across]):
            _into(grid.cell(0, n), [Run(f"{signed.who}（签名）：")], "left", SMALL)
            _picture(grid.cell(1, n), signed)
        grid.rows[1].height = Mm(22)
        for row in grid.rows:
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
            for cell in row.cells:  # the picture goes with its name
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    said = [part.note, part.digests and f"签名指纹（SHA-256 前 16 位）：{part.digests}"]
    for text, size in zip(said, (NOTE, Pt(9)), strict=True):
        if text:
            line = word.add_paragraph()
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _write(line, [Run(text)], size)


def _seal(word: Word, part: Seal) -> None:
    """Right, in a block of its own whose lines are centred, on one page."""
    word.add_paragraph().paragraph_format.keep_with_next = True
    for text, size in ((part.unit, None), (part.note, NOTE), (part.date, None)):
        line = word.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.left_indent = Mm(50)
        line.paragraph_format.keep_with_next = text is not part.date
        _write(line, [Run(text)], size)


def _add(word: Word, node: Node) -> None:
    if isinstance(node, Seal):  # a stamp never stands alone on a page
        word.paragraphs[-1].paragraph_format.keep_with_next = True
    match node:
        case Paragraph():
            _paragraph(word, node)
        case Table():
            _table(word, node)
        case Signatures():
            _signatures(word, node)
        case Seal():
            _seal(word, node)


def _dated(archive: bytes, year_to_second: tuple[int, ...]) -> bytes:
    """The same files, all of one time, so that the same letter is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (*year_to_second,))  # type: ignore[arg-type]
            new.writestr(entry, old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx_of(letter: Letter) -> bytes:
    """The same for the same letter."""
    word = docx.Document()
    _styles(word)
    _fonts(word)
    section = word.sections[0]
    _page(section)
    word.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    _write(word.add_paragraph(style="Title"), [Run(letter.title)])
    number = word.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(number, [Run(f"编号：{letter.number}")], SMALL)
    word.add_paragraph()
    for node in letter.body:
        _add(word, node)
    told, at = word.core_properties, letter.made_at.astimezone(UTC)
    told.title, told.author = (
        _settable(f"{letter.title} {letter.number}")[:255],
        _settable(letter.unit),
    )
    told.last_modified_by, told.comments, told.language = told.author, "", "zh-CN"
    told.created = told.modified = at.replace(tzinfo=None)
    told.revision = 1
    out = io.BytesIO()
    word.save(out)
    return _dated(out.getvalue(), (max(at.year, EARLIEST), *at.timetuple()[1:6]))
