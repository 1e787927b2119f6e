#!/usr/bin/env python3
"""A token server for a registry on loopback: anonymous may pull, one user may push.

usage: token_server.py KEY CERTIFICATE USER:PASSWORD

Prints `port N` when it listens. Grants the intersection of what is asked and what is allowed, as real ones do.
"""
import base64
import http.server
import json
import os
import re
import ssl
import subprocess
import sys
import time
import urllib.parse


def packed(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenServer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        given = self.headers.get("Authorization")
        known = given == "Basic " + base64.b64encode(self.server.user.encode()).decode()
        if given and not known:
            self.reply(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong name or password"}]})
            return
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        access = [self.granted(scope, known) for scope in query.get("scope", [])]
        token = self.sign({"iss": "samebits", "aud": query.get("service", [""])[0], "sub": "ci" if known else "",
                           "iat": int(time.time()), "nbf": int(time.time()) - 5, "exp": int(time.time()) + 300,
                           "jti": os.urandom(8).hex(), "access": [one for one in access if one["actions"]]})
        self.reply(200, {"token": token, "expires_in": 300})

    def granted(self, scope, known):
        kind, name, actions = re.fullmatch(r"([^:]*):(.*):([^:]*)", scope).groups()
        allowed = {"pull", "push"} if known else {"pull"}
        return {"type": kind, "name": name, "actions": [action for action in actions.split(",") if action in allowed]}

    def sign(self, claims):
        head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(self.server.certificate).decode()]}
        text = packed(json.dumps(head).encode()) + "." + packed(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.server.key], input=text.encode(),
                                   capture_output=True, check=True).stdout
        return text + "." + packed(signature)

    def reply(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), TokenServer)
    server.key, server.user = sys.argv[1], sys.argv[3]
    with open(sys.argv[2], encoding="ascii") as file:
        server.certificate = ssl.PEM_cert_to_DER_cert(file.read())
    print("port", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
