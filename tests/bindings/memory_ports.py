"""Ports that keep everything in memory, as plain Python objects."""
import dataclasses
import hashlib
import re

from samebits import AuthError, ConflictError, EvidenceItem, NotFoundError, UsageError
from samebits.documents import read
from samebits.ports import CommitFacts, Credential, ForgeRelease, GitTag, Manifest, PullRequest, RepoFile, Review


class MemoryRegistry:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.manifests, self.tags = {}, {}

    def test_put(self, data, media_type):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.manifests[digest] = Manifest(media_type, data)
        return digest

    def resolve(self, call, tag):
        return self.tags.get(tag)

    def manifest(self, call, digest):
        return self.manifests.get(digest)

    def create_tag(self, call, tag, digest):
        if digest not in self.manifests:
            raise NotFoundError("there is no such manifest", code="image_missing")
        if self.tags.get(tag, digest) != digest:
            raise ConflictError(f"the tag points to {self.tags[tag]}, not {digest}", code="tag_exists")
        created = tag not in self.tags
        self.tags[tag] = digest
        return created

    def list(self, call):
        return list(self.tags)


def _is_ref_name(name):
    return bool(name) and not re.search(r"^[-/]|/$|\.\.|//|[ ~^:?*\[\\]|\.lock$", name)


class MemorySource:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.parents, self.branches, self.tags = {}, {}, {}

    def test_commit(self, branch, parent=None):
        commit = f"{len(self.parents) + 1:040x}"
        self.parents[commit] = parent
        self.branches[branch] = commit
        return commit

    def branch_tip(self, call, branch):
        if branch and not _is_ref_name(branch):
            raise UsageError("no branch can have that name", code="bad_option")
        return self.branches.get(branch or "main")

    def _line(self, commit):
        while commit:
            yield commit
            commit = self.parents[commit]

    def ancestry(self, call, left, right):
        if left not in self.parents or right not in self.parents:
            return None
        if left == right:
            return "same"
        if left in self._line(right):
            return "ancestor"
        return "descendant" if right in self._line(left) else "diverged"

    def find_tag(self, call, name):
        if not _is_ref_name(name):
            raise UsageError("no tag can have that name", code="bad_tag")
        return self.tags.get(name)

    def list_tags(self, call):
        return list(self.tags.values())

    def create_tag(self, call, tag):
        if self.find_tag(call, tag.name):
            raise ConflictError("a tag has that name", code="tag_exists")
        if tag.commit not in self.parents:
            raise NotFoundError("there is no such commit", code="commit_missing")
        self.tags[tag.name] = GitTag(tag.name, tag.commit, tag.message.rstrip("\n") + "\n")


class MemoryGitOps:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.blobs, self.files, self.facts, self.head = {}, {}, {}, None

    def _put(self, data):
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        self.blobs[blob] = data
        return blob

    def _at(self, commit):
        if commit not in self.files:
            raise NotFoundError("there is no such commit", code="commit_missing")
        return self.files[commit]

    def tip(self, call):
        return self.head

    def read(self, call, at, path):
        files = self._at(at)
        if any(name.startswith(path + "/") for name in files):
            raise UsageError("a folder is there", code="not_editable")
        return RepoFile(files[path], self.blobs[files[path]]) if path in files else None

    def read_blob(self, call, blob):
        return self.blobs.get(blob)

    def list(self, call, at, folder):
        return [(path, blob) for path, blob in self._at(at).items() if path.startswith(folder + "/")]

    def commit_facts(self, call, commit):
        return self.facts.get(commit)

    def _apply(self, files, change):
        files.pop(change.path, None)
        if change.data is None:
            return
        if any(name.startswith(change.path + "/") or change.path.startswith(name + "/") for name in files):
            raise UsageError("something is in the way", code="not_editable")
        files[change.path] = self._put(change.data)

    def commit(self, call, commit):
        if commit.expected_tip != self.head:
            raise ConflictError("the branch has moved", code="lost_race")
        paths = [change.path for change in commit.changes]
        if len(set(paths)) != len(paths):
            raise UsageError("a path stands twice", code="bad_request")
        before = self.files.get(self.head)
        files = dict(before or {})
        for change in commit.changes:
            self._apply(files, change)
        if files != before:
            time = max(commit.time, self.facts[self.head].time) if self.head else commit.time
            made = hashlib.sha1(repr((self.head, sorted(files.items()), commit.message, len(self.files))).encode()).hexdigest()
            self.facts[made] = CommitFacts(made, [self.head] if self.head else [], commit.author, time,
                                           commit.message.rstrip("\n") + "\n")
            self.files[made] = files
            self.head = made
        return self.head


class MemoryEvidence:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.items = []

    def list(self, call, commit):
        return [item for of, item in self.items if of == commit]

    def post(self, call, commit, evidence):
        for of, item in reversed(self.items):
            if (of, item.gate, item.digest) == (commit, evidence.gate, evidence.digest):
                if item.conclusion == evidence.conclusion:
                    return item
                break
        members = {**dataclasses.asdict(evidence), "producer": "memory"}
        del members["kind"], members["app"]
        item = EvidenceItem(id=f"evidence-{len(self.items)}", **members)
        self.items.append((commit, item))
        return item


class MemoryChanges:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.changes, self.said = {}, {}

    def test_put(self, change, reviews):
        self.changes[change.number] = change
        self.said[change.number] = reviews

    def branch(self, call):
        return "main"

    def find(self, call, number):
        return self.changes.get(number)

    def of_commit(self, call, commit):
        return [change for change in self.changes.values() if commit in (change.head, change.merge_commit)]

    def reviews(self, call, number):
        if number not in self.said:
            raise NotFoundError("there is no such pull request", code="pull_request_missing")
        return self.said[number]


class MemoryReleases:
    """There are no drafts, and no Git tag is needed."""

    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.releases = {}

    def find(self, call, tag):
        return self.releases.get(tag)

    def notes(self, call, tag, commit, previous):
        return ""

    def create(self, call, release):
        if release.tag in self.releases:
            raise ConflictError("the tag has a release", code="tag_exists")
        self.releases[release.tag] = ForgeRelease(str(len(self.releases) + 1), release.tag, release.commit, release.title,
                                                  release.notes, pre_release=release.pre_release)
        return self.releases[release.tag]


class MemoryReconciler:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.applications, self.refreshed, self.last_sync = {}, {}, None

    def test_put(self, application):
        self.applications[application["name"]] = application

    def test_refresh(self, application):
        self.refreshed[application["name"]] = application

    def application(self, call, name, refresh):
        if refresh != "none" and name in self.refreshed:
            self.applications[name] = self.refreshed[name]
        return self.applications.get(name)

    def request_sync(self, call, name, revisions, promotion_id):
        if name not in self.applications:
            raise NotFoundError("there is no such application", code="application_missing")
        if self.applications[name].get("operation", {}).get("phase") == "Running":
            raise ConflictError("another operation runs", code="lost_race")
        self.last_sync = f"{revisions} for {promotion_id}"


class MemoryClock:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.milliseconds = 0

    def now(self, call):
        return f"2026-11-24T09:{self.milliseconds // 60000 % 60:02}:{self.milliseconds // 1000 % 60:02}Z"

    def pause(self, call, milliseconds):
        self.milliseconds += milliseconds


class MemoryCredentials:
    def __init__(self):
        self.test_reset()

    def test_reset(self):
        self.known = {}

    def test_put(self, target, members):
        self.known[target] = read(Credential, members)

    def test_lose(self, target):
        self.known[target] = None

    def find(self, call, url, use, refresh):
        targets = [target for target in self.known if (url + "/").startswith(target + "/")]
        if not targets:
            return None
        found = self.known[max(targets, key=len)]
        if found is None:
            raise AuthError("the vault is sealed", code="unauthenticated")
        return found


PORTS = {"gitops": MemoryGitOps, "source": MemorySource, "registry": MemoryRegistry, "evidence": MemoryEvidence,
         "changes": MemoryChanges, "releases": MemoryReleases, "reconciler": MemoryReconciler, "clock": MemoryClock,
         "credentials": MemoryCredentials}


def _put_change(port, call, asked):
    port.test_put(read(PullRequest, asked["change"]), [read(Review, review) for review in asked["reviews"]])


#: What only the contract tests ask (tests/contracts/ported.h): the answer's document, or None for an empty one.
TEST_OPERATIONS = {
    ("source", "test_commit"): lambda port, call, asked: {"commit": port.test_commit(asked["branch"], asked.get("parent"))},
    ("registry", "test_put"): lambda port, call, asked: port.test_put(call.input(0), asked["mediaType"]) and None,
    ("changes", "test_put"): _put_change,
    ("releases", "test_put"): lambda port, call, asked: None,
    ("reconciler", "test_put"): lambda port, call, asked: port.test_put(asked["application"]),
    ("reconciler", "test_refresh"): lambda port, call, asked: port.test_refresh(asked["application"]),
    ("reconciler", "test_sync"): lambda port, call, asked: {"sync": port.last_sync},
    ("credentials", "test_put"): lambda port, call, asked: port.test_put(asked["for"], asked["answer"]),
    ("credentials", "test_lose"): lambda port, call, asked: port.test_lose(asked["for"]),
}
