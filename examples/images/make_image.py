#!/usr/bin/env python3
"""Adds a small image to an OCI image layout and prints its digest.

usage: make_image.py LAYOUT TAG [--content TEXT] [--single]

The image is an index for linux/amd64 and linux/arm64 (with --single: one manifest). The same content gives the same
digest. The layout is made where it is missing. Needs nothing but Python.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import pathlib
import tarfile
import tempfile

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def put_blob(layout, data):
    digest = hashlib.sha256(data).hexdigest()
    path = layout / "blobs" / "sha256" / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"digest": "sha256:" + digest, "size": len(data)}


def make_layer(content):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        entry = tarfile.TarInfo("app.txt")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return raw.getvalue(), gzip.compress(raw.getvalue(), mtime=0)


def make_manifest(layout, content, architecture):
    tar, layer = make_layer(content)
    config = {
        "architecture": architecture,
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest()]},
        "config": {},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "make_image.py"}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, **put_blob(layout, json.dumps(config).encode())},
        "layers": [{"mediaType": LAYER, **put_blob(layout, layer)}],
    }
    described = {"mediaType": MANIFEST, **put_blob(layout, json.dumps(manifest).encode())}
    return {**described, "platform": {"architecture": architecture, "os": "linux"}}


def write_atomically(path, text):
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


def add_tag(layout, descriptor, tag):
    path = layout / "index.json"
    index = json.loads(path.read_text()) if path.exists() else {"schemaVersion": 2, "manifests": []}
    name = "org.opencontainers.image.ref.name"
    others = [entry for entry in index["manifests"] if entry.get("annotations", {}).get(name) != tag]
    entry = {key: value for key, value in descriptor.items() if key != "platform"}
    index["manifests"] = others + [{**entry, "annotations": {name: tag}}]
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    write_atomically(path, json.dumps(index))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout", type=pathlib.Path)
    parser.add_argument("tag")
    parser.add_argument("--content", default="hello")
    parser.add_argument("--single", action="store_true")
    options = parser.parse_args()
    options.layout.mkdir(parents=True, exist_ok=True)
    content = options.content.encode()
    descriptor = make_manifest(options.layout, content, "amd64")
    if not options.single:
        index = {
            "schemaVersion": 2,
            "mediaType": INDEX,
            "manifests": [descriptor, make_manifest(options.layout, content, "arm64")],
        }
        descriptor = {"mediaType": INDEX, **put_blob(options.layout, json.dumps(index).encode())}
    add_tag(options.layout, descriptor, options.tag)
    print(descriptor["digest"])


if __name__ == "__main__":
    main()
