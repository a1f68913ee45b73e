"""The routes of /management/v1, by resource."""

from __future__ import annotations

import base64
from typing import Any, Dict, Generic, Iterator, List, Mapping, Optional, Sequence, Type, TypeVar, Union
from urllib.parse import quote

from .arrays import elements
from .models import (
    Application,
    ApplicationRef,
    Certificate,
    Device,
    InstalledApplication,
    Profile,
    ProfileRef,
    Record,
    Workflow,
    WorkflowRef,
    sent,
)
from .transport import Transport

R = TypeVar("R", bound=Record)
#: A member of a workflow, as a record or as the JSON object of the API.
Ref = Union[Record, Mapping[str, Any]]

_BASE = "/management/v1"


class Collection(Generic[R]):
    """What all four resources have in common."""

    _name = ""
    _uuid_field = "uuid"
    _record: Type[R]

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, limit: Optional[int] = None, after: Optional[str] = None) -> Iterator[R]:
        """All records, or `limit` of them behind the uuid `after`, as they were made; one request, read as it arrives."""
        given = {"limit": limit, "after": after}
        return self._stream("", self._record, {name: value for name, value in given.items() if value is not None})

    def pages(self, page_size: int = 100, after: Optional[str] = None) -> Iterator[R]:
        """As `list()`, with one request for every `page_size` records, each of which is tried again by itself."""
        while True:
            page = list(self.list(page_size, after))
            yield from page
            if len(page) < page_size:
                return
            after = getattr(page[-1], self._uuid_field)

    def get(self, uuid: str) -> R:
        """One record. Raises NOT_FOUND."""
        return self._record.of(self._transport.get_json(self._at(uuid)))

    def _stream(self, below: str, record: Type[Any], query: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:
        with self._transport.get(f"{_BASE}/{self._name}{below}", query) as answer:
            for told in elements(answer.some):
                yield record.of(told)

    def _at(self, uuid: str, below: str = "") -> str:
        if not uuid:
            raise ValueError(f"An id is needed to name one of the {self._name}.")
        return f"{_BASE}/{self._name}/{quote(uuid, safe='')}{below}"

    def _create(self, fields: Mapping[str, Any]) -> R:
        body = {name: value for name, value in fields.items() if value is not None}
        return self._record.of(self._transport.send_json("POST", f"{_BASE}/{self._name}", body))

    def _delete(self, uuid: str) -> None:
        self._transport.send_json("DELETE", self._at(uuid))


class Devices(Collection[Device]):
    _name = "devices"
    _record = Device

    def assign(self, uuid: str, workflow_uuid: Optional[str]) -> None:
        """Gives the device a workflow; None takes away the one it has."""
        self._transport.send_json("PATCH", self._at(uuid), {"workflow_uuid": workflow_uuid})

    def push(self, udid: str) -> str:
        """Wakes the device with this UDID, waits up to 15 s for APNs, and returns the id of the notification.

        Raises NOT_FOUND, NOT_ENROLLED, FEATURE_NOT_AVAILABLE, UPSTREAM_REFUSED or TIMEOUT.
        """
        answer = self._transport.send_json("POST", self._at(udid, "/push"))
        return str(answer["push_notification_id"])

    def fetch(self) -> Any:
        """Asks for the devices of Automated Device Enrollment. Raises FEATURE_NOT_AVAILABLE until the server has it."""
        return self._transport.send_json("POST", f"{_BASE}/devices/fetch")

    def applications(self, uuid: str) -> Iterator[InstalledApplication]:
        """What the device last answered to InstalledApplicationList; none before it did."""
        return self._stream(f"/{quote(uuid, safe='')}/applications", InstalledApplication)

    def certificates(self, uuid: str) -> Iterator[Certificate]:
        """What the device last answered to CertificateList; none before it did."""
        return self._stream(f"/{quote(uuid, safe='')}/certificates", Certificate)


class Profiles(Collection[Profile]):
    _name = "profiles"
    _uuid_field = "profile_uuid"
    _record = Profile

    def create(self, payload_identifier: str, content: bytes) -> Profile:
        """Adds a .mobileconfig, signed or not. `payload_identifier` must be the PayloadIdentifier inside."""
        data = base64.b64encode(content).decode("ascii")
        return self._create({"payload_identifier": payload_identifier, "payload_data": data})

    def delete(self, uuid: str) -> None:
        """Raises IN_USE while workflows have it, with their names in `details`."""
        self._delete(uuid)


class Applications(Collection[Application]):
    _name = "applications"
    _uuid_field = "application_uuid"
    _record = Application

    def create(
        self,
        name: str,
        manifest_url: Optional[str] = None,
        itunes_store_id: Optional[int] = None,
        bundle_identifier: Optional[str] = None,
    ) -> Application:
        """Adds an application, by the URL of its manifest or by its number in the App Store."""
        return self._create(
            {
                "name": name,
                "manifest_url": manifest_url,
                "itunes_store_id": itunes_store_id,
                "bundle_identifier": bundle_identifier,
            }
        )

    def delete(self, uuid: str) -> None:
        """Raises IN_USE while workflows have it, with their names in `details`."""
        self._delete(uuid)


class Workflows(Collection[Workflow]):
    _name = "workflows"
    _record = Workflow

    def create(
        self,
        name: str,
        profiles: Sequence[Ref] = (),
        applications: Sequence[Ref] = (),
        included_workflows: Sequence[Ref] = (),
        description: Optional[str] = None,
    ) -> Workflow:
        """Makes a workflow. Its members are records, references or the API's JSON objects."""
        return self._create(
            {
                "name": name,
                "description": description,
                "profiles": _refs(profiles),
                "applications": _refs(applications),
                "included_workflows": _refs(included_workflows),
            }
        )

    def update(
        self,
        uuid: str,
        name: Optional[str] = None,
        profiles: Optional[Sequence[Ref]] = None,
        applications: Optional[Sequence[Ref]] = None,
        included_workflows: Optional[Sequence[Ref]] = None,
        description: Optional[str] = None,
    ) -> None:
        """Replaces what is given, a list as a whole, and leaves the rest. Every device that has the workflow follows."""
        fields: Dict[str, Any] = {"name": name, "description": description}
        lists = {"profiles": profiles, "applications": applications, "included_workflows": included_workflows}
        fields.update({field: _refs(refs) for field, refs in lists.items() if refs is not None})
        given = {field: value for field, value in fields.items() if value is not None}
        self._transport.send_json("PATCH", self._at(uuid), given)

    def delete(self, uuid: str) -> None:
        """Raises IN_USE while a device has it or a workflow includes it."""
        self._delete(uuid)


def _refs(members: Sequence[Ref]) -> List[Dict[str, Any]]:
    return [_ref(member) for member in members]


def _ref(member: Ref) -> Dict[str, Any]:
    """What the API wants to hear of a workflow's member."""
    if isinstance(member, Profile):
        return {"profile_uuid": member.profile_uuid}
    if isinstance(member, Application):
        return {"application_uuid": member.application_uuid}
    if isinstance(member, Workflow):
        return {"workflow_uuid": member.uuid}
    if isinstance(member, (ProfileRef, ApplicationRef, WorkflowRef)):
        return sent(member)
    if isinstance(member, Record):
        raise TypeError(f"A workflow cannot have a {type(member).__name__}.")
    return dict(member)
