"""file_server.py DIRECTORY: serves files on a loopback port, which it prints; files named private.* only
with the token "t0ken"."""
import http.server
import os
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        if name.startswith("private.") and self.headers.get("Authorization") != "Bearer t0ken":
            self.send_error(401)
            return
        super().do_GET()

    def log_message(self, *_):
        pass


os.chdir(sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
