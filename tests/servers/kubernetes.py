"""Kubernetes on loopback, at free ports: a real API with real controllers, and a node that kwok plays."""
import json
import pathlib
import ssl
import subprocess
import urllib.error
import urllib.request

from processes import Processes, built, free_ports

TOKEN = "administrator-of-tests"
# What Deployments need, and to be rid of them.
CONTROLLERS = ("deployment-controller", "replicaset-controller", "garbage-collector-controller", "namespace-controller",
               "node-lifecycle-controller")


class Kubernetes:
    """Runs while the context is entered; `kubeconfig` is for programs, the functions are for tests.

    Objects are named by their path in the API, such as /api/v1/namespaces/prod.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.programs = built("kubernetes")
        self.kubeconfig = self.folder / "kubeconfig"
        self.processes = Processes(self.folder, {"HOME": str(self.folder), "PATH": "/usr/bin:/bin"})
        self.trust_all = ssl._create_unverified_context()
        self.url = None

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.start()
        except BaseException:
            self.processes.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.processes.__exit__()

    def start(self):
        store, peers, port = free_ports(3)
        self.url = f"https://127.0.0.1:{port}"
        self.run("etcd", f"--data-dir={self.folder}/etcd", f"--listen-client-urls=http://127.0.0.1:{store}",
                 f"--advertise-client-urls=http://127.0.0.1:{store}", f"--listen-peer-urls=http://127.0.0.1:{peers}",
                 "--unsafe-no-fsync", "--log-level=error")
        key = self.folder / "accounts.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        tokens = self.folder / "tokens.csv"
        tokens.write_text(f"{TOKEN},admin,admin,system:masters\n")
        self.run("kube-apiserver", f"--etcd-servers=http://127.0.0.1:{store}", f"--secure-port={port}",
                 "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", f"--cert-dir={self.folder}/certificates",
                 f"--token-auth-file={tokens}", "--authorization-mode=AlwaysAllow", "--service-cluster-ip-range=10.96.0.0/24",
                 f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}",
                 "--service-account-issuer=https://kubernetes.default.svc", "--disable-admission-plugins=ServiceAccount",
                 "--endpoint-reconciler-type=none")
        self.kubeconfig.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "tests",
            "clusters": [{"name": "tests", "cluster": {"server": self.url, "insecure-skip-tls-verify": True}}],
            "users": [{"name": "tests", "user": {"token": TOKEN}}],
            "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests", "namespace": "argocd"}}]}))
        self.processes.wait_until("kube-apiserver", lambda: self.open("GET", "/readyz").status == 200)
        reached = f"--kubeconfig={self.kubeconfig}"
        # Nobody is to find that the node is silent, on a busy machine least of all.
        self.run("kube-controller-manager", reached, "--leader-elect=false", "--secure-port=0",
                 "--node-monitor-grace-period=24h", "--controllers=" + ",".join(CONTROLLERS))
        self.run("kube-scheduler", reached, "--leader-elect=false", "--secure-port=0")
        self.run("kwok", reached, "--manage-all-nodes=true")
        self.make("/api/v1/nodes", {"kind": "Node", "metadata": {"name": "node", "annotations": {
            "kwok.x-k8s.io/node": "fake"}}})

    def run(self, program, *arguments):
        self.processes.start(program, self.programs / program, *arguments)

    def open(self, method, path, body=None, kind="application/json", seconds=60):
        request = urllib.request.Request(self.url + path, method=method, data=body, headers={
            "Authorization": f"Bearer {TOKEN}", "Content-Type": kind, "Accept": "application/json"})
        return urllib.request.urlopen(request, context=self.trust_all, timeout=seconds)

    def ask(self, method, path, body=None, kind="application/json"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        with self.open(method, path, data, kind) as answer:
            return json.load(answer)

    def read(self, path):
        return self.ask("GET", path)

    def make(self, path, described):
        return self.ask("POST", path, described)

    def change(self, path, members):
        return self.ask("PATCH", path, members, "application/merge-patch+json")

    def remove(self, path):
        return self.ask("DELETE", path)

    def wait_for(self, path, is_good, seconds=60):
        """Follows an object until it is so; it may not be there yet."""
        folder, name = path.rsplit("/", 1)
        query = f"{folder}?watch=1&fieldSelector=metadata.name={name}&timeoutSeconds={seconds}"
        with self.open("GET", query, seconds=seconds + 30) as events:
            for line in events:
                event = json.loads(line)
                if event["type"] != "DELETED" and is_good(event["object"]):
                    return event["object"]
        raise TimeoutError(f"{path} did not become so within {seconds} s")
