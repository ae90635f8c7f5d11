"""What of a person is shown to whom: masked on screen, in exports and in logs."""

import re
from datetime import date

# Compound surnames 复姓 one may meet; of other names the first sign is the surname.
COMPOUND = (
    "欧阳", "司徒", "上官", "诸葛", "司马", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木",
    "夏侯", "长孙", "宇文", "独孤", "南宫", "西门", "东郭", "百里", "呼延", "轩辕", "钟离", "申屠",
    "公冶", "濮阳", "淳于", "单于", "太史", "闾丘", "司空", "赫连", "澹台", "鲜于", "万俟", "拓跋",
)  # fmt: skip
DOTS = "·•・‧.．"
HAN = "\u3400-\u9fff"
# 省、市、县、镇、村 in their order, each of them optional; 小区 and 九市镇 end no level early.
_LEVELS = ("省|自治区", "市|州|盟|地区", "(?<!小)区|县|旗|市", "街道|镇|乡", "社区|村")
ADDRESS = re.compile(
    "".join(f"(?:[{HAN}]{{1,8}}?(?:{level})(?![镇乡村]|街道))?" for level in _LEVELS)
)
PHONE = re.compile(
    r"(?<![0-9])((?:(?:\+|00)?86[ -]?)?1[3-9][0-9])[ -]?[0-9]{4}[ -]?([0-9]{4})(?![0-9])"
)
LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0[0-9]{2,3}[ -]?)[0-9]{3,4}[ -]?([0-9]{4})(?![0-9A-Za-z])")
# Sixteen to nineteen figures, perhaps in groups of four as on a card, and a citizen number's X.
LONG = re.compile(
    r"(?<![0-9])(?:[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?"
    r"|[0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx]|[0-9]{15,19})(?![0-9])"
)
PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ－　＋", "0123456789Xx- +")
CHECKS = "10X98765432"


def mask_name(name: str) -> str:
    """张小明 becomes 张**; the number of signs of the given name is kept.

    Of names in other scripts the first letter of each word stays, of 买买提·艾力 that of each part.
    """
    name = " ".join(name.split())
    if not re.search(f"[{HAN}]", name):
        return " ".join(f"{word[0]}***" for word in name.split())
    name = name.replace(" ", "")
    parts = re.split(f"[{DOTS}]", name)
    if len(parts) > 1:
        return "·".join(f"{part[:1]}**" for part in parts)
    kept = 2 if name.startswith(COMPOUND) and len(name) > 2 else 1
    return name[:kept] + "*" * max(1, len(name) - kept)


def mask_phone(phone: str) -> str:
    """13812341234 becomes 138****1234."""
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 9:
        return "*" * max(0, len(digits) - 2) + digits[-2:] if len(digits) > 4 else "****"
    return f"{digits[:3]}****{digits[-4:]}"


def mask_id_no(number: str) -> str:
    """The county stays, date of birth and sequence are hidden."""
    number = "".join(number.split()).upper()
    return f"{number[:6]}{'*' * (len(number) - 6)}" if len(number) >= 15 else "*" * len(number)


def mask_address(address: str) -> str:
    """Down to the village or community; group, street, house and room are hidden."""
    found = ADDRESS.match("".join(address.split()))
    return f"{found.group() if found else ''}***"


def is_citizen_number(number: str) -> bool:
    """Whether the date and the check sign are right. Source: GB 11643."""
    if not re.fullmatch("[1-9][0-9]{16}[0-9Xx]", number):
        return False
    try:
        date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return False
    total = sum(int(sign) * pow(2, 17 - n, 11) for n, sign in enumerate(number[:17]))
    return CHECKS[total % 11] == number[17].upper()


def _is_card(digits: str) -> bool:
    """Whether the last figure checks the others (Luhn)."""
    total = 0
    for n, sign in enumerate(reversed(digits)):
        figure = int(sign) * (1 + n % 2)
        total += figure - 9 if figure > 9 else figure
    return total % 10 == 0


def _old_citizen_number(digits: str) -> bool:
    return bool(re.fullmatch("[1-6][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])...", digits))


def _mask_long(found: re.Match[str]) -> str:
    """Citizen numbers and bank cards. A mistyped one still tells, so 17 and more always go."""
    signs = re.sub("[ -]", "", found.group())
    if is_citizen_number(signs):
        return mask_id_no(signs)
    told = {15: _old_citizen_number, 16: _is_card}.get(len(signs))
    if told and not told(signs):
        return found.group()  # a case number has sixteen figures too, and should stay legible
    return f"{signs[:4]}{'*' * (len(signs) - 8)}{signs[-4:]}"


def mask_text(text: str) -> str:
    """Phone, citizen and card numbers inside free text. Names in it cannot be told from words."""
    plain = text.translate(PLAIN)
    for pattern, put in (
        (LONG, _mask_long),
        (PHONE, r"\1****\2"),
        (LANDLINE, r"\1****\2"),
    ):
        found = pattern.sub(put, plain)
        if found != plain:
            text = plain = found
    return text
