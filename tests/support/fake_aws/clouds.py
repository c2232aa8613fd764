"""Azure's and Google's token servers and metadata services, and the bearer tokens of their registries."""
import base64
import json
import re
import secrets
import subprocess
import tempfile
from urllib.parse import parse_qs

AZURE = "team.azurecr.io"
GOOGLE = "europe-docker.pkg.dev"
MICROSOFT = "login.microsoftonline.com"
GOOGLE_TOKENS = "oauth2.googleapis.com"
HOSTS = [AZURE, GOOGLE, MICROSOFT, GOOGLE_TOKENS]
RESOURCE = "https://containerregistry.azure.net/"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
SECONDS = 600


def _json(status, value):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _refuse(words, status=400):
    return _json(status, {"error": "invalid_request", "error_description": words})


class Clouds:
    """What was given out; `known` has it by its text, with what it is good for."""

    def __init__(self, world):
        self.world, self.known = world, {}

    def _issue(self, kind):
        text = f"{kind}-token-{secrets.token_hex(8)}"
        self.known[text] = (kind, self.world.now() + SECONDS)
        return text

    def _is(self, text, kind):
        found = self.known.get(text)
        return found is not None and found[0] == kind and found[1] > self.world.now()

    def serve(self, request):
        """None: not the address of a cloud."""
        host = request.host.partition(":")[0]
        fields = {}
        if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        # Stores of files have token servers of the same names: stores.py.
        if host == MICROSOFT and fields.get("scope") == RESOURCE + ".default":
            return self._microsoft(request, fields)
        if host == GOOGLE_TOKENS and request.path == "/token" and self.world.google_key:
            return self._google(fields)
        if host == AZURE and request.path in ("/oauth2/exchange", "/oauth2/token"):
            return self._azure_registry(request, fields)
        if host == GOOGLE and request.path == "/v2/token":
            return self._google_registry(request)
        if request.path == "/msi/token":
            return self._managed_identity(request)
        if request.path == "/computeMetadata/v1/instance/service-accounts/default/token":
            if request.headers.get("Metadata-Flavor") != "Google":
                return 403, {}, b""
            return _json(200, {"access_token": self._issue("google"), "expires_in": SECONDS})
        return None

    # --- Azure ---

    def _microsoft(self, request, fields):
        if not re.fullmatch(r"/tenant-1/oauth2/v2.0/token", request.path) or request.method != "POST":
            return _refuse("no such tenant")
        if fields.get("grant_type") != "client_credentials":
            return _refuse("grant_type")
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        by_secret = fields.get("client_secret") == "azure-secret"
        by_token = fields.get("client_assertion_type") == kind and fields.get("client_assertion") == "federated-token"
        if fields.get("client_id") != "client-1" or not (by_secret or by_token):
            return _refuse("AADSTS7000215: Invalid client secret provided.", 401)
        return _json(200, {"token_type": "Bearer", "expires_in": SECONDS, "access_token": self._issue("azure")})

    def _managed_identity(self, request):
        query = parse_qs(request.query)
        if request.headers.get("X-IDENTITY-HEADER") != "identity-header" or query.get("resource") != [RESOURCE]:
            return _refuse("header or resource")
        return _json(200, {"access_token": self._issue("azure"), "expires_on": str(int(self.world.now() + SECONDS))})

    def _azure_registry(self, request, fields):
        if request.method != "POST" or fields.get("service") != AZURE:
            return _refuse("method or service")
        if request.path == "/oauth2/exchange":
            if fields.get("grant_type") != "access_token" or not self._is(fields.get("access_token"), "azure"):
                return _refuse("the access token is not valid", 401)
            return _json(200, {"refresh_token": self._issue("azure refresh")})
        if fields.get("grant_type") != "refresh_token" or not self._is(fields.get("refresh_token"), "azure refresh"):
            return _refuse("the refresh token is not valid", 401)
        return _json(200, {"access_token": self._issue("azure registry")})

    # --- Google ---

    def _google(self, fields):
        if fields.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            if not self._is_signed(fields.get("assertion", "")):
                return _refuse("Invalid JWT Signature.")
        elif fields.get("grant_type") != "refresh_token" or fields.get("refresh_token") != "google-refresh" or \
                (fields.get("client_id"), fields.get("client_secret")) != ("client-1", "google-secret"):
            return _refuse("Bad Request")
        return _json(200, {"access_token": self._issue("google"), "expires_in": SECONDS, "token_type": "Bearer"})

    def _is_signed(self, assertion):
        head, _, signature = assertion.rpartition(".")

        def decode(part):
            return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        try:
            header, claims = (json.loads(decode(part)) for part in head.split("."))
        except ValueError:
            return False
        if header.get("alg") != "RS256" or claims.get("scope") != SCOPE or claims.get("iss") != "ci@project" or \
                claims.get("aud") != f"https://{GOOGLE_TOKENS}/token" or claims.get("exp", 0) < self.world.now():
            return False
        with tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as signed:
            key.write(self.world.google_key.encode())
            signed.write(decode(signature))
            key.flush()
            signed.flush()
            return subprocess.run(["openssl", "dgst", "-sha256", "-verify", key.name, "-signature", signed.name],
                                  input=head.encode(), stdout=subprocess.DEVNULL, check=False).returncode == 0

    def _google_registry(self, request):
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        user, _, password = base64.b64decode(given).decode().partition(":")
        if user != "oauth2accesstoken" or not self._is(password, "google"):
            return _refuse("not a token of Google's", 401)
        return _json(200, {"token": self._issue("google registry")})

    # --- registries ---

    def authorize(self, request):
        """None: may go on. An answer: may not. False: not the registry of a cloud here."""
        host = request.host.partition(":")[0]
        if host not in (AZURE, GOOGLE):
            return False
        kind, realm = ("azure registry", "/oauth2/token") if host == AZURE else ("google registry", "/v2/token")
        given = request.headers.get("Authorization", "")
        if given.startswith("Bearer ") and self._is(given.removeprefix("Bearer "), kind):
            return None
        return 401, {"Www-Authenticate": f'Bearer realm="https://{host}{realm}",service="{host}"'}, b""
