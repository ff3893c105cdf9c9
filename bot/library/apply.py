"""The text of a file that somebody sent, read in a process of its own with little time and memory:
whatever the file does to a parser, it does there."""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.library.limits import limit

SECONDS = 10
MEMORY = 512 << 20
WALL = 20.0
"""Of the processor's time, of bytes, and of seconds by the clock: what one file may take."""

NICE = 15
"""How much it stands back: whoever waits for an answer comes first."""

LONGEST = 200_000
"""Characters of a text that are kept."""

MOST_PAGES = 60
MOST_PART = 20_000_000
"""Pages of a PDF, and bytes of the one part of a packed file, that are read."""

ROOT = Path(__file__).parents[2]

KINDS = ("pdf", "docx", "odt", "rtf", "txt", "md")

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DIRTY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


def text_of(kind: str, content: bytes) -> str | None:
    """What stands in the file; None where that can't be found out, whatever the reason.

    It waits for the other process: call it in a thread.
    """
    if kind not in KINDS:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            [sys.executable, "-W", "ignore", "-m", "bot.library.apply", kind],
            input=content,
            capture_output=True,
            timeout=WALL,
            env={},  # it has no secrets to give away
            cwd=ROOT,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    if done.returncode != 0:
        return None
    return done.stdout.decode("utf-8", "replace").strip() or None


def main(kind: str) -> None:
    """In the process of its own: reads the file from where the other wrote it."""
    content = sys.stdin.buffer.read()
    text = READERS[kind](content)
    clean = DIRTY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]
    sys.stdout.buffer.write(clean.encode("utf-8", "replace"))


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(content)).pages
    found, length = [], 0
    for number in range(min(len(pages), MOST_PAGES)):
        found.append(pages[number].extract_text())
        length += len(found[-1])
        if length > LONGEST:
            break
    return "\n".join(found)


def _docx(content: bytes) -> str:
    breaks = {f"{WORD}p": "\n", f"{WORD}br": "\n", f"{WORD}tab": "\t"}
    return _xml(_part(content, "word/document.xml"), breaks, {f"{WORD}t"})


def _odt(content: bytes) -> str:
    breaks = {
        f"{OFFICE}p": "\n",
        f"{OFFICE}h": "\n",
        f"{OFFICE}line-break": "\n",
        f"{OFFICE}tab": "\t",
        f"{OFFICE}s": " ",
    }
    return _xml(_part(content, "content.xml"), breaks, None)


def _rtf(content: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    read: Callable[..., str] = rtf_to_text
    return read(content.decode("latin-1"), errors="ignore")


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


READERS: Mapping[str, Callable[[bytes], str]] = {
    "pdf": _pdf,
    "docx": _docx,
    "odt": _odt,
    "rtf": _rtf,
    "txt": _text,
    "md": _text,
}


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(name) as part:
        found = part.read(MOST_PART + 1)
    if len(found) > MOST_PART:
        raise ValueError("too much to read")
    return found


def _xml(part: bytes, breaks: Mapping[str, str], only: set[str] | None) -> str:
    """The text of the elements, or of `only` these, with what stands for a break."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found: list[str] = []
    for event, element in etree.iterwalk(
        etree.fromstring(part, parser), events=("start", "end"), tag=etree.Element
    ):
        if event == "start":
            if element.text and (only is None or element.tag in only):
                found.append(element.text)
            continue
        found.append(breaks.get(str(element.tag), ""))
        if element.tail and only is None:
            found.append(element.tail)
    return "".join(found)


if __name__ == "__main__":
    os.nice(NICE)
    limit("RLIMIT_AS", MEMORY)
    limit("RLIMIT_CPU", SECONDS)
    limit("RLIMIT_FSIZE", 0)
    main(sys.argv[1])
