"""What needs no Pomona: parsing, retrying, coming back."""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
import unittest
from email.utils import formatdate
from typing import Any, Callable, Iterable, List
from unittest import mock

from pomona_client import Device, Pomona, PomonaError, Workflow
from pomona_client.arrays import elements
from pomona_client.sse import Message, messages
from pomona_client.transport import seconds

from .scripted import Scripted, reply, stream

DOCUMENT = "subscription ($after: String) { tick(after: $after) { cursor resync } }"


def handing_out(pieces: Iterable[bytes]) -> Callable[[], bytes]:
    rest = iter(pieces)
    return lambda: next(rest, b"")


def in_bytes(text: bytes) -> List[bytes]:
    return [text[at : at + 1] for at in range(len(text))]


def tick(cursor: str, **more: Any) -> bytes:
    return b"event: next\ndata: " + json.dumps({"data": {"tick": {"cursor": cursor, **more}}}).encode() + b"\n\n"


class Arrays(unittest.TestCase):
    def test_elements_come_whole_however_the_text_is_cut(self) -> None:
        text = '[{"a": "é}]\\"", "b": [1, {"c": null}]},\n{"a": 2} , {}]\n'.encode()
        wanted = json.loads(text)
        self.assertEqual(list(elements(handing_out([text]))), wanted)
        self.assertEqual(list(elements(handing_out(in_bytes(text)))), wanted)
        self.assertEqual(list(elements(handing_out([b"[]\n"]))), [])

    def test_an_element_is_handed_out_before_the_next_has_arrived(self) -> None:
        def pieces() -> Iterable[bytes]:
            yield b'[{"a": 1},'
            raise AssertionError("asked for more than it needed")

        self.assertEqual(next(elements(handing_out(pieces()))), {"a": 1})

    def test_what_breaks_off_or_is_no_list_is_an_error(self) -> None:
        for text in (b"", b"[", b'[{"a": 1}', b'[{"a": 1},', b'[{"a": 1} {"b": 2}]', b'{"a": 1}', b"<html>"):
            with self.subTest(text), self.assertRaises(PomonaError) as caught:
                list(elements(handing_out([text])))
            self.assertEqual(caught.exception.code, "BAD_ANSWER")

    def test_a_large_element_in_small_pieces_is_read_in_linear_time(self) -> None:
        text = b'[{"data": "' + b"x" * 8_000_000 + b'"}]'
        pieces = [text[at : at + 8192] for at in range(0, len(text), 8192)]
        began = time.process_time()
        self.assertEqual(len(next(elements(handing_out(pieces)))["data"]), 8_000_000)
        self.assertLess(time.process_time() - began, 2.0)


class ServerSentEvents(unittest.TestCase):
    def test_lines_end_in_three_ways_and_comments_are_nothing(self) -> None:
        wanted = [Message("next", '{"a":"é"}\nb'), Message("complete", ""), Message("message", "x")]
        text = ':\n\nevent: next\ndata: {"a":"é"}\ndata:b\nid: 7\n\nevent: complete\n\ndata: x\n\ndata: broken off'
        for end in ("\n", "\r\n", "\r"):
            cut = text.replace("\n", end).encode()
            with self.subTest(repr(end)):
                self.assertEqual(list(messages(handing_out([b"\xef\xbb\xbf" + cut]))), wanted)
                self.assertEqual(list(messages(handing_out(in_bytes(cut)))), wanted)


class Retrying(unittest.TestCase):
    def test_a_get_is_tried_again_after_as_long_as_the_server_says(self) -> None:
        busy = reply(503, {"error": "Later.", "code": "UNAVAILABLE"}, retry_after="1")
        with Scripted(busy, reply(200, [{"uuid": "u1"}])) as server:
            began = time.monotonic()
            self.assertEqual([device.uuid for device in Pomona(server.url, "t").devices.list()], ["u1"])
            self.assertGreaterEqual(time.monotonic() - began, 1.0)
        self.assertEqual([asked[:2] for asked in server.asked], [("GET", "/management/v1/devices")] * 2)
        self.assertEqual(server.asked[0][2]["Authorization"], "Bearer t")

    def test_a_get_is_given_up_after_the_last_retry_or_when_told_to_wait_long(self) -> None:
        busy = reply(503, {"error": "Later.", "code": "UNAVAILABLE", "request_id": "r1"}, retry_after="0")
        with Scripted(busy, busy) as server, self.assertRaises(PomonaError) as caught:
            Pomona(server.url, "t", retries=1).devices.get("u")
        self.assertEqual((caught.exception.code, caught.exception.request_id), ("UNAVAILABLE", "r1"))
        self.assertEqual(len(server.asked), 2)
        tomorrow = reply(429, {"error": "Later.", "code": "RATE_LIMITED"}, retry_after="86400")
        with Scripted(tomorrow) as server, self.assertRaises(PomonaError) as caught:
            Pomona(server.url, "t").devices.get("u")
        self.assertEqual((caught.exception.retry_after, len(server.asked)), (86400.0, 1))

    def test_nothing_but_a_get_is_tried_again(self) -> None:
        busy = reply(503, {"error": "Later.", "code": "UNAVAILABLE"}, retry_after="0")
        acts: List[Callable[[Pomona], Any]] = [
            lambda pomona: pomona.query("{ viewer { name } }"),
            lambda pomona: pomona.devices.push("u"),
            lambda pomona: pomona.devices.assign("u", None),
            lambda pomona: pomona.profiles.delete("u"),
        ]
        for act in acts:
            with Scripted(busy, busy) as server, self.assertRaises(PomonaError):
                act(Pomona(server.url, "t"))
            self.assertEqual(len(server.asked), 1)

    def test_a_refusal_is_not_tried_again(self) -> None:
        refused = {"error": "No.", "code": "BAD_USER_INPUT", "details": {"field": "limit"}}
        with Scripted(reply(400, refused, x_request_id="r2")) as server, self.assertRaises(PomonaError) as caught:
            list(Pomona(server.url, "t").profiles.list())
        error = caught.exception
        self.assertEqual((error.code, error.status, error.path, error.request_id), ("BAD_USER_INPUT", 400, ["limit"], "r2"))

    def test_retry_after_is_a_number_or_a_date(self) -> None:
        self.assertEqual(seconds("7"), 7.0)
        self.assertAlmostEqual(seconds(formatdate(time.time() + 30, usegmt=True)) or 0, 30, delta=2)
        self.assertEqual([seconds("soon"), seconds(None), seconds("-1")], [None, None, None])

    def test_no_answer_is_told_as_network_and_other_answers_as_bad(self) -> None:
        with self.assertRaises(PomonaError) as caught:
            Pomona("http://127.0.0.1:1", "t", retries=0).devices.get("u")
        self.assertEqual(caught.exception.code, "NETWORK")
        for answer in (reply(302, b"", location="https://example.org/"), reply(200, b"<html>"), reply(502, b"<html>")):
            with Scripted(answer) as server, self.assertRaises(PomonaError) as caught:
                Pomona(server.url, "t", retries=0).devices.get("u")
            self.assertEqual(caught.exception.code, "BAD_ANSWER")

    def test_an_answer_that_does_not_come_times_out(self) -> None:
        release = threading.Event()
        with Scripted(lambda _: void(release.wait(5))) as server, self.assertRaises(PomonaError) as caught:
            Pomona(server.url, "t", timeout=0.1, retries=0).devices.get("u")
        release.set()
        self.assertEqual(caught.exception.code, "NETWORK")


class Events(unittest.TestCase):
    def test_a_lost_connection_is_resumed_after_the_last_cursor(self) -> None:
        now = reply(200, {"data": {"server": {"eventCursor": "c0"}}})
        first = stream(b":\n\n", tick("c1"), tick("c2"), tick("c3")[:20])
        away = reply(503, {"error": "Later.", "code": "UNAVAILABLE"}, retry_after="0")
        stops = stream(tick("c3", resync=True), b"event: complete\ndata:\n\n")
        with Scripted(now, first, away, stops, stream(tick("c4"))) as server:
            with Pomona(server.url, "t").events(DOCUMENT) as events:
                told = [(event.cursor, event.resync) for event in itertools.islice(events, 4)]
        self.assertEqual(told, [("c1", False), ("c2", False), ("c3", True), ("c4", False)])
        self.assertEqual(events.cursor, "c4")
        posts = server.asked[1:]
        self.assertEqual({asked[1] for asked in posts}, {"/graphql/stream"})
        self.assertEqual(posts[0][2]["Accept"], "text/event-stream")
        self.assertEqual([asked[3]["variables"]["after"] for asked in posts], ["c0", "c2", "c2", "c3"])

    def test_errors_are_raised_and_not_tried_again(self) -> None:
        error = {"message": "No.", "path": ["tick"], "extensions": {"code": "FORBIDDEN", "requestId": "r3"}}
        body = b"event: next\ndata: " + json.dumps({"errors": [error]}).encode() + b"\n\nevent: complete\n\n"
        with Scripted(stream(body)) as server, self.assertRaises(PomonaError) as caught:
            next(Pomona(server.url, "t").events(DOCUMENT, after="c0"))
        told = caught.exception
        self.assertEqual((told.code, told.request_id, told.path), ("FORBIDDEN", "r3", ["tick"]))

    def test_without_a_cursor_a_lost_connection_is_an_error(self) -> None:
        with Scripted(stream(tick("c1"))) as server:
            events = Pomona(server.url, "t").events("subscription { tick { cursor } }")
            next(events)
            with self.assertRaises(PomonaError) as caught:
                next(events)
        self.assertEqual(caught.exception.code, "NETWORK")
        with self.assertRaises(ValueError):
            Pomona(server.url, "t").events("subscription { tick { cursor } }", after="c0")
        with Scripted(stream(tick("c1"), b"event: complete\n\n")) as server:
            told = list(Pomona(server.url, "t").events("subscription { tick { cursor } }"))
        self.assertEqual([event.cursor for event in told], ["c1"])

    def test_it_gives_up_after_as_many_attempts_as_allowed(self) -> None:
        away = reply(503, {"error": "Later.", "code": "UNAVAILABLE"}, retry_after="0")
        with Scripted(away, away, away) as server, self.assertRaises(PomonaError):
            next(Pomona(server.url, "t").events(DOCUMENT, after="c0", attempts=3))
        self.assertEqual(len(server.asked), 3)

    def test_closing_from_another_thread_ends_the_wait(self) -> None:
        release = threading.Event()

        def open_without_end(handler: Any) -> None:
            stream(tick("c1"))(handler)
            release.wait(10)

        with Scripted(open_without_end) as server:
            events = Pomona(server.url, "t").events(DOCUMENT, after="c0")
            next(events)
            threading.Timer(0.05, events.close).start()
            began = time.monotonic()
            self.assertEqual(list(events), [])
            self.assertLess(time.monotonic() - began, 5)
            release.set()


class Client(unittest.TestCase):
    def test_url_and_token_come_from_the_environment_unless_given(self) -> None:
        with mock.patch.dict(os.environ, {"POMONA_URL": "http://a.example/mdm/", "POMONA_TOKEN": "secret"}):
            self.assertEqual(repr(Pomona()), "Pomona('http://a.example/mdm/')")
            self.assertNotIn("secret", repr(Pomona()._transport.settings))
        with mock.patch.dict(os.environ, clear=True), self.assertRaisesRegex(ValueError, "POMONA_URL"):
            Pomona(token="t")
        for url, token in (("ftp://a", "t"), ("a.example", "t"), ("http://a", "t\r\nX: y"), ("http://a", "tökén")):
            with self.assertRaises(ValueError):
                Pomona(url, token)

    def test_a_prefix_of_the_url_stays(self) -> None:
        with Scripted(reply(200, {"uuid": "u"})) as server:
            Pomona(f"{server.url}/mdm/", "t").devices.get("../u")
        self.assertEqual(server.asked[0][1], "/mdm/management/v1/devices/..%2Fu")

    def test_records_keep_what_they_do_not_know(self) -> None:
        device = Device.of({"uuid": "u", "udid": None, "last_checkin": "2026-05-04T10:21:07.114Z", "new-field": 1})
        self.assertEqual((device.uuid, device.udid, device.extra), ("u", None, {"new-field": 1}))
        self.assertEqual(device.last_checkin and device.last_checkin.isoformat(), "2026-05-04T10:21:07.114000+00:00")
        workflow = Workflow.of({"uuid": "u", "workflow_uuid": "u", "applications": [{"manifest-url": "https://m"}]})
        self.assertEqual((workflow.applications[0].manifest_url, workflow.extra), ("https://m", {}))


def void(_: object) -> None:
    return None


if __name__ == "__main__":
    unittest.main()
