"""Client of Pomona, an open Apple device-management (MDM) server. Standard library only."""

from .client import Pomona
from .errors import PomonaError
from .events import Event, EventStream
from .models import (
    Application,
    ApplicationRef,
    Certificate,
    Device,
    InstalledApplication,
    Profile,
    ProfileRef,
    Workflow,
    WorkflowRef,
)

__version__ = "0.1.0"

__all__ = [
    "Application",
    "ApplicationRef",
    "Certificate",
    "Device",
    "Event",
    "EventStream",
    "InstalledApplication",
    "Pomona",
    "PomonaError",
    "Profile",
    "ProfileRef",
    "Workflow",
    "WorkflowRef",
]
