"""Makes GitOps repositories large, by git fast-import."""
import subprocess

VALUES = """# values of {name}
image:
  repository: registry.example.com/acme/{name}
  tag: v1.{tag}.0
replicaCount: 3
service:
  port: 80
resources:
  limits: {{memory: 256Mi}}
env:
  APP_ENV: {environment}
  LOG_LEVEL: info
"""
ENVIRONMENTS = ("preprod", "prod", "dev", "staging")
BUSY = 50


def fill(repository, environment, files, commits):
    """Adds values files of other services beside those that are there, then commits that change one of a small folder.

    What a commit costs here is the folders that it writes: in one of 5,000 files it is 0.3 MB, which makes 50,000 of them
    the work of an hour. At the tip nobody sees which files they changed.
    """
    git = ["git", "-C", str(repository)]
    tip = subprocess.run([*git, "rev-parse", "main"], check=True, env=environment, capture_output=True,
                         text=True).stdout.strip()
    importer = subprocess.Popen([*git, "fast-import", "--quiet", "--depth=50", "--force"], env=environment,
                                stdin=subprocess.PIPE)
    write = importer.stdin.write

    def data(text):
        encoded = text.encode()
        write(b"data %d\n%s\n" % (len(encoded), encoded))

    def commit(number, message):
        write(b"commit refs/heads/main\ncommitter Bot <bot@example.com> %d +0000\n" % (1_700_000_000 + number * 60))
        data(message)
        if number == 0:
            write(f"from {tip}\n".encode())

    def put(index, tag):
        where = ENVIRONMENTS[index % len(ENVIRONMENTS)]
        name = f"service-{index // len(ENVIRONMENTS):05d}"
        write(f"M 100644 inline values/{where}/{name}.yaml\n".encode())
        data(VALUES.format(name=name, environment=where, tag=tag))

    def put_busy(index, tag):
        write(f"M 100644 inline values/busy/service-{index:02d}.yaml\n".encode())
        data(VALUES.format(name=f"service-{index:02d}", environment="busy", tag=tag))

    commit(0, "Import all services")
    for index in range(files):
        put(index, 0)
    for number in range(1, commits):
        commit(number, f"Promote service {number % BUSY}")
        put_busy(number % BUSY, number)
    importer.stdin.close()
    assert importer.wait() == 0
    subprocess.run([*git, "repack", "-dq"], check=True, env=environment)
    subprocess.run([*git, "commit-graph", "write", "--reachable", "--no-progress"], check=True, env=environment)
