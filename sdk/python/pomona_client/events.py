"""Live events: GraphQL subscriptions over Server-Sent Events (graphql-sse, distinct connections mode)."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from typing import Any, Dict, Generator, Iterator, Optional

from .errors import BAD_ANSWER, NETWORK, PomonaError
from .graphql import Variables, data_of, run
from .sse import Message, messages
from .transport import PASSING, Answer, Transport, backoff

#: The server says something at least every 12 s, if only a comment. Silence for this long is a dead connection, seconds.
SILENCE = 45.0
#: Failures that the next connection may not meet.
_PASSING = frozenset({NETWORK, "UNAVAILABLE", "RATE_LIMITED"})


@dataclass(frozen=True)
class Event:
    """One result of a subscription."""

    #: The execution result's data: `{"deploymentProgress": {...}}`.
    data: Dict[str, Any]
    #: Give it back as `after` to be told what follows; None when the document does not select it.
    cursor: Optional[str]
    #: Events after the cursor were left out (you were away too long, or read too slowly): read anew what you show.
    resync: bool


class EventStream:
    """Iterates over events, and comes back after the last one when the connection is lost or the server stops.

    For that the document declares `$after: String`, gives it to the field, and selects `cursor`; iteration ends by `close()`,
    which any thread may call. A document that does not is read until the server completes it, which ends the iteration, or the
    connection is lost, which raises NETWORK.
    """

    def __init__(
        self,
        transport: Transport,
        document: str,
        variables: Optional[Variables] = None,
        after: Optional[str] = None,
        attempts: int = 10,
        silence: float = SILENCE,
    ) -> None:
        self._transport = transport
        self._document = document
        self._variables = dict(variables or {})
        self._resumable = re.search(r"\$after\s*:", document) is not None
        self._cursor = after if after is not None else self._variables.get("after")
        self._attempts = attempts
        self._silence = silence
        self._failures = 0
        self._closed = threading.Event()
        self._answer: Optional[Answer] = None
        if after is not None and not self._resumable:
            raise ValueError("To start after a cursor, the document must declare $after: String.")
        if self._resumable and self._cursor is None:
            # Without a cursor, what happens while the first connection is lost would be missed.
            now = run(transport, "{ server { eventCursor } }")
            self._cursor = now["server"]["eventCursor"]
        self._events = self._run()

    @property
    def cursor(self) -> Optional[str]:
        """Everything up to here was told. Keep it to go on in another process."""
        return self._cursor

    def close(self) -> None:
        """Ends the iteration, at once, from any thread."""
        self._closed.set()
        answer = self._answer
        if answer is not None:
            answer.abort()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._events.close()

    def _run(self) -> Generator[Event, None, None]:
        while not self._closed.is_set():
            try:
                if (yield from self._connection()):
                    return
            except PomonaError as error:
                if self._closed.is_set():
                    return
                self._pause(error)

    def _connection(self) -> Generator[Event, None, bool]:
        """Tells the events of one connection. Returns True when there is to be no other; raises when it ended too early."""
        with self._open() as answer:
            self._answer = answer
            if self._closed.is_set():
                return True
            for message in messages(answer.some):
                if message.event == "complete":
                    break
                if message.event == "next":
                    yield self._event(message)
            else:
                raise PomonaError(NETWORK, "The connection ended before the subscription did.")
        if self._resumable:
            # What happens on a server has no end: it says `complete` when it stops, and will be back.
            raise PomonaError(NETWORK, "The server ended the subscription, as it does when it stops.")
        return True

    def _open(self) -> Answer:
        variables = {**self._variables, **({"after": self._cursor} if self._resumable else {})}
        body = {"query": self._document, "variables": variables}
        answer = self._transport.send("POST", "/graphql/stream", body, "text/event-stream", self._silence)
        if not answer.content_type.startswith("text/event-stream"):
            answer.close()
            raise PomonaError(
                BAD_ANSWER, f"The answer is no event stream but {answer.content_type!r}.", status=answer.status
            )
        return answer

    def _event(self, message: Message) -> Event:
        try:
            result = json.loads(message.data)
        except ValueError as cause:
            raise PomonaError(BAD_ANSWER, "An event is not JSON.") from cause
        data = data_of(result)
        told = next((value for value in data.values() if isinstance(value, dict)), {})
        cursor = told.get("cursor")
        self._cursor = cursor or self._cursor
        self._failures = 0
        return Event(data, cursor, bool(told.get("resync")))

    def _pause(self, error: PomonaError) -> None:
        """Waits before the next connection; raises when there is to be none."""
        passing = error.code in _PASSING or error.status in PASSING
        self._failures += 1
        if not passing or not self._resumable or self._failures >= self._attempts:
            raise error
        self._closed.wait(backoff(self._failures - 1) if error.retry_after is None else error.retry_after)
