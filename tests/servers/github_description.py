#!/usr/bin/env python3
"""Cuts GitHub's OpenAPI description to what the double answers, as Prism can hold the double against it.

usage: github_description.py DESCRIPTION OUT

Requests are left as they are described. Of answers a member that is described may be missing, since nothing can rest on
what the double does not give; a member that is not described, a type and a word that are not, are violations.
"""
import copy
import json
import sys

PREFIX = "/api/v3"
REPO = "/repos/{owner}/{repo}"
# Where the double answers, by the description's path: Prism takes no parameter with a slash in it.
PATHS = {
    REPO: [REPO],
    f"{REPO}/installation": [f"{REPO}/installation"],
    "/app/installations/{installation_id}/access_tokens": ["/app/installations/{installation_id}/access_tokens"],
    f"{REPO}/git/ref/{{ref}}": [f"{REPO}/git/ref/{kind}/{name}" for kind in ("heads", "tags")
                              for name in ("{ref}", "{folder}/{ref}")],
    f"{REPO}/git/matching-refs/{{ref}}": [f"{REPO}/git/matching-refs/tags/"],
    **{path: [path] for path in [REPO + below for below in (
        "/git/tags", "/git/tags/{tag_sha}", "/git/refs", "/git/commits/{commit_sha}", "/compare/{basehead}",
        "/commits/{ref}/check-runs", "/commits/{ref}/statuses", "/commits/{commit_sha}/pulls", "/check-runs",
        "/check-runs/{check_run_id}", "/statuses/{sha}", "/actions/runs", "/pulls/{pull_number}",
        "/pulls/{pull_number}/reviews", "/releases", "/releases/{release_id}", "/releases/tags/{tag}",
        "/releases/generate-notes", "/branches/{branch}", "/branches/{branch}/protection", "/rules/branches/{branch}",
        "/codeowners/errors", "/rulesets", "/rulesets/{ruleset_id}")]},
}
METHODS = ("get", "post", "patch")


def of_answers(schema, composed=False):
    """What an answer is held against: no member must be there, and none may that is not described."""
    if isinstance(schema, list):
        return [of_answers(one, composed) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "required" and isinstance(value, list):
            continue
        if key == "properties":
            out[key] = {name: of_answers(one) for name, one in value.items()}
        elif key in ("example", "examples", "default", "enum"):
            out[key] = value
        else:
            out[key] = of_answers(value, key in ("allOf", "anyOf", "oneOf"))
    if "properties" in out and not composed and not {"allOf", "anyOf", "oneOf", "additionalProperties"} & set(out):
        out["additionalProperties"] = False
    return out


def with_media_type(content):
    """GitHub takes and gives `application/vnd.github+json` wherever it says `application/json`."""
    if "application/json" in content:
        content["application/vnd.github+json"] = content["application/json"]
    return content


def operation_of(described, path):
    operation = copy.deepcopy(described)
    wanted = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    operation["parameters"] = [one for one in operation.get("parameters", [])
                               if not one.get("$ref", "").endswith("/git-ref-only") or "ref" in wanted]
    if "folder" in wanted:
        operation["parameters"].append({"name": "folder", "in": "path", "required": True, "schema": {"type": "string"}})
    for answer in operation["responses"].values():
        if "content" in answer:
            answer["content"] = with_media_type(of_answers(answer["content"]))
    # Described once for all, in words: what did not change since the ETag that was sent.
    operation["responses"].setdefault("304", {"description": "Not modified"})
    # So is what is not there, or may not be seen.
    operation["responses"].setdefault("404", {"description": "Not found"})
    return operation


def composed_schemas(node, found):
    """Names of those that are a part of a whole (`allOf`): members that they do not describe are another part's."""
    if isinstance(node, list):
        for one in node:
            composed_schemas(one, found)
    elif isinstance(node, dict):
        parts = [part["$ref"].split("/")[-1] for part in node.get("allOf", ()) if "$ref" in part]
        if len(node.get("allOf", ())) > 1:
            found.update(parts)
        for one in node.values():
            composed_schemas(one, found)
    return found


def references(node, found):
    if isinstance(node, list):
        for one in node:
            references(one, found)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            found.add(node["$ref"])
        for one in node.values():
            references(one, found)
    return found


def needed_components(paths, components):
    """What the paths refer to, and what that refers to."""
    kept, todo = {}, references(paths, set())
    while todo:
        kind, name = todo.pop().split("/")[2:4]
        if name in kept.setdefault(kind, {}):
            continue
        kept[kind][name] = components[kind][name]
        todo |= references(kept[kind][name], set())
    return kept


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    paths = {}
    for described, answered in PATHS.items():
        for path in answered:
            paths[PREFIX + path] = {method: operation_of(whole["paths"][described][method], path)
                                    for method in METHODS if method in whole["paths"][described]}
    components = copy.deepcopy(whole["components"])
    composed = composed_schemas(needed_components(paths, components)["schemas"], set())
    components["schemas"] = {name: of_answers(schema, name in composed) for name, schema in components["schemas"].items()}
    for answer in components.get("responses", {}).values():
        if "content" in answer:
            answer["content"] = with_media_type(of_answers(answer["content"]))
    cut = {"openapi": whole["openapi"], "info": whole["info"], "servers": [{"url": "http://127.0.0.1"}],
           "paths": paths, "components": needed_components(paths, components)}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(cut, file)


main()
