"""ECR's API, STS, Identity Center, and the metadata services of instances and containers."""
import base64
import json
import secrets
from urllib.parse import parse_qs

from .sigv4 import Refused, verify
from .world import ACCOUNT, iso

JSON = "application/x-amz-json-1.1"
ECR = "AmazonEC2ContainerRegistry_V20150921."
PUBLIC = "SpencerFrontendService."


def _json(status, value, kind=JSON):
    return status, {"Content-Type": kind}, json.dumps(value).encode()


def ecr_api(world, request, region, public):
    """GetAuthorizationToken, CreateRepository, DescribeRepositories."""
    try:
        if request.headers.get("Content-Type") != JSON:
            raise Refused(400, "UnknownOperationException", "the content type is not that of JSON 1.1")
        key = verify(world, request.method, request.path, request.query, request.headers, request.body,
                     region, "ecr-public" if public else "ecr")
        target = request.headers.get("X-Amz-Target", "")
        prefix = PUBLIC if public else ECR
        operation = target[len(prefix):] if target.startswith(prefix) else ""
        if ("ecr:" + operation) in world.denied_actions:
            raise Refused(400, "AccessDeniedException",
                          f"User: arn:aws:iam::{ACCOUNT}:{key['arn']} is not authorized to perform: ecr:{operation} "
                          "on resource: *")
        if operation == "GetAuthorizationToken":
            token = base64.b64encode(f"AWS:{world.issue_password()}".encode()).decode()
            data = {"authorizationToken": token, "expiresAt": world.now() + world.settings["password_seconds"]}
            if public:
                return _json(200, {"authorizationData": data})
            data["proxyEndpoint"] = f"https://{ACCOUNT}.dkr.ecr.{region}.amazonaws.com"
            return _json(200, {"authorizationData": [data]})
        if operation == "CreateRepository" and not public:
            return _create(world, json.loads(request.body))
        raise Refused(400, "UnknownOperationException", f"no operation {target}")
    except Refused as refused:
        return _json(refused.status, {"__type": "com.amazon.coral#" + refused.kind, "message": refused.message})


def _create(world, call):
    name = call["repositoryName"]
    if name in world.repositories:
        raise Refused(400, "RepositoryAlreadyExistsException",
                      f"The repository with name '{name}' already exists in the registry with id '{ACCOUNT}'")
    world.repositories[name] = {"blobs": {}, "manifests": {}, "tags": {}}
    world.created.append(call)
    return _json(200, {"repository": {"repositoryName": name, "registryId": ACCOUNT}})


def _xml(action, inner):
    body = f"<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>{inner}" \
           f"</{action}Result></{action}Response>"
    return 200, {"Content-Type": "text/xml"}, body.encode()


def _sts_error(status, code, message):
    body = f"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>" \
           f"<Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    return status, {"Content-Type": "text/xml"}, body.encode()


def _claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _credentials(world, arn, seconds):
    key, entry = world.issue_keys(arn, seconds)
    return f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{entry['secret']}</SecretAccessKey>" \
           f"<SessionToken>{entry['token']}</SessionToken><Expiration>{iso(entry['expires'])}</Expiration></Credentials>"


def sts(world, request, region):
    fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    action, arn = fields.get("Action"), fields.get("RoleArn", "")
    if fields.get("Version") != "2011-06-15":
        return _sts_error(400, "InvalidAction", "Could not find operation")
    seconds = int(fields.get("DurationSeconds", 3600))
    if not 900 <= seconds <= 43200 or not 2 <= len(fields.get("RoleSessionName", "")) <= 64:
        return _sts_error(400, "ValidationError", "DurationSeconds or RoleSessionName")
    if action == "AssumeRoleWithWebIdentity":
        if "Authorization" in request.headers:
            return _sts_error(400, "InvalidAction", "this call is not signed")
        try:
            claims = _claims(fields["WebIdentityToken"])
        except (KeyError, IndexError, ValueError):
            return _sts_error(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT")
        if claims.get("exp", 0) < world.now():
            return _sts_error(400, "ExpiredTokenException", "Token expired")
        trust = world.roles.get(arn)
        if trust is None or any(claims.get(name) != value for name, value in trust.items()):
            return _sts_error(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return _xml(action, _credentials(world, arn, seconds))
    if action == "AssumeRole":
        try:
            verify(world, request.method, request.path, request.query, request.headers, request.body, region, "sts")
        except Refused as refused:
            return _sts_error(refused.status, refused.kind.replace("Exception", ""), refused.message)
        if arn not in world.roles:
            return _sts_error(403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole")
        return _xml(action, _credentials(world, arn, seconds))
    return _sts_error(400, "InvalidAction", f"no operation {action}")


def sso_portal(world, request):
    token = request.headers.get("x-amz-sso_bearer_token")
    if request.path != "/federation/credentials" or world.sso_tokens.get(token, 0) < world.now():
        return _json(401, {"message": "Session token not found or invalid"}, "application/json")
    key, entry = world.issue_keys("role/" + parse_qs(request.query)["role_name"][0])
    return _json(200, {"roleCredentials": {
        "accessKeyId": key, "secretAccessKey": entry["secret"], "sessionToken": entry["token"],
        "expiration": int(entry["expires"] * 1000)}}, "application/json")


def _keys_document(world, arn):
    key, entry = world.issue_keys(arn)
    return {"Code": "Success", "AccessKeyId": key, "SecretAccessKey": entry["secret"], "Token": entry["token"],
            "Expiration": iso(entry["expires"])}


def instance_metadata(world, request):
    """Version 2 only; None: no address of it."""
    if not request.path.startswith("/latest/"):
        return None
    if "X-Forwarded-For" in request.headers or world.instance is None:
        return 403, {}, b""
    if request.method == "PUT" and request.path == "/latest/api/token":
        seconds = request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
            return 400, {}, b""
        token = secrets.token_urlsafe(20)
        world.instance_tokens[token] = world.now() + int(seconds)
        return 200, {}, token.encode()
    if world.instance_tokens.get(request.headers.get("X-aws-ec2-metadata-token", ""), 0) < world.now():
        return 401, {}, b""
    place = "/latest/meta-data/iam/security-credentials/"
    if request.path == place:
        return 200, {}, world.instance["role"].encode()
    if request.path == place + world.instance["role"]:
        return _json(200, _keys_document(world, "assumed-role/" + world.instance["role"]), "text/plain")
    return 404, {}, b""


def container_credentials(world, request):
    if request.path != "/v1/credentials":
        return None
    if world.container_token is None or request.headers.get("Authorization") != world.container_token:
        return _json(403, {"code": "AccessDenied", "message": "the token is not the pod's"}, "application/json")
    return _json(200, _keys_document(world, "assumed-role/pod"), "application/json")
