"""Asks by h2 for WebSockets, one after another on one connection, and prints what each of them says to a greeting."""
import json
import os
import socket

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RemoteSettingsChanged, ResponseReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

ASKED = json.loads(os.environ["ASKED"])

peer = socket.create_connection(("127.0.0.1", ASKED["port"]), timeout=30)
http = H2Connection(H2Configuration(client_side=True))
http.initiate_connection()


def events():
    while True:
        peer.sendall(http.data_to_send())
        data = peer.recv(65536)
        if not data:
            raise EOFError("the connection was closed")
        for event in http.receive_data(data):
            if isinstance(event, DataReceived):
                http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            yield event


def settings():
    for event in events():
        if isinstance(event, RemoteSettingsChanged):
            return http.remote_settings


def greeted(host):
    stream = http.get_next_available_stream_id()
    # https://www.rfc-editor.org/rfc/rfc8441#section-5
    http.send_headers(stream, [
        (":method", "CONNECT"),
        (":protocol", "websocket"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", host),
        ("sec-websocket-version", "13"),
    ])
    web_socket, status, text = Connection(ConnectionType.CLIENT), None, ""
    for event in events():
        if getattr(event, "stream_id", None) != stream:
            continue
        if isinstance(event, (StreamEnded, StreamReset)):
            return {"status": status, "text": text}
        if isinstance(event, ResponseReceived):
            headers = {str(name, "ascii"): str(value, "ascii") for name, value in event.headers}
            status = headers[":status"]
            if status == "200":
                http.send_data(stream, web_socket.send(TextMessage("hello")))
        if isinstance(event, DataReceived):
            if status != "200":
                text += event.data.decode()
                continue
            web_socket.receive_data(event.data)
            for message in web_socket.events():
                if isinstance(message, TextMessage):
                    return {"status": status, "text": message.data, "accept": headers.get("sec-websocket-accept")}


assert settings().get(SettingCodes.ENABLE_CONNECT_PROTOCOL) == 1, "no extended CONNECT"
print(json.dumps([greeted(host) for host in ASKED["hosts"]]))
