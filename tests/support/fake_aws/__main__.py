"""python3 -m fake_aws DIRECTORY [HOST...]

Makes a certificate authority in DIRECTORY (ca.pem), serves until it is killed, and says where in DIRECTORY/ports:
"PLAIN TLS". The plain port is also the proxy (HTTPS_PROXY) that leads every host to the TLS port, the metadata
service, and the registry in plain HTTP.
"""
import os
import subprocess
import sys
import threading

from . import clouds
from .registry import Registry
from .server import Server, tls_context
from .world import ACCOUNT, REGION, World

HOSTS = [
    f"api.ecr.{REGION}.amazonaws.com", f"sts.{REGION}.amazonaws.com", f"portal.sso.{REGION}.amazonaws.com",
    f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com", "api.ecr-public.us-east-1.amazonaws.com", "public.ecr.aws",
    f"prod-{REGION}-starport-layer-bucket.s3.{REGION}.amazonaws.com", "localhost",
]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(directory, hosts):
    ca, key = f"{directory}/ca.pem", f"{directory}/ca.key"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test authority",
            "-keyout", key, "-out", ca)
    names = ",".join(f"DNS:{host}" for host in hosts) + ",IP:127.0.0.1"
    with open(f"{directory}/names", "w") as file:
        file.write(f"subjectAltName={names}\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=fake", "-keyout", f"{directory}/server.key",
            "-out", f"{directory}/server.csr")
    openssl("x509", "-req", "-in", f"{directory}/server.csr", "-CA", ca, "-CAkey", key, "-CAcreateserial", "-days", "2",
            "-extfile", f"{directory}/names", "-out", f"{directory}/server.pem")


def main():
    directory, hosts = sys.argv[1], HOSTS + clouds.HOSTS + sys.argv[2:]
    make_certificates(directory, hosts)
    world = World()
    storage = f"https://prod-{REGION}-starport-layer-bucket.s3.{REGION}.amazonaws.com"
    context = tls_context(f"{directory}/server.pem", f"{directory}/server.key")
    tls = Server(("127.0.0.1", 0), world, Registry(world, storage), tls=context)
    plain = Server(("127.0.0.1", 0), world, None, tls_port=tls.server_port)
    # In plain HTTP the storage is a part of the same port.
    plain.registry = Registry(world, f"http://127.0.0.1:{plain.server_port}/storage")
    threading.Thread(target=tls.serve_forever, daemon=True).start()
    with open(f"{directory}/ports.new", "w") as file:
        file.write(f"{plain.server_port} {tls.server_port}\n")
    os.rename(f"{directory}/ports.new", f"{directory}/ports")
    plain.serve_forever()


if __name__ == "__main__":
    main()
