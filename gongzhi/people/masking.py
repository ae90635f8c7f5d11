"""What of a person is shown to whom: masked on screen, in exports and in logs."""

import re

# Compound surnames 复姓 that are common enough to meet; the given name alone is masked.
COMPOUND = (
    "欧阳",
    "司徒",
    "上官",
    "诸葛",
    "司马",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
)
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
ID_NO = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
CARD = re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """张小明 becomes 张**; the number of signs of the given name is kept."""
    name = name.strip()
    if not name:
        return ""
    if name.isascii():
        return " ".join(f"{word[0]}***" for word in name.split())
    kept = 2 if name.startswith(COMPOUND) and len(name) > 2 else 1
    return name[:kept] + "*" * max(1, len(name) - kept)


def mask_phone(phone: str) -> str:
    """13812341234 becomes 138****1234."""
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}"


def mask_address(address: str) -> str:
    """Down to the village or street; house and room are hidden."""
    found = re.match(r".*?(村|社区|街道|镇|乡|路|街)", address)
    return f"{found.group()}***" if found else "***"


def mask_text(text: str) -> str:
    """Phone, citizen and card numbers inside free text."""
    text = ID_NO.sub(r"\1********\2", text)
    text = PHONE.sub(r"\1****\2", text)
    return CARD.sub(r"\1********\2", text)
