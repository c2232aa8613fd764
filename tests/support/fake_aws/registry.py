"""The registry: the protocol of the specification, and what ECR and others make of it.

Modes: ecr (201 for pieces, a Range that is stuck, parts of 5 MiB at least, first bytes checked in ECR's words),
spec (202, a true Range, 416), gar (no pieces at all), ghcr (pieces of 4 MiB at most), acr (needs a Content-Length).
"""
import base64
import hashlib
import json
import re
import secrets
from urllib.parse import parse_qs, quote, unquote

from .world import ACCOUNT

LEAST_PART = 5 * 1024 * 1024
MOST_PART_GHCR = 4 * 1024 * 1024
MOST_MANIFEST = 4 * 1024 * 1024
TEXT = {"Content-Type": "text/plain"}
MANIFEST_TYPES = {
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
}


def error(status, code, message, headers=None):
    body = json.dumps({"errors": [{"code": code, "message": message}]}).encode()
    return status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body


class HangUp(Exception):
    """The connection is closed where an answer should be."""


class Registry:
    def __init__(self, world, storage_url):
        self.world, self.storage_url = world, storage_url
        self.sessions = {}

    @property
    def is_ecr(self):
        return self.world.settings["mode"] == "ecr"

    def handle(self, request):
        refusal = self.authorize(request)
        if refusal:
            return refusal
        if request.path in ("/v2", "/v2/"):
            return 200, {}, b""
        match = re.fullmatch(r"/v2/(.+)/(manifests|blobs|tags)/(.*)", request.path)
        if not match:
            return error(404, "UNSUPPORTED", "no such address")
        name, kind, rest = match.groups()
        if kind == "blobs" and name.endswith("/blobs"):  # never: names end before the last one
            return error(404, "NAME_INVALID", "the name")
        if kind == "blobs" and rest.startswith("uploads"):
            return self.upload(request, name, rest[len("uploads/"):])
        if kind == "blobs":
            return self.blob(request, name, rest)
        if kind == "tags":
            return self.tags(name)
        return self.manifest(request, name, rest)

    # --- who asks ---

    def authorize(self, request):
        cloud = self.world.clouds.authorize(request)
        if cloud is not False:
            return cloud
        if self.world.settings["anonymous"]:
            return None
        given = request.headers.get("Authorization", "")
        if not given:
            return 401, {**TEXT, "Www-Authenticate":
                         f'Basic realm="https://{request.host}/",service="ecr.amazonaws.com"'}, b"Not Authorized\n"
        try:
            user, _, password = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        except ValueError:
            user = password = ""
        end = self.world.passwords.get(password)
        if user != "AWS" or end is None:
            return error(403, "DENIED", "Your authorization token is not valid.")
        if end < self.world.now():
            return 403, TEXT, b"Your authorization token has expired. Reauthenticate and try again."
        return None

    def may(self, action, name):
        if action in self.world.denied_actions:
            return error(403, "DENIED", f"User: arn:aws:iam::{ACCOUNT}:user/ci is not authorized to perform: {action} "
                         f"on resource: arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/{name}")
        return None

    def repository(self, name, for_push):
        world = self.world
        with world.lock:
            if name in world.repositories:
                return world.repositories[name]
            if for_push and world.settings["create_on_push"]:
                return world.repositories.setdefault(name, {"blobs": {}, "manifests": {}, "tags": {}})
        if for_push and world.settings["unknown_repository"] == "hang up":
            raise HangUp
        return None

    @staticmethod
    def unknown(name):
        return error(404, "NAME_UNKNOWN", f"The repository with name '{name}' does not exist in the registry "
                     f"with id '{ACCOUNT}'")

    # --- blobs ---

    def blob(self, request, name, digest):
        refused = self.may("ecr:BatchCheckLayerAvailability", name)
        if refused:
            return refused
        repository = self.repository(name, False)
        if repository is None:
            return self.unknown(name)
        data = repository["blobs"].get(digest)
        if data is None:
            return error(404, "BLOB_UNKNOWN", "blob unknown to registry")
        if request.method == "GET" and self.world.settings["redirect_blobs"]:
            place = f"{self.storage_url}/{name}/{digest}?X-Amz-Signature={secrets.token_hex(8)}"
            return 307, {"Location": place}, b""
        return self.bytes_of(request, data, digest)

    def storage(self, request):
        """S3: refuses what has two proofs of identity."""
        if "Authorization" in request.headers:
            return 400, {"Content-Type": "application/xml"}, \
                b"<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
        name, _, digest = unquote(request.path.lstrip("/")).rpartition("/")
        data = self.world.repositories.get(name, {"blobs": {}})["blobs"].get(digest)
        if data is None:
            return 404, {}, b""
        return self.bytes_of(request, data, digest)

    @staticmethod
    def bytes_of(request, data, digest):
        headers = {"Content-Type": "application/octet-stream", "Docker-Content-Digest": digest,
                   "Accept-Ranges": "bytes"}
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if match and int(match[1]) < len(data):
            start = int(match[1])
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            return 206, headers, memoryview(data)[start:]
        return 200, headers, data

    # --- uploads ---

    def upload(self, request, name, session_id):
        refused = self.may("ecr:InitiateLayerUpload", name)
        if refused:
            return refused
        repository = self.repository(name, True)
        if repository is None:
            return self.unknown(name)
        if request.method == "POST":
            return self.start(request, name, repository)
        session = self.sessions.get(session_id)
        if session is None or session["name"] != name:
            return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        if request.method == "GET":
            return self.status(session_id, session)
        if request.method == "DELETE":
            del self.sessions[session_id]
            return 204, {}, b""
        if request.method == "PATCH":
            return self.piece(request, session_id, session)
        return self.close(request, session_id, session, repository)

    def location(self, session_id, session):
        session["state"] += 1
        return f"/v2/{session['name']}/blobs/uploads/{session_id}?_state={quote('s/' + str(session['state']), safe='')}"

    def start(self, request, name, repository):
        query = parse_qs(request.query)
        source, digest = query.get("from", [None])[0], query.get("mount", [None])[0]
        if source and digest and self.world.settings["mounts"]:
            other = self.world.repositories.get(source)
            referenced = other and any(digest.encode() in bytes(data) for data, _ in other["manifests"].values())
            if other and digest in other["blobs"] and (referenced or not self.is_ecr):
                repository["blobs"][digest] = other["blobs"][digest]
                return 201, {"Location": f"/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest}, b""
        session_id = secrets.token_hex(8)
        session = self.sessions[session_id] = {"name": name, "bytes": bytearray(), "parts": [], "state": 0}
        headers = {"Location": self.location(session_id, session), "Range": "0-0",
                   "Docker-Upload-UUID": session_id}
        if self.world.settings["least_chunk_header"]:
            headers["OCI-Chunk-Min-Length"] = str(self.world.settings["least_chunk_header"])
        return 202, headers, b""

    def status(self, session_id, session):
        if not self.world.settings["status_of_upload"]:
            return 404, {}, b""
        return 204, {"Range": f"0-{max(len(session['bytes']) - 1, 0)}",
                     "Location": self.location(session_id, session)}, b""

    def take(self, request, session):
        """None, or why the bytes of the request are not taken."""
        mode, have = self.world.settings["mode"], len(session["bytes"])
        content_range = request.headers.get("Content-Range")
        if content_range is not None:
            match = re.fullmatch(r"(\d+)-(\d+)", content_range)
            if not match or int(match[2]) - int(match[1]) + 1 != len(request.body):
                return error(400, "BLOB_UPLOAD_INVALID", "the Content-Range does not fit the body")
            if mode == "gar":
                return error(400, "UNSUPPORTED", "chunked uploads are not supported")
            if mode == "ghcr" and len(request.body) > MOST_PART_GHCR:
                return error(416, "REQUESTED_RANGE_NOT_SATISFIABLE", "the piece is too large")
            if int(match[1]) != have:
                if mode == "ecr":
                    return error(416, "BLOB_UPLOAD_INVALID", "The layer part is not consecutive. First byte of the "
                                 f"layer part is {match[1]} instead of {have}.")
                return error(416, "RANGE_INVALID", "out of order",
                             {"Range": f"0-{max(have - 1, 0)}"})
        if mode == "acr" and request.was_chunked:
            return error(400, "CONTENT_LENGTH_INVALID", "a Content-Length is needed")
        session["bytes"] += request.body
        if request.body:
            session["parts"].append(len(request.body))
        return None

    def piece(self, request, session_id, session):
        refused = self.may("ecr:UploadLayerPart", session["name"]) or self.take(request, session)
        if refused:
            return refused
        end = session["parts"][0] if self.is_ecr and session["parts"] else len(session["bytes"])
        return 201 if self.is_ecr else 202, {"Location": self.location(session_id, session),
                                             "Range": f"0-{max(end - 1, 0)}"}, b""

    def close(self, request, session_id, session, repository):
        digest = parse_qs(request.query).get("digest", [""])[0]
        if self.is_ecr and not request.body and len(session["parts"]) > 1:
            return error(500, "UNKNOWN", "")
        if request.body or not session["parts"]:
            refused = self.take(request, session)
            if refused:
                return refused
        if self.is_ecr and any(size < LEAST_PART for size in session["parts"][:-1]):
            return error(400, "BLOB_UPLOAD_INVALID", "All layer parts except the last part should be at least 5MB")
        data = bytes(session["bytes"])
        found = "sha256:" + hashlib.sha256(data).hexdigest()
        if found != digest:
            return error(400, "DIGEST_INVALID", "None of the provided layer digests match the calculated layer digest")
        refused = self.may("ecr:CompleteLayerUpload", session["name"])
        if refused:
            return refused
        with self.world.lock:
            repository["blobs"][digest] = data
        self.sessions.pop(session_id, None)
        return 201, {"Location": f"/v2/{session['name']}/blobs/{digest}", "Docker-Content-Digest": digest}, b""

    # --- manifests ---

    def tags(self, name):
        repository = self.repository(name, False)
        if repository is None:
            return self.unknown(name)
        return 200, {"Content-Type": "application/json"}, \
            json.dumps({"name": name, "tags": sorted(repository["tags"])}).encode()

    def manifest(self, request, name, key):
        for_push = request.method == "PUT"
        refused = self.may("ecr:PutImage" if for_push else "ecr:BatchGetImage", name)
        if refused:
            return refused
        repository = self.repository(name, for_push)
        if repository is None:
            return self.unknown(name)
        if for_push:
            return self.put_manifest(request, name, repository, key)
        digest = key if key.startswith("sha256:") else repository["tags"].get(key)
        if digest not in repository["manifests"]:
            return error(404, "MANIFEST_UNKNOWN", "Requested image not found")
        data, kind = repository["manifests"][digest]
        if kind not in request.headers.get("Accept", ""):
            return error(404, "MANIFEST_UNKNOWN", "the image has no form that is accepted")
        return 200, {"Content-Type": kind, **self.digest_header(digest)}, data

    def digest_header(self, digest):
        return {"Docker-Content-Digest": digest} if self.world.settings["digest_header"] else {}

    def put_manifest(self, request, name, repository, key):
        kind = request.headers.get("Content-Type", "")
        if len(request.body) > MOST_MANIFEST:
            return error(413 if not self.is_ecr else 405, "UNSUPPORTED", "the manifest is too large")
        try:
            document = json.loads(request.body)
        except ValueError:
            return error(405, "UNSUPPORTED", "Invalid JSON syntax")
        if kind not in MANIFEST_TYPES:
            return error(405, "UNSUPPORTED", "unsupported manifest media type")
        digest = "sha256:" + hashlib.sha256(request.body).hexdigest()
        if key.startswith("sha256:") and key != digest:
            return error(400, "DIGEST_INVALID", "the digest is not that of the manifest")
        missing = [d["digest"] for d in [document.get("config", {})] + document.get("layers", [])
                   if d.get("digest") and not d.get("urls") and d["digest"] not in repository["blobs"]]
        missing += [d["digest"] for d in document.get("manifests", []) if d["digest"] not in repository["manifests"]]
        if missing:
            return error(404, "BLOB_UNKNOWN", f"the image refers to what is not there: {missing[0]}")
        if not key.startswith("sha256:") and key in repository["tags"] and self.world.settings["immutable"]:
            old = self.world.settings["old_immutable_text"]
            return error(400, "TAG_INVALID", f"The image tag '{key}' already exists in the '{name}' repository and "
                         f"cannot be overwritten because the {'repository' if old else 'tag'} is immutable.")
        with self.world.lock:
            repository["manifests"][digest] = (bytes(request.body), kind)
            if not key.startswith("sha256:"):
                repository["tags"][key] = digest
        return 201, self.digest_header(digest), b""
