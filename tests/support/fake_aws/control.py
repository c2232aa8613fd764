"""What tests say to the fake: POST /_control/NAME with JSON, or GET for what it knows."""
import json

from . import stores


def handle(world, request):
    name = request.path.rsplit("/", 1)[1]
    value = json.loads(request.body) if request.body else {}
    with world.lock:
        result = ACTIONS[name](world, value) if name in ACTIONS else None
    if result is None:
        return 404, {}, b"no such control\n"
    return 200, {"Content-Type": "application/json"}, json.dumps(result).encode()


def _set(world, value):
    unknown = set(value) - set(world.settings)
    if unknown:
        return {"unknown": sorted(unknown)}
    world.settings.update(value)
    return world.settings


def _fault(world, value):
    world.faults.append({"times": 1, **value})
    return len(world.faults)


def _clear(world, _):
    world.log.clear()
    world.faults.clear()
    return {}


def _advance(world, value):
    world.offset += value["seconds"]
    return {"now": world.now()}


def _expire(world, _):
    world.passwords = {name: 0 for name in world.passwords}
    return len(world.passwords)


def _repository(world, value):
    world.repositories.setdefault(value["name"], {"blobs": {}, "manifests": {}, "tags": {}})
    return {}


def _forget(world, value):
    world.repositories.pop(value["name"], None)
    return {}


def _show(world, value):
    repository = world.repositories.get(value.get("name"))
    if repository is None:
        return {"repositories": sorted(world.repositories), "created": world.created}
    return {"tags": repository["tags"], "manifests": sorted(repository["manifests"]),
            "blobs": {digest: len(data) for digest, data in repository["blobs"].items()}}


def _give(world, value):
    """Keys of AWS, roles, a role of the instance, the pod's token, a login of SSO, forbidden actions; those of stores."""
    for name in ("roles", "instance", "container_token", "denied_actions", "sso_tokens", "bucket_regions", "public_buckets",
                 "google_accounts", "azure_accounts", "azure_sas", "azure_client", "google_key"):
        if name in value:
            setattr(world, name, value[name])
    return {}


ACTIONS = {
    "set": _set, "fault": _fault, "clear": _clear, "advance": _advance, "expire": _expire,
    "repository": _repository, "forget": _forget, "show": _show, "give": _give,
    "object": stores.put,
    "log": lambda world, _: world.log,
    "left": lambda world, _: [fault for fault in world.faults if fault["times"] > 0],
}
