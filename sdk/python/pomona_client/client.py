"""The client itself."""

from __future__ import annotations

import os
import ssl
from typing import Any, Dict, Iterator, Optional

from . import graphql
from .events import EventStream
from .graphql import Variables
from .rest import Applications, Devices, Profiles, Workflows
from .transport import Settings, Transport


class Pomona:
    """One server, seen by one API token. May be used by several threads.

    url      such as https://mdm.example.org; POMONA_URL when left out
    token    an API token; POMONA_TOKEN when left out
    timeout  seconds to connect, and to wait for each piece of an answer
    tls      how to check an https server; the system's authorities when left out
    retries  how often a GET is tried again; nothing else ever is
    """

    def __init__(
        self,
        url: Optional[str] = None,
        token: Optional[str] = None,
        *,
        timeout: float = 30.0,
        tls: Optional[ssl.SSLContext] = None,
        retries: int = 3,
    ) -> None:
        settings = Settings(
            url=_given("url", url, "POMONA_URL"),
            token=_given("token", token, "POMONA_TOKEN"),
            timeout=timeout,
            tls=tls,
            retries=retries,
        )
        self._transport = Transport(settings)
        self.devices = Devices(self._transport)
        self.profiles = Profiles(self._transport)
        self.workflows = Workflows(self._transport)
        self.applications = Applications(self._transport)

    def __repr__(self) -> str:
        return f"Pomona({self._transport.settings.url!r})"

    def query(self, document: str, variables: Optional[Variables] = None) -> Dict[str, Any]:
        """Runs a GraphQL operation and returns its data. Raises PomonaError for errors; user errors are data here."""
        return graphql.run(self._transport, document, variables)

    def mutate(self, document: str, variables: Optional[Variables] = None) -> Dict[str, Any]:
        """As `query`, and raises the first of `userErrors`, if the document selects them; `data` of the error has the rest."""
        data = graphql.run(self._transport, document, variables)
        graphql.refuse_user_errors(data)
        return data

    def paginate(
        self, document: str, path: str, variables: Optional[Variables] = None, page_size: int = 100
    ) -> Iterator[Dict[str, Any]]:
        """The nodes of the connection at `path` (`devices`, `workflow.devices`), page after page.

        The document declares `$first: Int, $after: String`, gives them to that field, and selects
        `nodes { ... } pageInfo { hasNextPage endCursor }` there.
        """
        return graphql.paginate(self._transport, document, variables, path, page_size)

    def events(
        self,
        document: str,
        variables: Optional[Variables] = None,
        after: Optional[str] = None,
        attempts: int = 10,
    ) -> EventStream:
        """Subscribes, and iterates over events as they happen; see EventStream.

        after     a cursor: tell what happened since; from now on, when left out
        attempts  give up after so many connections in a row that brought nothing
        """
        return EventStream(self._transport, document, variables, after, attempts)


def _given(what: str, value: Optional[str], variable: str) -> str:
    """An argument, or the environment's. Header values are visible ASCII, so a token is."""
    found = (value if value is not None else os.environ.get(variable, "")).strip()
    if not found:
        raise ValueError(f"Give the {what} of the server, or set {variable}.")
    if not (found.isascii() and found.isprintable()):
        raise ValueError(f"The {what} has characters that no {what} has.")
    return found
