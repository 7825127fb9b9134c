"""Sends requests by aioquic over HTTP/3, each list of them on a connection of its own, and prints the answers."""
import asyncio
import json
import os

from aioquic.asyncio import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection, Setting
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, StreamReset

ASKED = json.loads(os.environ["ASKED"])


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.answers = {}

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            self.fail(self.answers, f"the connection ended: {event.reason_phrase}")
        if isinstance(event, StreamReset) and event.stream_id in self.answers:
            self.fail([event.stream_id], "the stream was reset")
        for http_event in self.http.handle_event(event):
            if not isinstance(http_event, (HeadersReceived, DataReceived)) or http_event.stream_id not in self.answers:
                continue
            headers, body, answered = self.answers[http_event.stream_id]
            if isinstance(http_event, HeadersReceived):
                headers.extend((str(name, "ascii"), str(value, "ascii")) for name, value in http_event.headers)
            else:
                body.extend(http_event.data)
            if http_event.stream_ended and not answered.done():
                fields = dict(headers)
                answered.set_result({"status": int(fields.pop(":status")), "headers": fields, "body": body.decode()})

    def fail(self, streams, reason):
        for stream in streams:
            answered = self.answers[stream][2]
            if not answered.done():
                answered.set_result({"error": reason})

    async def ask(self, request):
        stream = self._quic.get_next_available_stream_id()
        answered = asyncio.get_running_loop().create_future()
        self.answers[stream] = ([], bytearray(), answered)
        head = {":method": "GET", ":scheme": "https", ":path": "/", **request["headers"]}
        body = b"x" * request.get("bytes", 0)
        self.http.send_headers(stream, [(k.encode(), v.encode()) for k, v in head.items()], end_stream=not body)
        if body:
            self.http.send_data(stream, body, end_stream=True)
        self.transmit()
        return await asyncio.wait_for(answered, 30)


async def in_turn(client, requests):
    return [await client.ask(request) for request in requests]


async def at_once(client, requests):
    return await asyncio.gather(*(client.ask(request) for request in requests))


async def conversation(requests):
    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=ASKED["name"])
    configuration.idle_timeout = ASKED.get("idleSeconds", 60)
    configuration.load_verify_locations(cadata=ASKED["ca"].encode())
    tickets = []
    try:
        async with connect(
            "127.0.0.1",
            ASKED["port"],
            configuration=configuration,
            create_protocol=Client,
            session_ticket_handler=tickets.append,
        ) as client:
            answers = await (at_once if ASKED.get("atOnce") else in_turn)(client, requests)
            connection = {
                "serial": f"{client._quic.tls._peer_certificate.serial_number:X}",
                # https://www.rfc-editor.org/rfc/rfc9220#section-3
                "extendedConnect": (client.http.received_settings or {}).get(Setting.ENABLE_CONNECT_PROTOCOL, 0) == 1,
            }
            connection["earlyData"] = [ticket.max_early_data_size for ticket in tickets]
            return [{**answer, **connection} for answer in answers]
    except (ConnectionError, asyncio.TimeoutError) as error:
        return [{"error": f"{type(error).__name__} {error}"} for _ in requests]


async def main():
    return [await conversation(requests) for requests in ASKED["connections"]]


print(json.dumps(asyncio.run(main())))
