#!/usr/bin/env python3
"""A token server as docker-registry wants it: JSON Web Tokens by RS256, signed with openssl.

usage: token_server.py DIRECTORY PORT USER PASSWORD     (makes token.key and token.pem in DIRECTORY)
"""
import base64
import json
import secrets
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

DIRECTORY, PORT, USER, PASSWORD = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
SECONDS = 60


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def certificate():
    with open(f"{DIRECTORY}/token.pem") as file:
        return "".join(line.strip() for line in file if "-----" not in line)


def token(service, scopes, user):
    access = []
    for scope in scopes:
        kind, rest = scope.split(":", 1)
        name, actions = rest.rsplit(":", 1)
        # Strangers may look, not touch.
        allowed = [a for a in actions.split(",") if user or a == "pull"]
        access.append({"type": kind, "name": name, "actions": allowed})
    now = int(time.time())
    claims = {"iss": "test tokens", "aud": service, "sub": user, "exp": now + SECONDS, "nbf": now - 10, "iat": now,
              "jti": secrets.token_hex(8), "access": access}
    header = {"typ": "JWT", "alg": "RS256", "x5c": [certificate()]}
    text = encode(json.dumps(header).encode()) + "." + encode(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", f"{DIRECTORY}/token.key"], input=text.encode(),
                               stdout=subprocess.PIPE, check=True).stdout
    return text + "." + encode(signature)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        given = self.headers.get("Authorization", "")
        user = ""
        if given:
            user, _, password = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
            if (user, password) != (USER, PASSWORD):
                return self.answer(401, {"details": "incorrect username or password"})
        with open(f"{DIRECTORY}/token.log", "a") as log:
            log.write(f"{user or '-'} {' '.join(query.get('scope', []))}\n")
        return self.answer(200, {"token": token(query["service"][0], query.get("scope", []), user),
                                 "expires_in": SECONDS})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tokens",
                    "-keyout", f"{DIRECTORY}/token.key", "-out", f"{DIRECTORY}/token.pem"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    with open(f"{DIRECTORY}/token.ready", "w"):
        pass
    server.serve_forever()


if __name__ == "__main__":
    main()
