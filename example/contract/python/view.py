"""A view in Python, without packages: one by its environment (cold), or by its assignment (warm)."""
import hmac, json, os, signal, tempfile, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POD, LAKE = os.environ.get("VIEW_POD_UID"), os.path.dirname(os.environ.get("AWS_CONFIG_FILE", ""))
warm = bool(POD) and not os.environ.get("VIEW_NAME")
cold = {"name": os.environ.get("VIEW_NAME", "example"), "subsets": json.loads(os.environ.get("VIEW_SUBSETS", "[]"))}
view = None if warm else cold
lock = threading.Lock()  # two gateways may send the same assignment


def assign(bearer, body):
    global view
    if not hmac.compare_digest(bearer.encode(), f"Bearer {POD}".encode()):
        return 401
    try:
        wanted = json.loads(body)
        name, uid, subsets, files = (wanted[key] for key in ("name", "uid", "subsets", "files"))
        # A file may only be in the lake's directory.
        inside = [path for path in files if LAKE and os.path.dirname(path) == LAKE and os.path.normpath(path) == path]
        if not (name and uid) or len(inside) < len(files):
            return 400
    except (ValueError, KeyError, TypeError):
        return 400
    with lock:
        if view and view["uid"] != uid:
            return 409
        for path, text in files.items():  # a reader sees the old or the new file, never a part
            with tempfile.NamedTemporaryFile("w", dir=LAKE, prefix=".new-", delete=False) as new:
                new.write(text)
            os.chmod(new.name, 0o444)
            os.replace(new.name, path)
        view = view or {"name": name, "uid": uid, "subsets": subsets}
        return 200


class Handler(BaseHTTPRequestHandler):
    timeout = 5  # seconds after which a silent client is left: the end waits for each connection

    def answer(self, status, text=""):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length <= 256 * 1024 else ""
        is_assignment = warm and self.path == "/_gate/assign"
        self.answer(assign(self.headers.get("Authorization", ""), body) if is_assignment else 404 if view else 503)

    def do_GET(self):
        ready = self.path == "/healthz"
        self.answer(200 if ready or view else 503, "ok" if ready else json.dumps(view) if view else "no view yet")


server = ThreadingHTTPServer((os.environ.get("HOST", ""), int(os.environ.get("PORT", 8080))), Handler)
server.daemon_threads = False  # requests that run may end
# A container's first process ignores SIGTERM unless it handles it. Gateways need a moment to learn that a view ends.
signal.signal(signal.SIGTERM, lambda *_: threading.Timer(0.5 if view else 0, server.shutdown).start())
server.serve_forever()
server.server_close()
