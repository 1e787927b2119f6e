#!/usr/bin/env python3
"""tinyproxy on loopback, at a free port.

usage: tinyproxy.py FOLDER [USER PASSWORD]

Prints `port N`, becomes tinyproxy, and that says when it is accepting connections.
"""
import os
import pathlib
import socket
import sys

CONFIGURATION = """
Port {port}
Listen 127.0.0.1
Timeout 60
LogLevel Info
PidFile "{folder}/tinyproxy.pid"
ViaProxyName "a-proxy"
"""


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    configuration = folder / "tinyproxy.conf"
    text = CONFIGURATION.format(folder=folder, port=port)
    if len(sys.argv) > 2:
        text += f"BasicAuth {sys.argv[2]} {sys.argv[3]}\n"
    configuration.write_text(text)
    print("port", port, flush=True)
    os.execv("/usr/bin/tinyproxy", ["tinyproxy", "-d", "-c", str(configuration)])


if __name__ == "__main__":
    main()
