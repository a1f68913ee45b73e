"""Gives a device a profile by way of two nested workflows, and watches until the device has it.

    POMONA_URL=http://127.0.0.1:8080 POMONA_TOKEN=pomona_… python3 examples/assign_and_watch.py F17XK2ABCD
"""

from __future__ import annotations

import plistlib
import sys
import uuid
from typing import Tuple

from pomona_client import Pomona, PomonaError

FIND = "query ($serial: String!) { server { eventCursor } device(by: { serialNumber: $serial }) { id uuid name } }"

WATCH = """
subscription ($device: ID!, $after: String) {
  deploymentProgress(deviceIds: [$device], after: $after) { cursor resync status }
}
"""

STATE = """
query ($device: ID!) { device(by: { id: $device }) { deployment { status counts { installed removed total } } } }
"""


def web_clip(label: str) -> Tuple[str, bytes]:
    """A small configuration profile: its PayloadIdentifier, and the .mobileconfig."""
    identifier = f"org.example.sdk.{uuid.uuid4().hex[:8]}"
    clip = {
        "PayloadType": "com.apple.webClip.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{identifier}.clip",
        "PayloadUUID": str(uuid.uuid4()),
        "Label": label,
        "URL": "https://help.example.org/",
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid4()),
        "PayloadDisplayName": label,
        "PayloadContent": [clip],
    }
    return identifier, plistlib.dumps(profile)


def main(serial: str) -> None:
    pomona = Pomona()  # POMONA_URL and POMONA_TOKEN
    found = pomona.query(FIND, {"serial": serial})
    device = found["device"]
    if device is None:
        raise SystemExit(f"No device has the serial number {serial}.")

    identifier, content = web_clip("Help desk")
    profile = pomona.profiles.create(identifier, content)
    base = pomona.workflows.create(f"Base {identifier}", profiles=[profile])
    office = pomona.workflows.create(f"Office {identifier}", included_workflows=[base])
    print(f"{office.name} includes {base.name}, which has {profile.payload_identifier}.")

    pomona.devices.assign(device["uuid"], office.uuid)
    print(f"Assigned to {device['name'] or serial}; watching.")
    # From the cursor of before the assignment on, so that nothing is missed.
    with pomona.events(WATCH, {"device": device["id"]}, after=found["server"]["eventCursor"]) as events:
        # An event says that something happened; how the device stands now is a query. That holds for a resync, too.
        for _ in events:
            state = pomona.query(STATE, {"device": device["id"]})["device"]["deployment"]
            counts = state["counts"]
            # What was removed is counted in the total as well.
            print(f"  {state['status']}: {counts['installed']} of {counts['total'] - counts['removed']} installed")
            if state["status"] == "FAILED":
                raise SystemExit(f"{serial} refused something; ask for deployment {{ items }}.")
            if state["status"] == "CONVERGED":
                break
    print(f"{serial} has everything its workflow wants.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(f"Usage: {sys.argv[0]} SERIAL_NUMBER")
    try:
        main(sys.argv[1])
    except PomonaError as error:
        raise SystemExit(f"{error} (request {error.request_id})") from error
