"""Stores of files: S3, Google's storage, Azure's blobs, each with the proof of who asks that it wants. Written from the
services' descriptions, and from no client's source."""
import base64
import calendar
import hashlib
import hmac
import json
import re
import secrets
import subprocess
import tempfile
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, unquote

from .sigv4 import Refused, verify
from .world import REGION

MOST_SKEW = 900
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"


def handle(world, request):
    """The answer, or None where the host is no store's."""
    host = request.host.partition(":")[0]
    match = re.fullmatch(r"(?:([a-z0-9.-]+)\.)?s3\.([a-z0-9-]+)\.amazonaws\.com", host)
    if match and "starport" not in host:
        return s3(world, request, match[1], match[2])
    if request.headers.get("Authorization", "").find("/s3/aws4_request") > 0:  # an endpoint of its own
        return s3(world, request, None, None)
    if host == "storage.googleapis.com":
        return google(world, request)
    if host == "oauth2.googleapis.com":
        return google_token(world, request)
    match = re.fullmatch(r"([a-z0-9]+)\.blob\.core\.windows\.net", host)
    if match:
        return azure(world, request, match[1])
    if host == "login.microsoftonline.com":
        return azure_token(world, request)
    return None


def _object(world, store, bucket, name):
    data = world.objects.get((store, bucket, name))
    return (404, {}, b"there is no such object\n") if data is None else (200, {}, data)


# --- S3 ---

def _xml(status, code, message, headers=None):
    text = f"<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, {"Content-Type": "application/xml", **(headers or {})}, text.encode()


def s3(world, request, bucket, region):
    path = request.path
    if bucket is None:
        bucket, _, path = path[1:].partition("/")
        path = "/" + path
    home = world.bucket_regions.get(bucket, REGION)
    here = {"x-amz-bucket-region": home}
    if region and region != home:
        return _xml(301, "PermanentRedirect", "The bucket must be addressed using the specified endpoint.", here)
    given = request.headers.get("Authorization")
    if given is None:
        if bucket not in world.public_buckets:
            return _xml(403, "AccessDenied", "Access Denied", here)
        return _object(world, "s3", bucket, unquote(path[1:]))
    payload = request.headers.get("X-Amz-Content-Sha256", "")
    if payload != hashlib.sha256(request.body).hexdigest():
        return _xml(400, "XAmzContentSHA256Mismatch", "the hash of the body is missing or wrong")
    try:
        verify(world, request.method, request.path, request.query, request.headers, request.body, home, "s3",
               path_as_sent=True)
    except Refused as refused:
        return _xml(403, "SignatureDoesNotMatch", refused.message, here)
    return _object(world, "s3", bucket, unquote(path[1:]))


# --- Google ---

def _unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_signed(pem, text, signature):
    with tempfile.TemporaryDirectory() as directory:
        for name, data in (("key", pem.encode()), ("text", text.encode()), ("signature", signature)):
            with open(f"{directory}/{name}", "wb") as file:
                file.write(data)
        return subprocess.run(["openssl", "dgst", "-sha256", "-verify", f"{directory}/key", "-signature",
                               f"{directory}/signature", f"{directory}/text"], capture_output=True).returncode == 0


def google_token(world, request):
    def refuse(words):
        return 400, {}, json.dumps({"error": "invalid_grant", "error_description": words}).encode()

    fields = {name: values[0] for name, values in parse_qs(bytes(request.body).decode()).items()}
    if request.path != "/token" or fields.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
        return refuse("only service accounts are known here")
    head, claims, signature = fields["assertion"].split(".")
    told = json.loads(_unpadded(claims))
    pem = world.google_accounts.get(told["iss"])
    if json.loads(_unpadded(head)).get("alg") != "RS256" or pem is None:
        return refuse("Invalid JWT: who is this?")
    if told["aud"] != GOOGLE_TOKENS or not told["scope"].startswith("https://www.googleapis.com/auth/"):
        return refuse("Invalid JWT: wrong audience or scope")
    if abs(told["iat"] - world.now()) > MOST_SKEW or not 0 < told["exp"] - told["iat"] <= 3600:
        return refuse("Invalid JWT: Token must be a short-lived token")
    if not _is_signed(pem, f"{head}.{claims}", _unpadded(signature)):
        return refuse("Invalid JWT Signature.")
    token = "ya29." + secrets.token_urlsafe(20)
    world.tokens[token] = world.now() + 3600
    return 200, {"Content-Type": "application/json"}, json.dumps({"access_token": token, "expires_in": 3600}).encode()


def _bears_token(world, request):
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return word == "Bearer" and world.tokens.get(token, 0) > world.now()


def google(world, request):
    match = re.fullmatch(r"/storage/v1/b/([^/]+)/o/([^/]+)", request.path)
    if not match or request.query != "alt=media":
        return 400, {}, b"no object's address\n"
    if not _bears_token(world, request):
        return 401, {}, b"Anonymous caller does not have storage.objects.get access\n"
    return _object(world, "gs", unquote(match[1]), unquote(match[2]))


# --- Azure ---

def azure_token(world, request):
    fields = {name: values[0] for name, values in parse_qs(bytes(request.body).decode()).items()}
    wanted = {"grant_type": "client_credentials", "scope": "https://storage.azure.com/.default",
              "client_id": world.azure_client[1], "client_secret": world.azure_client[2]}
    if request.path != f"/{world.azure_client[0]}/oauth2/v2.0/token" or fields != wanted:
        return 400, {}, json.dumps({"error": "invalid_client"}).encode()
    token = "eyJ" + secrets.token_urlsafe(20)
    world.tokens[token] = world.now() + 3600
    return 200, {}, json.dumps({"access_token": token, "expires_in": 3600}).encode()


def _shared_key(account, key, request):
    """The signature that Azure computes (Shared Key, version 2015-02-21 and later)."""
    plain = ["Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
             "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"]
    lines = [request.method] + [request.headers.get(name, "") for name in plain]
    lines[3] = "" if lines[3] == "0" else lines[3]
    own = {name.lower(): value.strip() for name, value in request.headers.items() if name.lower().startswith("x-ms-")}
    lines += [f"{name}:{own[name]}" for name in sorted(own)]
    resource = f"/{account}{request.path}"
    for name, values in sorted(parse_qs(request.query, keep_blank_values=True).items()):
        resource += f"\n{name.lower()}:{','.join(sorted(values))}"
    text = "\n".join(lines + [resource])
    return base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()


def _is_of_today(world, request):
    try:
        moment = parsedate_to_datetime(request.headers["x-ms-date"])
    except (TypeError, ValueError):
        return False
    return abs(world.now() - calendar.timegm(moment.utctimetuple())) < MOST_SKEW


def azure(world, request, account):
    refused = 403, {"Content-Type": "application/xml"}, b"<Error><Code>AuthenticationFailed</Code></Error>"
    container, _, name = unquote(request.path[1:]).partition("/")
    found = _object(world, "azure", f"{account}/{container}", name)
    if "sig" in parse_qs(request.query):
        return found if parse_qs(request.query)["sig"] == [world.azure_sas] else refused
    if not request.headers.get("x-ms-version"):
        return refused
    given = request.headers.get("Authorization", "")
    if given.startswith("SharedKey "):
        key = world.azure_accounts.get(account)
        good = key and _is_of_today(world, request) and \
            hmac.compare_digest(given, f"SharedKey {account}:{_shared_key(account, key, request)}")
        return found if good else refused
    return found if _bears_token(world, request) else refused


def put(world, value):
    """A file of a test into a store: {"store", "bucket", "name", "file"}."""
    with open(value["file"], "rb") as file:
        world.objects[(value["store"], value["bucket"], value["name"])] = file.read()
    return {}
