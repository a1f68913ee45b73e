"""Reads a JSON array element by element, while it arrives."""

from __future__ import annotations

import codecs
import json
from typing import Any, Callable, Iterator

from .errors import BAD_ANSWER, PomonaError

_SPACE = " \t\r\n"


def elements(some: Callable[[], bytes]) -> Iterator[Any]:
    """The elements of the array whose text `some` hands out in pieces, an empty one at the end.

    Never more than one element and the piece it ends in are in memory, twice at most. Elements must be objects or arrays: the
    end of a number cannot be told from a pause. Raises BAD_ANSWER for what is no array, or breaks off.
    """
    text = _Text(some)
    if text.next() != "[":
        raise PomonaError(BAD_ANSWER, "The answer is not a list. Is this the address of a Pomona?")
    mark = text.next()
    while mark != "]":
        if mark == ",":
            text.peek()
        else:
            text.back()
        yield text.value()
        mark = text.next()
        if mark not in ("]", ","):
            raise _broken()


class _Text:
    """The text so far, and the place in it."""

    def __init__(self, some: Callable[[], bytes]) -> None:
        self._some = some
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def next(self) -> str:
        """The next character that is no white space."""
        mark = self.peek()
        self._at += 1
        return mark

    def back(self) -> None:
        self._at -= 1

    def peek(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            self._more(1)

    def value(self) -> Any:
        """The element that begins here. Tried anew only when twice the text is there: the work stays linear."""
        while True:
            try:
                value, self._at = self._json.raw_decode(self._text, self._at)
                return value
            except ValueError:
                self._more(len(self._text) - self._at)

    def _more(self, least: int) -> None:
        """Forgets what was read, and adds at least so many characters if there are any more."""
        pieces = [self._text[self._at :]]
        self._at = 0
        added = 0
        while added < least:
            piece = self._some()
            if not piece:
                break
            pieces.append(self._utf8.decode(piece))
            added += len(pieces[-1])
        if added == 0:
            raise _broken()
        self._text = "".join(pieces)


def _broken() -> PomonaError:
    return PomonaError(BAD_ANSWER, "The list broke off, or is no JSON. Ask again; pages make smaller answers.")
