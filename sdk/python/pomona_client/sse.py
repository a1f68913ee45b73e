"""Server-Sent Events, as the HTML standard reads them (section 9.2.6)."""

from __future__ import annotations

import codecs
from typing import Callable, Iterator, List, NamedTuple


class Message(NamedTuple):
    event: str
    data: str


def messages(some: Callable[[], bytes]) -> Iterator[Message]:
    """The messages in the pieces that `some` hands out, until an empty one. A message that broke off is dropped.

    Unlike a browser, a message without data is told, too: graphql-sse may send `complete` without.
    """
    event = ""
    data: List[str] = []
    for line in _lines(some):
        if line == "":
            if event or data:
                yield Message(event or "message", "\n".join(data))
            event, data = "", []
            continue
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            event = value
        elif name == "data":
            data.append(value)


def _lines(some: Callable[[], bytes]) -> Iterator[str]:
    """Lines that end with LF, CRLF or CR; what follows the last one is no line."""
    utf8 = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    after_cr = False
    while True:
        piece = some()
        if not piece:
            return
        text = utf8.decode(piece)
        if after_cr and text:
            text = text[1:] if text[0] == "\n" else text
            after_cr = False
        after_cr = after_cr or text.endswith("\r")
        lines = (rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rest = lines.pop()
        yield from lines
