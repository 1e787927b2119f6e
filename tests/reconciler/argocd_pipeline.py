"""A pipeline whose environments a real Argo CD looks after: Git is behind a server, the workloads are in a cluster."""
import json
import pathlib
import re
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "cli"), str(TESTS / "servers")]
from world import World  # noqa: E402

SERVICE = "service-demo"
IMAGE = "registry.example.com/service-demo"
CHART = {"Chart.yaml": "apiVersion: v2\nname: service-demo\nversion: 1.0.0\n", "templates/workload.yaml": """
{{- with .Values.refuse }}{{ fail . }}{{ end }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: service-demo}
spec:
  replicas: {{ .Values.replicas | default 2 }}
  minReadySeconds: 1
  progressDeadlineSeconds: 10
  selector: {matchLabels: {app: service-demo}}
  template:
    metadata: {labels: {app: service-demo}}
    spec:
      {{- if .Values.never_ready }}
      nodeSelector: {there: is-none}
      {{- end }}
      containers: [{name: main, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"}]
"""}
AUTOMATED = {"automated": {"prune": True, "selfHeal": True}, "retry": {"limit": 0}}


class Pipeline:
    """Repositories, their server, and the applications `NAME-preprod`, `NAME-prod` and `NAME-dev`.

    preprod is automatic, the others are manual. The chart of dev is in the GitOps repository; the others have two sources.
    """

    def __init__(self, argo, samebits, git_server, folder, name):
        self.argo, self.name = argo, name
        self.world = World(samebits, folder)
        self.git_server = git_server
        self.server = self.url = self.gitops = None

    def __enter__(self):
        self.world.build()
        self.server = subprocess.Popen([self.git_server, self.world.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True)
        self.url = self.server.stdout.readline().strip()
        self.gitops = self.url + "/open/gitops.git"
        self.write_repositories()
        self.snapshots = iter(self.world.more_snapshots(60))
        self.give_token(self.argo.token)
        self.argo.make_project(self.name)
        return self

    def __exit__(self, *_):
        self.stop_git()
        for environment in ("preprod", "prod", "dev"):
            if environment in self.made:
                self.argo.cluster.remove(self.application_path(environment))

    def stop_git(self):
        if not self.server.stdin.closed:
            self.server.stdin.close()
            self.server.stdout.close()
            self.server.wait()

    def write_repositories(self):
        self.made = set()
        folder = self.world.folder
        for place in (folder / "gitops" / "chart", folder / "charts" / "chart"):
            (place / "templates").mkdir(parents=True)
            for file, text in CHART.items():
                (place / file).write_text(text)
        for file in folder.glob("gitops/values/*/service-demo.yaml"):
            file.write_text(file.read_text().replace("oci:../images", IMAGE))
        config = folder / "gitops" / "samebits.yaml"
        text = re.sub(r"\.\./", f"{folder}/", config.read_text())
        config.write_text(f'{text}\nreconciler: {{kind: argocd, url: "{self.argo.url}", '
                          f'application: "{self.name}-{{environment}}"}}\n')
        self.push("gitops", "Name the reconciler")
        self.world.git("init", "-q", "-b", "main", "charts")
        self.world.git("init", "-q", "--bare", "-b", "main", "charts.git")
        self.push("charts", "Begin")

    def push(self, clone, message):
        self.world.git("-C", clone, "add", ".")
        self.world.git("-C", clone, "commit", "-q", "-m", message)
        self.world.git("-C", clone, "push", "-q", f"../{clone}.git", "HEAD:main")

    def write_by_hand(self, environment, line):
        """Adds a line to the values of an environment, as a person would."""
        self.world.git("-C", "gitops", "pull", "-q", "../gitops.git", "main")
        with open(self.world.folder / f"gitops/values/{environment}/service-demo.yaml", "a", encoding="utf-8") as values:
            values.write(line + "\n")
        self.push("gitops", f"Add {line}")

    def give_token(self, token):
        host = self.argo.url.removeprefix("http://").upper()
        self.world.environment["SAMEBITS_TOKEN_" + re.sub("[^A-Z0-9]", "_", host)] = token

    def namespace(self, environment):
        return f"{self.name}-{environment}"

    def application_path(self, environment):
        return f"/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/{self.name}-{environment}"

    def make_application(self, environment, git=None):
        """`git` is another address of the server."""
        values, git = f"values/{environment}/service-demo.yaml", git or self.url
        gitops, charts = f"{git}/open/gitops.git", f"{git}/open/charts.git"
        policy = AUTOMATED if environment == "preprod" else {}
        spec = {"project": self.name, "syncPolicy": {**policy, "syncOptions": ["CreateNamespace=true"]},
                "destination": {"server": "https://kubernetes.default.svc", "namespace": self.namespace(environment)}}
        if environment == "dev":
            spec["source"] = {"repoURL": gitops, "targetRevision": "main", "path": "chart",
                              "helm": {"valueFiles": ["../" + values]}}
        else:
            spec["sources"] = [{"repoURL": charts, "targetRevision": "main", "path": "chart",
                                "helm": {"valueFiles": ["$values/" + values]}},
                               {"repoURL": gitops, "targetRevision": "main", "ref": "values"}]
        self.argo.make_application(f"{self.name}-{environment}", spec)
        self.made.add(environment)

    def run(self, *arguments, gitops=None):
        """Exit status and document; events are in `events`."""
        done = self.world.run(*arguments, "--gitops", gitops or self.gitops, "--output", "json", timeout=300)
        self.events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith(b"{")]
        return done.returncode, json.loads(done.stdout)

    def must(self, *arguments):
        status, document = self.run(*arguments)
        assert status == 0, document
        return document

    def promote(self, *more):
        """The next snapshot goes to preprod; gives its commit and the document."""
        commit = next(self.snapshots)
        return commit, self.must("promote", "preprod", "--sha", commit, *more)

    def begin(self):
        """preprod runs its first snapshot."""
        commit, _ = self.promote()
        self.make_application("preprod")
        self.must("wait", "preprod", "--timeout", "2m")
        return commit

    def pass_gate(self, commit):
        self.must("gate", "post", "--gate", "preprod-tests", "--sha", commit, "--conclusion", "success")

    def workload_path(self, environment):
        return f"/apis/apps/v1/namespaces/{self.namespace(environment)}/deployments/service-demo"

    def live(self, environment):
        """Images of the Deployment and of its pods, and whether all of the new ones are ready."""
        workload = self.argo.cluster.read(self.workload_path(environment))
        pods = self.argo.cluster.read(f"/api/v1/namespaces/{self.namespace(environment)}/pods")["items"]
        specs = [workload["spec"]["template"]["spec"], *(
            pod["spec"] for pod in pods if "deletionTimestamp" not in pod["metadata"])]
        status = workload["status"]
        ready = (status.get("observedGeneration") == workload["metadata"]["generation"] and
                 status.get("updatedReplicas") == status.get("availableReplicas") == workload["spec"]["replicas"])
        return {container["image"] for spec in specs for container in spec["containers"]}, ready
