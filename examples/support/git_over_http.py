#!/usr/bin/env python3
"""Git's own git http-backend behind nginx, on 127.0.0.1, over the bare repositories of a folder; pushes are taken too.

usage: git_over_http.py FOLDER STATE [PORT]

STATE is a folder for what the servers keep. Without PORT a free one is taken, and `port N` printed. Runs until it is ended.
"""
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys

INHERITED = 50
CONFIGURATION = """
daemon off; worker_processes 1; pid pid; error_log errors; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 0;
  client_body_temp_path body; fastcgi_temp_path fastcgi; proxy_temp_path proxy;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      include /etc/nginx/fastcgi_params;
      fastcgi_pass unix:cgi;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_PROJECT_ROOT "{folder}";
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param GIT_CONFIG_NOSYSTEM 1;
      fastcgi_param GIT_CONFIG_GLOBAL "{state}/gitconfig";
    }}
  }}
}}
"""
GIT = "[safe]\n\tdirectory = *\n[http]\n\treceivepack = true\n[uploadpack]\n\tallowFilter = true\n"


def end_with_us():
    # PR_SET_PDEATHSIG.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def main():
    folder, state = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    state.mkdir(parents=True, exist_ok=True)
    listener = socket.create_server(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 0))
    port = listener.getsockname()[1]
    (state / "gitconfig").write_text(GIT)
    (state / "nginx.conf").write_text(CONFIGURATION.format(
        folder=folder, state=state, port=port, user="user root;" if os.geteuid() == 0 else ""))
    (state / "cgi").unlink(missing_ok=True)
    cgi = socket.socket(socket.AF_UNIX)
    os.chdir(state)
    # A short name: there is room for a hundred characters.
    cgi.bind("cgi")
    cgi.listen(16)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(state)}
    subprocess.Popen(["/usr/sbin/fcgiwrap", "-c", "4"], stdin=cgi, env=environment, preexec_fn=end_with_us)
    os.dup2(listener.fileno(), INHERITED)
    # The way by which a new nginx takes over the sockets of an old one.
    with subprocess.Popen(["/usr/sbin/nginx", "-e", state / "errors", "-p", state, "-c", state / "nginx.conf"],
                          env={**environment, "NGINX": f"{INHERITED};"}, pass_fds=[INHERITED],
                          preexec_fn=end_with_us) as nginx:
        print("port", port, flush=True)
        sys.exit(nginx.wait())


if __name__ == "__main__":
    main()
