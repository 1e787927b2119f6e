#!/usr/bin/env python3
"""nginx on loopback before a server without TLS: speaks TLS, and wants a client certificate.

usage: nginx.py FOLDER PORT

FOLDER has the PEM files `ca.pem`, `server.pem` and `server.key`; PORT is of the server behind. Prints `port N` and becomes
nginx, which takes over a socket that listens already.
"""
import os
import pathlib
import socket
import sys

INHERITED = 50
CONFIGURATION = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    ssl_client_certificate {folder}/ca.pem;
    ssl_verify_client on;
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


def main():
    folder, behind = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(
        folder=folder, port=port, behind=behind, user="user root;" if os.geteuid() == 0 else ""))
    os.dup2(listener.fileno(), INHERITED)
    print("port", port, flush=True)
    # The way by which a new nginx takes over the sockets of an old one.
    os.execve("/usr/sbin/nginx", ["nginx", "-e", f"{folder}/nginx.log", "-c", str(configuration)],
              {"PATH": "/usr/bin:/bin", "NGINX": f"{INHERITED};"})


if __name__ == "__main__":
    main()
