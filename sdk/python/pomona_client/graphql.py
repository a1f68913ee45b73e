"""GraphQL over HTTP: queries, mutations, and connections read to their end."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Optional

from .errors import BAD_ANSWER, PomonaError, of_graphql
from .transport import Transport, parsed

Variables = Mapping[str, Any]
_ACCEPT = "application/graphql-response+json, application/json;q=0.9"


def run(transport: Transport, document: str, variables: Optional[Variables] = None) -> Dict[str, Any]:
    """Executes an operation, once. Returns `data`; raises the first of `errors`."""
    body = {"query": document, "variables": dict(variables or {})}
    with transport.send("POST", "/graphql", body, _ACCEPT) as answer:
        return data_of(parsed(answer.read(), answer), answer.status, answer.request_id)


def data_of(result: Any, status: Optional[int] = None, request_id: Optional[str] = None) -> Dict[str, Any]:
    """The data of an execution result. Raises its errors."""
    if isinstance(result, dict):
        if result.get("errors"):
            raise of_graphql(result, status, request_id)
        if isinstance(result.get("data"), dict):
            return dict(result["data"])
    raise PomonaError(BAD_ANSWER, "The answer is no GraphQL result.", status=status, request_id=request_id)


def refuse_user_errors(data: Dict[str, Any]) -> None:
    """Raises the first user error of any payload in `data`; all of that payload's stand in `errors`."""
    for payload in data.values():
        refusals = payload.get("userErrors") if isinstance(payload, dict) else None
        if refusals:
            first = refusals[0]
            raise PomonaError(
                str(first.get("code", "INVALID")),
                str(first.get("message", "The mutation was refused; select userErrors { code message path }.")),
                path=first.get("path"),
                errors=refusals,
                data=data,
            )


def paginate(
    transport: Transport, document: str, variables: Optional[Variables], path: str, page_size: int
) -> Iterator[Dict[str, Any]]:
    given = {"first": page_size, **(variables or {})}
    while True:
        connection = _within(run(transport, document, given), path)
        yield from connection["nodes"]
        page = connection["pageInfo"]
        if not page["hasNextPage"]:
            return
        given["after"] = page["endCursor"]


def _within(data: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The connection at `workflow.devices`. Raises ValueError when the document did not select what paging needs."""
    found: Any = data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict) or "nodes" not in found or "hasNextPage" not in found.get("pageInfo", {}):
        raise ValueError(f"The document must select {path} {{ nodes {{ … }} pageInfo {{ hasNextPage endCursor }} }}.")
    return found
