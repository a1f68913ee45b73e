"""The one exception of this package, and how the server's failures become it."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

#: No answer: refused, broken off, or not in time. Whether the server did what was asked is not known.
NETWORK = "NETWORK"
#: An answer that is not what a Pomona says: a proxy's page, a redirect, broken JSON.
BAD_ANSWER = "BAD_ANSWER"


class PomonaError(Exception):
    """Something was refused or failed. Switch on `code`; `message` is for people.

    code        the server's word (`NOT_FOUND`, `IN_USE`, ...), or `NETWORK` or `BAD_ANSWER`
    message     what was wrong and what would be right
    request_id  quote it when the failure is the server's; it stands in the server's log
    path        the field of the answer that failed (GraphQL), or the offending input
    status      HTTP status; None without an answer
    details     facts for programs, such as {"workflows": ["Office"]}
    retry_after seconds to wait before trying again, when the server said so
    errors      all GraphQL errors or user errors, as the server sent them; the first is the one above
    data        what GraphQL answered beside the errors
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        request_id: Optional[str] = None,
        path: Optional[Sequence[Any]] = None,
        status: Optional[int] = None,
        details: Optional[Mapping[str, Any]] = None,
        retry_after: Optional[float] = None,
        errors: Sequence[Mapping[str, Any]] = (),
        data: Optional[Dict[str, Any]] = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.request_id = request_id
        self.path: Optional[List[Any]] = None if path is None else list(path)
        self.status = status
        self.details: Dict[str, Any] = dict(details or {})
        self.retry_after = retry_after
        self.errors: List[Mapping[str, Any]] = list(errors)
        self.data = data


def of_answer(
    status: int, body: bytes, request_id: Optional[str] = None, retry_after: Optional[float] = None
) -> PomonaError:
    """The error that an HTTP answer tells of: REST's object, GraphQL's list, or something that is neither."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if isinstance(told, dict) and isinstance(told.get("errors"), list) and told["errors"]:
        return of_graphql(told, status, request_id, retry_after)
    if not isinstance(told, dict) or "error" not in told or "code" not in told:
        message = f"HTTP {status}, and no answer of Pomona's: {body[:200].decode('utf-8', 'replace')}"
        return PomonaError(
            BAD_ANSWER, message, status=status, request_id=request_id, retry_after=retry_after
        )
    details = told.get("details") or {}
    return PomonaError(
        str(told["code"]),
        str(told["error"]),
        request_id=told.get("request_id") or request_id,
        path=[details["field"]] if "field" in details else None,
        status=status,
        details=details,
        retry_after=retry_after,
    )


def of_graphql(
    told: Mapping[str, Any],
    status: Optional[int] = None,
    request_id: Optional[str] = None,
    retry_after: Optional[float] = None,
) -> PomonaError:
    """The first of an execution result's errors, with all of them in `errors`."""
    errors = told["errors"]
    first = errors[0] if isinstance(errors[0], dict) else {}
    extensions = first.get("extensions") or {}
    return PomonaError(
        str(extensions.get("code", "INTERNAL")),
        str(first.get("message", "The server sent an error without words.")),
        request_id=extensions.get("requestId") or request_id,
        path=first.get("path") or extensions.get("inputPath"),
        status=status,
        details=extensions.get("details"),
        retry_after=retry_after,
        errors=errors,
        data=told.get("data"),
    )
