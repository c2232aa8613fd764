"""Verification of AWS Signature Version 4, written from AWS's description and from no client's source."""
import calendar
import hashlib
import hmac
import time
from urllib.parse import quote, unquote

MOST_SKEW = 300


class Refused(Exception):
    """An answer of AWS: status, type, message."""

    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _parse(header):
    algorithm, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if algorithm != "AWS4-HMAC-SHA256" or set(fields) != {"Credential", "SignedHeaders", "Signature"}:
        raise Refused(400, "IncompleteSignatureException", "the Authorization header is not complete")
    return fields


def _canonical(method, path, query, headers, names, body, path_as_sent):
    pairs = sorted(
        (quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~"))
        for name, _, value in (field.partition("=") for field in query.split("&") if field)
    )
    lines = [
        method,
        path if path_as_sent else quote(path, safe="/-_.~"),
        "&".join(f"{name}={value}" for name, value in pairs),
    ]
    lines += [f"{name}:{' '.join(','.join(headers.get_all(name, [])).split())}" for name in names]
    lines += ["", ";".join(names), hashlib.sha256(body).hexdigest()]
    return "\n".join(lines)


def verify(world, method, path, query, headers, body, region, service, path_as_sent=False):
    """The key's entry; raises Refused in AWS's words. S3 signs the path as it is sent."""
    given = headers.get("Authorization", "")
    if not given:
        raise Refused(400, "MissingAuthenticationTokenException", "Missing Authentication Token")
    fields = _parse(given)
    key_id, day, for_region, for_service, end = (fields["Credential"].split("/") + [""] * 5)[:5]
    key = world.keys.get(key_id)
    if key is None:
        raise Refused(400, "UnrecognizedClientException", "The security token included in the request is invalid.")
    names = fields["SignedHeaders"].split(";")
    needed = {"host", "x-amz-date"} | ({"x-amz-security-token"} if key["token"] else set())
    present = {name.lower() for name in headers.keys() if name.lower().startswith("x-amz-")}
    missing = (needed | present) - set(names)
    if missing or names != sorted(names):
        raise Refused(403, "InvalidSignatureException", f"not signed, or not in order: {sorted(missing)}")
    if key["token"] != headers.get("X-Amz-Security-Token"):
        raise Refused(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
    if key["expires"] and key["expires"] < world.now():
        raise Refused(403, "ExpiredTokenException", "The security token included in the request is expired")
    moment = headers["X-Amz-Date"]
    if (for_region, for_service, end) != (region, service, "aws4_request") or not moment.startswith(day):
        raise Refused(403, "InvalidSignatureException",
                      f"Credential should be scoped to a valid region and correct service: '{service}'.")
    skew = world.now() - calendar.timegm(time.strptime(moment, "%Y%m%dT%H%M%SZ"))
    if abs(skew) > MOST_SKEW:
        words = "Signature expired" if skew > 0 else "Signature not yet current"
        raise Refused(403, "InvalidSignatureException", f"{words}: {moment} is not within 5 min")
    canonical = _canonical(method, path, query, headers, names, body, path_as_sent)
    text = "\n".join(["AWS4-HMAC-SHA256", moment, f"{day}/{region}/{service}/aws4_request",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    signing = ("AWS4" + key["secret"]).encode()
    for part in (day, region, service, "aws4_request"):
        signing = _hmac(signing, part)
    if not hmac.compare_digest(hmac.new(signing, text.encode(), hashlib.sha256).hexdigest(), fields["Signature"]):
        raise Refused(403, "InvalidSignatureException",
                      "The request signature we calculated does not match the signature you provided.")
    return key
