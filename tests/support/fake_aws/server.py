"""HTTP: one port in plain text, one with TLS, told apart by host names; and a proxy that leads every host here."""
import re
import select
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import control, services, stores
from .registry import HangUp

BLOCK = 256 * 1024


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address, world, registry, tls=None, tls_port=None):
        self.world, self.registry, self.tls, self.tls_port = world, registry, tls, tls_port
        self.connections, self.lock = 0, threading.Lock()
        super().__init__(address, Handler)

    def get_request(self):
        connection, address = super().get_request()
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        """Broken connections are what this server is for."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        with self.server.lock:
            self.server.connections += 1
            self.connection_number = f"{self.server.server_port}-{self.server.connections}"
        super().setup()

    def log_message(self, *_):
        """The log is kept in the world."""

    # --- one request ---

    def serve(self):
        self.method = self.command
        self.path, _, self.query = self.path.partition("?")
        self.host = self.headers.get("Host", "")
        self.body, self.was_chunked = b"", False
        if self.path.startswith("/_control/"):
            self.read_body(None)
            return self.answer(*control.handle(self.server.world, self), None)
        world, target = self.server.world, self.path + ("?" + self.query if self.query else "")
        entry = {"method": self.method, "host": self.host, "target": target, "start": time.time(),
                 "authorization": "Authorization" in self.headers, "connection": self.connection_number,
                 "content_range": self.headers.get("Content-Range"), "range": self.headers.get("Range"),
                 "status": 0, "body": 0}
        with world.lock:
            world.log.append(entry)
        fault = world.take_fault(self.method, self.host + target, False)
        if fault and not self.early(fault, entry):
            return None
        try:
            if not self.read_body(None):
                return None
            entry["body"] = len(self.body)
            status, headers, body = self.dispatch()
        except HangUp:
            return self.reset()
        finally:
            entry["end"] = time.time()
        late = world.take_fault(self.method, self.host + target, True)
        entry["status"] = status
        return self.answer(status, headers, body, late or (fault if fault and fault["kind"] in BODY_FAULTS else None))

    def dispatch(self):
        found = self.server.world.clouds.serve(self) or stores.handle(self.server.world, self)
        if found:
            return found
        host = self.host.partition(":")[0]
        match = re.fullmatch(r"api\.ecr\.([a-z0-9-]+)\.amazonaws\.com", host)
        world = self.server.world
        if match:
            return services.ecr_api(world, self, match[1], False)
        if host == "api.ecr-public.us-east-1.amazonaws.com":
            return services.ecr_api(world, self, "us-east-1", True)
        match = re.fullmatch(r"sts\.([a-z0-9-]+)\.amazonaws\.com", host)
        if match:
            return services.sts(world, self, match[1])
        if host.startswith("portal.sso."):
            return services.sso_portal(world, self)
        if "starport" in host:
            return self.server.registry.storage(self)
        if self.path.startswith(("/v2/", "/storage/")) or self.path == "/v2":
            if self.path.startswith("/storage/"):
                self.path = self.path[len("/storage"):]
                return self.server.registry.storage(self)
            return self.server.registry.handle(self)
        if self.headers.get("X-Amz-Target"):
            return services.ecr_api(world, self, world_region(self), "Spencer" in self.headers["X-Amz-Target"])
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return services.sts(world, self, world_region(self))
        for service in (services.instance_metadata, services.container_credentials):
            if world.settings["hop_limit"] and self.method == "PUT":
                time.sleep(5)
            found = service(world, self)
            if found:
                return found
        return 404, {}, b"nothing is here\n"

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = serve

    # --- bodies ---

    def read_body(self, most):
        """False when the client went away. `most`: not more than so many bytes."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            self.was_chunked = True
            return self.read_chunks()
        size = int(self.headers.get("Content-Length", 0))
        wanted = size if most is None else min(size, most)
        data = bytearray()
        while len(data) < wanted:
            block = self.rfile.read(min(BLOCK, wanted - len(data)))
            if not block:
                self.close_connection = True
                return False
            data += block
        self.body = data
        return True

    def read_chunks(self):
        data = bytearray()
        while True:
            size = int(self.rfile.readline().split(b";")[0] or b"0", 16)
            if size == 0:
                self.rfile.readline()
                break
            data += self.rfile.read(size)
            self.rfile.readline()
        self.body = data
        return True

    def answer(self, status, headers, body, fault):
        kind = fault["kind"] if fault else None
        if kind in ("lost", "reset"):
            return self.reset()
        if kind == "status":
            status, headers, body = fault["status"], fault.get("headers", {}), fault.get("body", "").encode()
        if kind == "wrong bytes" and len(body) > 0:
            body = bytes(body[:-1]) + bytes([body[-1] ^ 1])
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string(self.server.world.now()))
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD" or status in (204, 304):
            return None
        if kind == "truncate":
            self.wfile.write(body[:fault.get("bytes", len(body) // 2)])
            return self.reset()
        if kind == "drip":
            for at in range(0, min(len(body), 64), 8):
                self.wfile.write(body[at:at + 8])
                time.sleep(fault.get("seconds", 0.05))
            body = body[64:]
        self.wfile.write(body)
        return None

    # --- faults ---

    def early(self, fault, entry):
        """What happens before the request is served; False: it is not served any more."""
        kind = fault["kind"]
        entry["fault"] = kind
        if kind in BODY_FAULTS:
            return True
        if kind == "delay":
            time.sleep(fault["seconds"])
            return True
        if kind == "expire":
            with self.server.world.lock:
                self.server.world.passwords = {name: 0 for name in self.server.world.passwords}
            return True
        if kind == "status":
            self.close_connection = bool(int(self.headers.get("Content-Length", 0) or 0) > BLOCK)
            if not self.close_connection:
                self.read_body(None)
            entry["status"], entry["end"] = fault["status"], time.time()
            self.answer(fault["status"], fault.get("headers", {}), fault.get("body", "").encode(), None)
            return False
        self.read_body(fault.get("bytes", 0))   # reset
        entry["end"] = time.time()
        self.reset()
        return False

    def reset(self):
        """RST instead of FIN, as a machine that fell over."""
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        except OSError:
            pass

    # --- the proxy ---

    def do_CONNECT(self):
        with socket.create_connection(("127.0.0.1", self.server.tls_port)) as inner:
            self.send_response_only(200, "Connection established")
            self.end_headers()
            ends = [self.connection, inner]
            while True:
                ready, _, _ = select.select(ends, [], [], 60)
                for end in ready or [None]:
                    data = end.recv(BLOCK) if end else b""
                    if not data:
                        self.close_connection = True
                        return
                    (inner if end is self.connection else self.connection).sendall(data)


BODY_FAULTS = ("truncate", "drip", "wrong bytes")


def world_region(request):
    """Of a call to an address without a region: what the signature says, as AWS's own tests do."""
    match = re.search(r"Credential=[^/]+/\d+/([a-z0-9-]+)/", request.headers.get("Authorization", ""))
    return match[1] if match else "eu-central-1"


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
