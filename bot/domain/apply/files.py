"""Files as people send them: what they are by their content, whatever they are called."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from enum import StrEnum

LARGEST_FILE = 5_000_000
"""Bytes."""

LONGEST_FILE_NAME = 120

MOST_UNPACKED = 50_000_000
MOST_ENTRIES = 2_000
"""Bytes that a packed file may have when it is unpacked, and how many files may be in it."""

LOOKED_AT = 1024

MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "txt": "text/plain; charset=utf-8",
    "md": "text/plain; charset=utf-8",
}
"""The kinds that are taken, by the ending of the name."""

ODT = b"application/vnd.oasis.opendocument.text"
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|basic/|scripts/)", re.IGNORECASE)
OTHERS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"\x89PNG")
"""How files of other kinds begin."""

MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe)\b", re.IGNORECASE)
AFTER_PDF = re.compile(rb"%%EOF\s*\Z")


class FileFault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    SIZE = "size"
    KIND = "kind"
    LOCKED = "locked"


def file_name(sent: str) -> str:
    """The name as it is kept and shown: without a path, control letters and what shows nothing."""
    name = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    name = " ".join(name.split()).strip(". ") or "resume"
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_FILE_NAME]
    return f"{stem[: LONGEST_FILE_NAME - len(ending) - 1]}.{ending}"


def kind_of(name: str) -> str:
    """By its ending; whatever that is."""
    return name.rpartition(".")[2].lower()


def fault_of(name: str, content: bytes) -> FileFault | None:
    """Why the file is not taken; None where its content is what its ending says."""
    if not content:
        return FileFault.EMPTY
    if len(content) > LARGEST_FILE:
        return FileFault.SIZE
    check = CHECKS.get(kind_of(name))
    return check(content) if check is not None else FileFault.KIND


def _pdf(content: bytes) -> FileFault | None:
    """It begins as one, or nearly so, ends as one, and is not locked with a password."""
    start = content.find(b"%PDF-", 0, LOOKED_AT)
    if start < 0 or _is_other(content[:start]) or MARKUP.search(content[:start]):
        return FileFault.KIND
    if zipfile.is_zipfile(io.BytesIO(content)):
        return FileFault.KIND
    tail = content[-LOOKED_AT:]
    if b"/Encrypt" in content[-4 * LOOKED_AT :] and AFTER_PDF.search(tail):
        return FileFault.LOCKED
    return None


def _docx(content: bytes) -> FileFault | None:
    names = _names(content)
    if names is None or not {"[Content_Types].xml", "word/document.xml"} <= names:
        return FileFault.KIND
    return FileFault.KIND if any(MACROS.search(name) for name in names) else None


def _odt(content: bytes) -> FileFault | None:
    names = _names(content)
    if names is None or not {"mimetype", "content.xml"} <= names:
        return FileFault.KIND
    if any(MACROS.search(name) for name in names):
        return FileFault.KIND
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = packed.getinfo("mimetype")
        if found.file_size > LOOKED_AT or packed.read(found).strip() != ODT:
            return FileFault.KIND
    return None


def _rtf(content: bytes) -> FileFault | None:
    return None if content.startswith(b"{\\rtf") else FileFault.KIND


def _text(content: bytes) -> FileFault | None:
    """Words in UTF-8 or UTF-16, or in an encoding that has a letter for each byte."""
    if content.startswith(OTHERS) or MARKUP.search(content[:LOOKED_AT]):
        return FileFault.KIND
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return FileFault.KIND if b"\0" in content and not is_wide else None


CHECKS = {"pdf": _pdf, "docx": _docx, "odt": _odt, "rtf": _rtf, "txt": _text, "md": _text}


def _names(content: bytes) -> set[str] | None:
    """What is in a packed file; None where it is none, begins with something else, or would be too
    much when it is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    is_much = sum(entry.file_size for entry in entries) > MOST_UNPACKED
    if is_much or len(entries) > MOST_ENTRIES or any(entry.flag_bits & 1 for entry in entries):
        return None
    return {entry.filename for entry in entries}


def _is_other(begins: bytes) -> bool:
    return begins.startswith(OTHERS)


def size_text(size: int) -> str:
    """Such as "212 KB" or "4.9 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
