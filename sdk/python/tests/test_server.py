"""Every method against a running server: POMONA_URL and POMONA_TOKEN say which, POMONA_TEST_SERIAL names a device that answers.
POMONA_TEST_TLS_URL is the same server over https, with a certificate of the authority in the file POMONA_TEST_TLS_CA.

Makes what it needs under names of its own, and takes it away again. The device is pushed, and given workflows.
"""

from __future__ import annotations

import os
import plistlib
import ssl
import unittest
import uuid
from typing import Any, Dict, List

from pomona_client import ApplicationRef, Device, Pomona, PomonaError, Profile, ProfileRef, Workflow

from .scripted import Proxy

SERIAL = os.environ.get("POMONA_TEST_SERIAL", "")
READY = bool(os.environ.get("POMONA_URL") and os.environ.get("POMONA_TOKEN"))
PROGRESS = """subscription ($ids: [ID!], $after: String) {
  deploymentProgress(deviceIds: $ids, after: $after) { cursor resync status }
}"""


def unique(what: str) -> str:
    return f"{what}.{uuid.uuid4().hex[:12]}"


def mobileconfig(identifier: str) -> bytes:
    clip = {
        "PayloadType": "com.apple.webClip.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{identifier}.clip",
        "PayloadUUID": str(uuid.uuid4()),
        "Label": "Clip",
        "URL": "https://example.org",
    }
    profile: Dict[str, Any] = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid4()),
        "PayloadContent": [clip],
    }
    return plistlib.dumps(profile)


@unittest.skipUnless(READY, "needs POMONA_URL and POMONA_TOKEN")
class Server(unittest.TestCase):
    def setUp(self) -> None:
        self.pomona = Pomona()

    def profile(self) -> Profile:
        identifier = unique("org.example.sdk")
        made = self.pomona.profiles.create(identifier, mobileconfig(identifier))
        self.addCleanup(self.pomona.profiles.delete, made.profile_uuid)
        return made

    def workflow(self, **members: Any) -> Workflow:
        made = self.pomona.workflows.create(unique("Workflow"), **members)
        self.addCleanup(self.pomona.workflows.delete, made.uuid)
        return made

    def refused(self, code: str, act: Any, *arguments: Any, **more: Any) -> PomonaError:
        with self.assertRaises(PomonaError) as caught:
            act(*arguments, **more)
        self.assertEqual(caught.exception.code, code)
        return caught.exception


class Catalog(Server):
    def test_profiles(self) -> None:
        made = self.profile()
        self.assertEqual(made.payload_types, ["com.apple.webClip.managed"])
        got = self.pomona.profiles.get(made.profile_uuid)
        self.assertEqual(got, made)
        self.assertEqual(plistlib.loads(got.content)["PayloadIdentifier"], made.payload_identifier)
        self.assertIn(made, list(self.pomona.profiles.list()))
        error = self.refused("INVALID", self.pomona.profiles.create, "org.example", b"no profile")
        self.assertEqual(error.status, 422)
        self.assertTrue(error.request_id)

    def test_pages_are_the_list(self) -> None:
        made = [self.profile().profile_uuid for _ in range(5)]
        all_of_them = [profile.profile_uuid for profile in self.pomona.profiles.list()]
        self.assertEqual([profile.profile_uuid for profile in self.pomona.profiles.pages(2)], all_of_them)
        after = [profile.profile_uuid for profile in self.pomona.profiles.list(limit=2, after=made[1])]
        self.assertEqual(after, made[2:4])
        self.refused("BAD_USER_INPUT", lambda: list(self.pomona.profiles.list(limit=0)))

    def test_applications(self) -> None:
        name = unique("Maps")
        made = self.pomona.applications.create(name, manifest_url=f"https://example.org/{name}.plist")
        self.assertEqual(self.pomona.applications.get(made.application_uuid), made)
        self.assertIn(made, list(self.pomona.applications.list()))
        self.refused("CONFLICT", self.pomona.applications.create, name, itunes_store_id=7)
        self.pomona.applications.delete(made.application_uuid)
        self.refused("NOT_FOUND", self.pomona.applications.get, made.application_uuid)
        numbered = self.pomona.applications.create(unique("Store"), None, 361309726, "com.example.store")
        self.assertEqual((numbered.itunes_store_id, numbered.bundle_identifier), (361309726, "com.example.store"))
        self.pomona.applications.delete(numbered.application_uuid)

    def test_workflows_have_members_of_every_form(self) -> None:
        profile, other = self.profile(), self.profile()
        name = unique("Notes")
        base = self.workflow(
            profiles=[profile, ProfileRef(payload_identifier=other.payload_identifier)],
            applications=[ApplicationRef(name=name, manifest_url=f"https://example.org/{name}.plist")],
            description="All of them",
        )
        application = base.applications[0]
        self.addCleanup(self.pomona.applications.delete, application.application_uuid)
        self.assertEqual([ref.profile_uuid for ref in base.profiles], [profile.profile_uuid, other.profile_uuid])
        outer = self.workflow(included_workflows=[base], profiles=[{"profile_uuid": profile.profile_uuid}])
        self.assertEqual(outer.included_workflows[0].name, base.name)
        self.assertEqual(self.pomona.workflows.get(outer.uuid), outer)
        self.assertIn(outer, list(self.pomona.workflows.pages(1)))
        in_use = self.refused("IN_USE", self.pomona.workflows.delete, base.uuid)
        self.assertEqual(in_use.details["workflows"], [outer.name])
        self.pomona.workflows.update(base.uuid, name=unique("Renamed"), profiles=base.profiles[1:], applications=[])
        changed = self.pomona.workflows.get(base.uuid)
        self.assertEqual((changed.profiles, changed.applications), (base.profiles[1:], []))
        self.assertTrue(changed.name.startswith("Renamed") and changed.description == "All of them")
        self.refused("CYCLE", self.pomona.workflows.update, base.uuid, included_workflows=[outer])


class Devices(Server):
    def setUp(self) -> None:
        super().setUp()
        if not SERIAL:
            self.skipTest("needs POMONA_TEST_SERIAL")
        self.device: Device = next(each for each in self.pomona.devices.list() if each.serial_number == SERIAL)

    def test_devices(self) -> None:
        got = self.pomona.devices.get(self.device.uuid)
        self.assertEqual((got.udid, got.enrolled), (self.device.udid, True))
        self.assertEqual(got.last_checkin and got.last_checkin.utcoffset() is not None, True)
        self.assertIn(self.device.uuid, [each.uuid for each in self.pomona.devices.pages(1)])
        self.assertIsInstance(list(self.pomona.devices.applications(got.uuid)), list)
        self.assertIsInstance(list(self.pomona.devices.certificates(got.uuid)), list)
        self.refused("FEATURE_NOT_AVAILABLE", self.pomona.devices.fetch)
        self.refused("NOT_FOUND", self.pomona.devices.get, str(uuid.uuid4()))

    def test_push_takes_a_udid_and_a_uuid_is_explained(self) -> None:
        self.assertRegex(self.pomona.devices.push(self.device.udid or ""), r"^[0-9a-f-]{36}$")
        error = self.refused("NOT_FOUND", self.pomona.devices.push, self.device.uuid)
        self.assertEqual(error.details["udid"], self.device.udid)

    def test_what_a_device_answered_is_listed(self) -> None:
        send = """mutation ($input: CommandSendInput!) {
          commandSend(input: $input) { results { error { message } command { id } } userErrors { code message path } }
        }"""
        node = self.pomona.query(
            "query ($s: String!) { server { eventCursor } device(by: { serialNumber: $s }) { id } }", {"s": SERIAL}
        )
        watch = """subscription ($ids: [ID!], $after: String) {
          commandUpdated(deviceIds: $ids, after: $after) { cursor resync status command { requestType } }
        }"""
        for request_type in ("InstalledApplicationList", "CertificateList"):
            sent = {"deviceIds": [node["device"]["id"]], "requestType": request_type}
            self.pomona.mutate(send, {"input": sent})
        answered: List[str] = []
        with self.pomona.events(watch, {"ids": [node["device"]["id"]]}, after=node["server"]["eventCursor"]) as events:
            for event in events:
                told = event.data["commandUpdated"]
                if told["status"] == "ACKNOWLEDGED":
                    answered.append(told["command"]["requestType"])
                if {"InstalledApplicationList", "CertificateList"} <= set(answered):
                    break
        self.assertTrue(all(each.identifier for each in self.pomona.devices.applications(self.device.uuid)))
        certificates = list(self.pomona.devices.certificates(self.device.uuid))
        self.assertTrue(certificates and certificates[0].not_after)

    def test_progress_is_told_live_and_goes_on_after_a_cut(self) -> None:
        found = self.pomona.query("query ($s: String!) { device(by: { serialNumber: $s }) { id } }", {"s": SERIAL})
        workflow = self.workflow(profiles=[self.profile()])
        self.addCleanup(self.pomona.devices.assign, self.device.uuid, None)
        with Proxy(os.environ["POMONA_URL"]) as proxy:
            watcher = Pomona(proxy.url)
            with watcher.events(PROGRESS, {"ids": [found["device"]["id"]]}) as events:
                self.pomona.devices.assign(self.device.uuid, workflow.uuid)
                statuses: List[str] = []
                for event in events:
                    if not statuses:
                        proxy.cut()
                    statuses.append(event.data["deploymentProgress"]["status"])
                    if statuses[-1] == "CONVERGED":
                        break
            self.assertGreaterEqual(proxy.connections, 3)
        self.assertEqual((statuses[0], statuses.count("CONVERGED")), ("PENDING", 1))
        self.assertEqual(self.pomona.devices.get(self.device.uuid).workflow_uuid, workflow.uuid)


class Graphql(Server):
    def test_query_and_errors(self) -> None:
        self.assertEqual(self.pomona.query("{ viewer { role } }")["viewer"]["role"], "ADMIN")
        error = self.refused("GRAPHQL_VALIDATION_FAILED", self.pomona.query, "{ nothing }")
        self.assertTrue(error.request_id and "nothing" in error.message and error.errors)
        error = self.refused("BAD_USER_INPUT", self.pomona.query, "{ device(by: {}) { id } }")
        self.assertEqual(error.path, ["device"])
        self.refused("UNAUTHENTICATED", Pomona(token="wrong").query, "{ viewer { role } }")
        self.refused("UNAUTHENTICATED", lambda: list(Pomona(token="wrong").devices.list()))

    def test_user_errors_are_raised_by_mutate_alone(self) -> None:
        document = """mutation ($input: WorkflowCreateInput!) {
          workflowCreate(input: $input) { workflow { id } userErrors { code message path } }
        }"""
        name = self.workflow().name
        answer = self.pomona.query(document, {"input": {"name": name}})
        self.assertEqual(answer["workflowCreate"]["userErrors"][0]["code"], "CONFLICT")
        error = self.refused("CONFLICT", self.pomona.mutate, document, {"input": {"name": name}})
        self.assertEqual((error.path, error.data), (["input", "name"], answer))

    def test_connections_are_read_to_their_end(self) -> None:
        made = {self.workflow().name for _ in range(5)}
        document = """query ($first: Int, $after: String, $search: String) {
          workflows(first: $first, after: $after, filter: { search: $search }) {
            nodes { name } pageInfo { hasNextPage endCursor }
          }
        }"""
        nodes = self.pomona.paginate(document, "workflows", {"search": "Workflow."}, page_size=2)
        self.assertLessEqual(made, {node["name"] for node in nodes})
        with self.assertRaisesRegex(ValueError, "pageInfo"):
            list(self.pomona.paginate("{ workflows { nodes { name } } }", "workflows"))

    def test_https_servers_are_checked(self) -> None:
        url, ca = os.environ.get("POMONA_TEST_TLS_URL"), os.environ.get("POMONA_TEST_TLS_CA")
        if not url:
            self.skipTest("needs POMONA_TEST_TLS_URL and POMONA_TEST_TLS_CA")
        pomona = Pomona(url, tls=ssl.create_default_context(cafile=ca))
        self.assertEqual(pomona.query("{ viewer { role } }")["viewer"]["role"], "ADMIN")
        with pomona.events(PROGRESS, {"ids": []}) as events:
            self.assertTrue(events.cursor)
        self.refused("NETWORK", Pomona(url, retries=0).query, "{ viewer { role } }")

    def test_a_subscription_that_cannot_be_is_an_error(self) -> None:
        events = self.pomona.events("subscription { nothing }")
        self.refused("GRAPHQL_VALIDATION_FAILED", next, events)


if __name__ == "__main__":
    unittest.main()
