"""Argo CD on loopback, at free ports, over a Kubernetes of its own."""
import base64
import contextlib
import json
import os
import pathlib
import signal
import urllib.request

from kubernetes import Kubernetes
from processes import Processes, built, free_ports

NAMESPACE = "/api/v1/namespaces/argocd"
KINDS = "/apis/argoproj.io/v1alpha1/namespaces/argocd"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
# ACCOUNT may read and sync every application, STRANGER none.
ACCOUNT, STRANGER = "ci", "stranger"
# Projects are for argocd's own command line.
RIGHTS = "".join(f"p, {ACCOUNT}, {right}, allow\n"
                 for right in ("applications, get, */*", "applications, sync, */*", "projects, get, *"))
SETTINGS = {
    "argocd-cm": {f"accounts.{ACCOUNT}": "apiKey", f"accounts.{STRANGER}": "apiKey", "timeout.reconciliation": "180s"},
    "argocd-rbac-cm": {"policy.csv": RIGHTS}, "argocd-ssh-known-hosts-cm": {}, "argocd-tls-certs-cm": {},
    "argocd-gpg-keys-cm": {}, "argocd-cmd-params-cm": {}}


def missing():
    """What of it tests/servers/build.sh has not made."""
    return [name for name in ("kubernetes", "argocd") if built(name) is None]


class ArgoCd:
    """Runs while the context is entered: `url`, `token`, and `cluster`, in which its applications are."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "argocd"
        self.cluster = Kubernetes(pathlib.Path(folder) / "kubernetes")
        self.program = None if built("argocd") is None else built("argocd") / "argocd"
        self.processes = None
        self.url = self.token = self.session = None

    def __enter__(self):
        self.folder.mkdir(parents=True)
        with contextlib.ExitStack() as opened:
            opened.enter_context(self.cluster)
            self.describe()
            self.processes = opened.enter_context(Processes(self.folder, self.surroundings()))
            self.start()
            self.token = self.account_token(ACCOUNT)
            self.opened = opened.pop_all()
        return self

    def __exit__(self, *_):
        self.opened.close()

    def describe(self):
        """Its kinds and settings, which an installation would bring."""
        for file in sorted((built("argocd") / "crds").glob("*-crd.yaml")):
            self.cluster.ask("POST", DEFINITIONS, file.read_bytes(), "application/yaml")
        self.cluster.make("/api/v1/namespaces", {"metadata": {"name": "argocd"}})
        labels = {"app.kubernetes.io/part-of": "argocd"}
        for name, data in SETTINGS.items():
            self.cluster.make(NAMESPACE + "/configmaps", {"metadata": {"name": name, "labels": labels}, "data": data})
        self.cluster.make(NAMESPACE + "/secrets", {"metadata": {"name": "argocd-secret", "labels": labels}})
        for name in ("applications", "appprojects", "applicationsets"):
            self.cluster.wait_for(f"{DEFINITIONS}/{name}.argoproj.io", lambda definition: any(
                condition["type"] == "Established" and condition["status"] == "True"
                for condition in definition.get("status", {}).get("conditions") or []))

    def surroundings(self):
        for name in ("tls", "ssh", "plugins", "gpg"):
            (self.folder / name).mkdir()
        (self.folder / "ssh" / "ssh_known_hosts").touch()
        return {"HOME": str(self.folder), "TMPDIR": str(self.folder), "KUBECONFIG": str(self.cluster.kubeconfig),
                "PATH": f"{built('argocd')}:{os.environ['PATH']}", "GIT_CONFIG_NOSYSTEM": "1",
                "ARGOCD_FAKE_IN_CLUSTER": "true", "ARGOCD_GPG_ENABLED": "false",
                "ARGOCD_TLS_DATA_PATH": str(self.folder / "tls"), "ARGOCD_SSH_DATA_PATH": str(self.folder / "ssh"),
                "ARGOCD_GPG_DATA_PATH": str(self.folder / "gpg"),
                "ARGOCD_PLUGINSOCKFILEPATH": str(self.folder / "plugins")}

    def start(self):
        port, repositories, cache, *metrics = free_ports(6)
        self.url = f"http://127.0.0.1:{port}"
        self.processes.start("redis", "redis-server", "--bind", "127.0.0.1", "--port", cache, "--save", "",
                             "--appendonly", "no", "--dir", self.folder)

        def part(name, metrics_port, *arguments):
            self.processes.start(name, self.program, "--redis", f"127.0.0.1:{cache}", "--loglevel", "warn",
                                 "--metrics-port", metrics_port, *arguments, ARGOCD_BINARY_NAME="argocd-" + name)

        here = ("--address", "127.0.0.1", "--metrics-address", "127.0.0.1")
        part("repo-server", metrics[0], *here, "--port", repositories, "--disable-tls")
        below = ("--repo-server", f"127.0.0.1:{repositories}", "--repo-server-plaintext")
        part("server", metrics[1], *here, "--port", port, "--insecure", *below)
        self.processes.wait_until("server", lambda: urllib.request.urlopen(self.url + "/healthz", timeout=60))
        # After the server, which makes the key that both sign with. Its metrics can be had at every address only.
        part("application-controller", metrics[2], *below)

    def ask(self, method, path, body, token=None):
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method, data=json.dumps(body).encode(), headers={
            "Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def account_token(self, account):
        if self.session is None:
            secret = self.cluster.wait_for(NAMESPACE + "/secrets/argocd-initial-admin-secret", lambda _: True)
            password = base64.b64decode(secret["data"]["password"]).decode()
            self.session = self.ask("POST", "/session", {"username": "admin", "password": password})["token"]
        return self.ask("POST", f"/account/{account}/token", {}, self.session)["token"]

    def make_application(self, name, spec):
        self.cluster.make(KINDS + "/applications", {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
                                                    "metadata": {"name": name}, "spec": spec})

    def make_project(self, name, **members):
        self.cluster.make(KINDS + "/appprojects", {
            "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": name},
            "spec": {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}],
                     "clusterResourceWhitelist": [{"group": "*", "kind": "*"}], **members}})

    def command(self, *words):
        """Its own command line."""
        return [self.program, *words, "--server", self.url.removeprefix("http://"), "--plaintext", "--auth-token", self.token]

    @contextlib.contextmanager
    def stopped_controller(self):
        self.processes.signal("application-controller", signal.SIGSTOP)
        try:
            yield
        finally:
            self.processes.signal("application-controller", signal.SIGCONT)
