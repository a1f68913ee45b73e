"""HTTP: one connection per request, no redirects, and patience with GETs alone."""

from __future__ import annotations

import email.utils
import http.client
import json
import random
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple
from urllib.parse import urlencode, urlsplit

from .errors import BAD_ANSWER, NETWORK, PomonaError, of_answer

#: Answers after which the same GET may succeed.
PASSING = frozenset({429, 502, 503, 504})
#: A server that wants to be left alone for longer is not waited for, seconds.
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Settings:
    """Where the server is, and how it is spoken to. Times are in seconds."""

    url: str
    token: str
    timeout: float
    tls: Optional[ssl.SSLContext]
    retries: int

    def __repr__(self) -> str:
        return f"Settings(url={self.url!r}, token=<hidden>)"


class Answer:
    """An HTTP answer whose body has not been read. Closing it closes its connection."""

    def __init__(
        self, connection: http.client.HTTPConnection, sock: Any, response: http.client.HTTPResponse
    ) -> None:
        self._connection = connection
        # http.client forgets the socket when the answer ends with the connection.
        self._socket = sock
        self._response = response
        self.status = response.status
        self.request_id = response.getheader("x-request-id")
        self.content_type = response.getheader("content-type") or ""
        self.retry_after = seconds(response.getheader("retry-after"))

    def read(self) -> bytes:
        """The whole body."""
        try:
            return self._response.read()
        except (OSError, http.client.HTTPException) as cause:
            raise broken(cause, self.request_id) from cause

    def some(self, most: int = 65536) -> bytes:
        """What has arrived, waiting for at least one byte; empty at the end."""
        try:
            return self._response.read1(most)
        except (OSError, http.client.HTTPException, ValueError) as cause:
            raise broken(cause, self.request_id) from cause

    def abort(self) -> None:
        """Ends a read that another thread waits in."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        self._response.close()
        self._connection.close()

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Transport:
    """Sends requests to one server. May be used by several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"The url must be like https://mdm.example.org; this is {settings.url!r}.")
        self._https = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")

    def get(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Answer:
        """GETs, again when the server is away or busy for a moment. The answer's status is 2xx."""
        target = path + ("?" + urlencode(query) if query else "")
        for attempt in range(self.settings.retries + 1):
            try:
                return self.send("GET", target)
            except PomonaError as error:
                wait = self._wait(error, attempt)
                if wait is None:
                    raise
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def get_json(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Any:
        with self.get(path, query) as answer:
            return parsed(answer.read(), answer)

    def send_json(self, method: str, path: str, body: Any = None) -> Any:
        """Sends once. Returns the answer's JSON; None when it has no body."""
        with self.send(method, path, body) as answer:
            content = answer.read()
            return parsed(content, answer) if content else None

    def send(
        self, method: str, target: str, body: Any = None, accept: str = "application/json",
        timeout: Optional[float] = None,
    ) -> Answer:
        """Sends once, and raises unless the status is 2xx. `timeout` is for connecting and for each read."""
        connection = self._connection(self.settings.timeout if timeout is None else timeout)
        try:
            content, headers = self._content(body, accept)
            connection.request(method, self._prefix + target, body=content, headers=headers)
            sock = connection.sock
            answer = Answer(connection, sock, connection.getresponse())
        except (OSError, http.client.HTTPException) as cause:
            connection.close()
            raise broken(cause) from cause
        if 200 <= answer.status < 300:
            return answer
        with answer:
            raise of_answer(answer.status, answer.read(), answer.request_id, answer.retry_after)

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if not self._https:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        tls = self.settings.tls or ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=tls)

    def _content(self, body: Any, accept: str) -> Tuple[Optional[bytes], Dict[str, str]]:
        headers = {"Authorization": f"Bearer {self.settings.token}", "Accept": accept}
        if body is None:
            return None, headers
        headers["Content-Type"] = "application/json"
        return json.dumps(body, allow_nan=False).encode(), headers

    def _wait(self, error: PomonaError, attempt: int) -> Optional[float]:
        """Seconds before the next attempt; None when there is none."""
        passing = error.code == NETWORK or error.status in PASSING
        if not passing or attempt >= self.settings.retries:
            return None
        wait = backoff(attempt) if error.retry_after is None else error.retry_after
        return None if wait > LONGEST_WAIT else wait


def backoff(attempt: int, longest: float = 30.0) -> float:
    """Seconds: half a second, doubled with each attempt, and up to as much again by chance."""
    return min(longest, 0.5 * 2.0 ** min(attempt, 10)) * random.uniform(0.5, 1.0)


def seconds(retry_after: Optional[str]) -> Optional[float]:
    """Retry-After as seconds from now: a number or a date (RFC 9110 section 10.2.3). None when it is neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def parsed(content: bytes, answer: Answer) -> Any:
    try:
        return json.loads(content)
    except ValueError as cause:
        message = "The answer is not JSON. Is this the address of a Pomona?"
        raise PomonaError(
            BAD_ANSWER, message, status=answer.status, request_id=answer.request_id
        ) from cause


def broken(cause: Exception, request_id: Optional[str] = None) -> PomonaError:
    return PomonaError(NETWORK, f"No whole answer: {cause or type(cause).__name__}", request_id=request_id)
