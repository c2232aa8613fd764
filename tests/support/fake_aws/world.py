"""What the services share: the virtual clock, the keys and tokens that were given out, the log, the faults."""
import re
import secrets
import threading
import time

from .clouds import Clouds

ACCOUNT = "123456789012"
REGION = "eu-central-1"


class World:
    """All state. Whoever changes it holds `lock`."""

    def __init__(self):
        self.lock = threading.RLock()
        self.offset = 0.0
        self.log = []
        self.faults = []
        self.settings = {
            "mode": "ecr",              # ecr, spec, gar, ghcr, acr
            "create_on_push": False,
            "unknown_repository": "answer",   # or "hang up"
            "mounts": False,
            "immutable": False,
            "old_immutable_text": False,
            "digest_header": False,      # Docker-Content-Digest on manifests
            "status_of_upload": False,   # GET on an upload's address
            "least_chunk_header": 0,     # OCI-Chunk-Min-Length
            "hop_limit": False,          # the instance's token never arrives
            "password_seconds": 12 * 3600,
            "redirect_blobs": True,
            "anonymous": False,
            "put_image_per_second": 0,
        }
        # What exists before anybody asks.
        self.keys = {"AKIAFAKE": {"secret": "fake-secret", "token": None, "expires": None, "arn": "user/ci"}}
        self.passwords = {}              # ECR's, with the virtual time of their end
        self.roles = {}                  # ARN: {"aud": …, "sub": …}
        self.repositories = {}           # name: {"blobs": {}, "manifests": {}, "tags": {}}
        self.created = []                # CreateRepository calls
        self.denied_actions = []         # "ecr:InitiateLayerUpload", …
        self.instance = None             # {"role": NAME}
        self.instance_tokens = {}
        self.container_token = None      # what the pod's token file must have
        self.sso_tokens = {}
        # Stores of files.
        self.objects = {}                # (STORE, BUCKET, NAME): bytes; Azure's bucket is ACCOUNT/CONTAINER
        self.bucket_regions = {}
        self.public_buckets = []
        self.tokens = {}                 # Google's and Azure's, with the virtual time of their end
        self.google_accounts = {}        # email: public key
        self.azure_accounts = {}         # name: key in base64
        self.azure_sas = None
        self.azure_client = [None] * 3   # tenant, client, secret
        self.google_key = ""             # the public key of Google's service account, in PEM
        self.clouds = Clouds(self)

    def now(self):
        return time.time() + self.offset

    def issue_keys(self, arn, seconds=3600):
        with self.lock:
            key = "ASIA" + secrets.token_hex(6).upper()
            self.keys[key] = {
                "secret": secrets.token_urlsafe(30),
                "token": secrets.token_urlsafe(40) + "+/=",
                "expires": self.now() + seconds,
                "arn": arn,
            }
            return key, self.keys[key]

    def issue_password(self):
        with self.lock:
            password = "ecr-password-" + secrets.token_hex(8)
            self.passwords[password] = self.now() + self.settings["password_seconds"]
            return password

    def take_fault(self, method, target, after):
        """The first fault that fits; used up by one."""
        with self.lock:
            for fault in self.faults:
                if fault["times"] > 0 and bool(fault.get("after")) == after and \
                        fault.get("method", method) == method and re.search(fault["target"], target):
                    if fault.get("skip", 0) > 0:
                        fault["skip"] -= 1
                        continue
                    fault["times"] -= 1
                    return fault
        return None


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
