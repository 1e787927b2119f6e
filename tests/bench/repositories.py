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


def fill(repository, environment, files, commits):
    """Adds values files of other services beside those that are there, then commits that each change one of them."""
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

    commit(0, "Import all services")
    for index in range(files):
        put(index, 0)
    for number in range(1, commits):
        commit(number, f"Promote service {number % files}")
        put((number * 7919) % files, number)
    importer.stdin.close()
    assert importer.wait() == 0
    subprocess.run([*git, "repack", "-adq"], check=True, env=environment)
    subprocess.run([*git, "commit-graph", "write", "--reachable", "--no-progress"], check=True, env=environment)
