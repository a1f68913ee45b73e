"""The records of /management/v1. What the server does not know is None; what this version does not know is in `extra`."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Dict, FrozenSet, List, Mapping, Optional, Type, TypeVar

T = TypeVar("T", bound="Record")


@dataclass(frozen=True)
class Record:
    """Anything that the server answers."""

    #: Other names of fields that are here already.
    _doubles: ClassVar[FrozenSet[str]] = frozenset()

    #: Fields that this version has no name for.
    extra: Dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls: Type[T], told: Mapping[str, Any]) -> T:
        """Reads one JSON object."""
        names = {each.name for each in fields(cls) if each.init}
        known: Dict[str, Any] = {}
        extra: Dict[str, Any] = {}
        for name, value in told.items():
            own = name.replace("-", "_")
            if own in names:
                known[own] = _read(own, value)
            elif name not in cls._doubles:
                extra[name] = value
        record = cls(**known)
        record.extra.update(extra)
        return record


@dataclass(frozen=True)
class Device(Record):
    uuid: str = ""
    udid: Optional[str] = None
    serial_number: Optional[str] = None
    os_version: Optional[str] = None
    build_version: Optional[str] = None
    product_name: Optional[str] = None
    imei: Optional[str] = None
    meid: Optional[str] = None
    mdm_topic: Optional[str] = None
    awaiting_configuration: bool = False
    enrolled: bool = False
    workflow_uuid: Optional[str] = None
    dep_device: bool = False
    model: Optional[str] = None
    last_checkin: Optional[datetime] = None
    device_name: Optional[str] = None
    #: Of `devices.get` alone: what it last answered to DeviceInformation, in Apple's words.
    last_query_response: Optional[Dict[str, Any]] = None


@dataclass(frozen=True)
class InstalledApplication(Record):
    """An application on a device. Sizes are in bytes."""

    identifier: Optional[str] = None
    name: Optional[str] = None
    version: Optional[str] = None
    short_version: Optional[str] = None
    bundle_size: Optional[int] = None
    dynamic_size: Optional[int] = None


@dataclass(frozen=True)
class Certificate(Record):
    """A certificate on a device."""

    common_name: Optional[str] = None
    is_identity: Optional[bool] = None
    sha256: Optional[str] = None
    subject: Optional[str] = None
    issuer: Optional[str] = None
    serial_number: Optional[str] = None
    not_before: Optional[datetime] = None
    not_after: Optional[datetime] = None


@dataclass(frozen=True)
class Profile(Record):
    _doubles = frozenset({"profile_data"})

    profile_uuid: str = ""
    payload_identifier: str = ""
    #: The .mobileconfig in base64; `content` is its bytes.
    payload_data: str = field(default="", repr=False)
    display_name: Optional[str] = None
    description: Optional[str] = None
    organization: Optional[str] = None
    payload_types: List[str] = field(default_factory=list)
    signed: bool = False
    #: Bytes.
    size: int = 0
    sha256: str = ""
    revision: int = 0
    created_at: Optional[datetime] = None
    updated_at: Optional[datetime] = None

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.payload_data)


@dataclass(frozen=True)
class Application(Record):
    application_uuid: str = ""
    name: str = ""
    manifest_url: Optional[str] = None
    itunes_store_id: Optional[int] = None
    bundle_identifier: Optional[str] = None
    revision: int = 0
    created_at: Optional[datetime] = None
    updated_at: Optional[datetime] = None


@dataclass(frozen=True)
class ProfileRef(Record):
    """A profile as a workflow names it: by either, or by both, which then must agree."""

    payload_identifier: Optional[str] = None
    profile_uuid: Optional[str] = None


@dataclass(frozen=True)
class ApplicationRef(Record):
    """An application as a workflow names it. One with a manifest that nobody knows yet is added."""

    application_uuid: Optional[str] = None
    name: Optional[str] = None
    manifest_url: Optional[str] = None
    itunes_store_id: Optional[int] = None


@dataclass(frozen=True)
class WorkflowRef(Record):
    """A workflow as another includes it, by its uuid."""

    workflow_uuid: str = ""
    name: Optional[str] = None


@dataclass(frozen=True)
class Workflow(Record):
    _doubles = frozenset({"workflow_uuid"})

    uuid: str = ""
    name: str = ""
    description: Optional[str] = None
    profiles: List[ProfileRef] = field(default_factory=list)
    applications: List[ApplicationRef] = field(default_factory=list)
    included_workflows: List[WorkflowRef] = field(default_factory=list)
    revision: int = 0
    created_at: Optional[datetime] = None
    updated_at: Optional[datetime] = None


_REFS: Dict[str, Type[Record]] = {
    "profiles": ProfileRef,
    "applications": ApplicationRef,
    "included_workflows": WorkflowRef,
}
_TIMES = frozenset({"created_at", "updated_at", "last_checkin", "not_before", "not_after"})


def _read(name: str, value: Any) -> Any:
    if name in _TIMES and isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    if name in _REFS and isinstance(value, list):
        return [_REFS[name].of(each) for each in value]
    return value


def sent(ref: Record) -> Dict[str, Any]:
    """A reference as JSON: what is None is left out."""
    given = {each.name: getattr(ref, each.name) for each in fields(ref) if each.init}
    return {name: value for name, value in given.items() if value is not None}
