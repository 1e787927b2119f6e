"""Makes random files that look like values files, and random edits of them."""
import json
import string

KEYS = ["image", "tag", "repository", "replicas", "env", "resources", "limits", "cpu", "name", "value", "ports", "host",
        "enabled", "annotations", "app.kubernetes.io/name", "args", "service", "type", "nodeSelector", "y", "on", "1",
        "a b", "ghcr.io/x", "digest", "\u00fcber", "extra-config", "null", "ingress"]
HOSTILE = ["", " ", "~", "null", "Null", "true", "Yes", "on", "OFF", "y", "N", "1.10", "0123457", "12e4567", "1_000",
           "0x1F", "0o17", "0b11", "2024-01-01", "2024-01-01T00:00:00Z", "=", "<<", ".inf", "-.INF", ".nan", "12:30:45",
           "1:2", "+1", "-0", "1.", ".5", "1e3", "0_1", "a: b", "a:", ": b", "a #b", "#b", "- a", "-", "?", "? a", "*a",
           "&a", "!a", "!!str a", "%a", "@a", "`a", "{a}", "[a]", "a, b", "}", "|", ">", "'", '"', "it's", 'say "x"',
           "a\\b", "a\nb", "a\n", "\na", "a\n\nb\n", "a\n\n", "  a", "a  ", "\ta", "a\tb", "---", "--- a", "...", "... a",
           "{{ .Values.x }}", "a{{b}}", "\u00e9", "\u65e5\u672c", "\U0001f600", "\u0085", "\u2028", "\ufeff", "a\rb",
           "\x01", "\x7f", "x" * 300, "long words " * 30, "v1.2.3", "main-0a1b2c3", "sha256:" + "ab" * 32, "1234567",
           "12345678901234567890", "http://x:80/a#b", "a,b", "key: [x]", "0.1.2", "1.2.3-rc.1+b", "-1", "- ", "\n", "\n\n"]
PLAIN = ["v1.2.3", "main-4f9d3c1", "nginx", "info", "500m", "256Mi", "8080", "true", "false", "1.5", "ghcr.io/acme/api",
         "IfNotPresent", "/healthz", "some words here", "http://localhost:80/x", "a#b", "0755", "null", "~", "x:y", "-1"]


def text(rng):
    if rng.random() < 0.6:
        return rng.choice(HOSTILE)
    if rng.random() < 0.5:
        return rng.choice(PLAIN)
    alphabet = rng.choice([string.printable.replace("\x0b", "").replace("\x0c", ""), "01e.+-_x", " :#-\n'\"", "ab\u00e9,[]{}"])
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(1, 9)))


def value(rng, depth=0):
    kind = rng.random()
    if depth < 3 and kind < 0.08:
        return {rng.choice(KEYS + HOSTILE[1:40]): value(rng, depth + 1) for _ in range(rng.randrange(0, 4))}
    if depth < 3 and kind < 0.16:
        return [value(rng, depth + 1) for _ in range(rng.randrange(0, 4))]
    if kind < 0.24:
        return rng.choice([0, 1, -7, 8080, 123456789012, 1.5, -0.25, 1e100, 2.5e-7])
    if kind < 0.30:
        return rng.choice([True, False, None])
    return text(rng)


class Writer:
    """Writes one file line by line; `hard` counts what the editor may rightly refuse to touch."""

    def __init__(self, rng):
        self.rng = rng
        self.step = rng.choice([2, 2, 2, 4, 3])
        self.list_step = rng.choice([0, self.step])
        self.anchors = []
        self.hard = 0

    def comment(self):
        rng = self.rng
        if rng.random() < 0.15:
            return rng.choice(["  # keep", " # a: b", "\t# tab", "     # it's", "  #", "  # {{ x }}"])
        return rng.choice(["", "", "", "  ", " "]) if rng.random() < 0.2 else ""

    def between(self, indent):
        rng = self.rng
        if rng.random() < 0.12:
            return rng.choice(["", "", "  ", " " * indent + "# about what follows", "# at the margin",
                               " " * indent + "#", ""]) + "\n"
        return ""

    def scalar(self, indent, flow):
        """The text behind a `:` or a dash, with a blank in front where there is any."""
        rng = self.rng
        kind = rng.random()
        anchor = ""
        if not flow and rng.random() < 0.03:
            self.anchors.append("n%d" % len(self.anchors))
            anchor = " &" + self.anchors[-1]
        elif self.anchors and rng.random() < 0.05:
            self.hard += 1
            return " *" + rng.choice(self.anchors) + (" " if flow else self.comment())
        if kind < 0.08 and not flow:
            return anchor + self.comment()
        if kind < 0.20 and not flow:
            return anchor + self.block(indent)
        if kind < 0.28 and not flow:
            return anchor + self.several_lines(indent)
        if kind < 0.5:
            word = rng.choice(PLAIN + ["a\\nb", "it''s"]) if rng.random() < 0.7 else "x y"
            return anchor + (' "%s"' % word.replace("''", "'")) + ("" if flow else self.comment())
        if kind < 0.65:
            return anchor + (" '%s'" % rng.choice(PLAIN + ["it''s", "a: b", ' "q" '])) + ("" if flow else self.comment())
        word = rng.choice(PLAIN)
        if kind < 0.68:
            anchor += " !!str"
        return anchor + " " + rng.choice(["", "", "", "  "]) + word + ("" if flow else self.comment())

    def block(self, indent):
        rng = self.rng
        inner = indent + self.step
        lines = [rng.choice(["one", "two words", "# no comment", "a: b", "", "  deeper", "- x", "{{ t }}", "tab\tin"])
                 for _ in range(rng.randrange(1, 5))]
        if not lines[0].strip() or lines[0].startswith(" "):
            lines[0] = "first"
        if rng.random() < 0.8 and not lines[-1]:
            lines[-1] = "last"
        header = rng.choice(["|", "|", "|-", ">", ">-", "|+", ">-"])
        if rng.random() < 0.1:
            header += str(self.step)
        return " " + header + rng.choice(["", "", "  # head"]) + "".join(
            "\n" + (" " * inner + line if line else "") for line in lines)

    def several_lines(self, indent):
        inner = " " * (indent + self.step)
        kind = self.rng.random()
        if kind < 0.3:
            return "\n" + inner + self.rng.choice(PLAIN) + self.comment()
        if kind < 0.6:
            return " first words\n" + inner + "second line" + self.comment()
        if kind < 0.8:
            return ' "first words\n' + inner + 'second line"' + self.comment()
        return " 'first words\n\n" + inner + "second line'"

    def flow(self, depth):
        rng = self.rng
        if rng.random() < 0.5:
            keys = rng.sample(KEYS, rng.randrange(0, 4))
            inner = ", ".join(self.key(k) + ":" + self.flow_child(depth) for k in keys)
            return "{" + rng.choice(["", " "]) + inner + rng.choice(["", " "]) + "}"
        return "[" + ", ".join(self.flow_child(depth).strip() for _ in range(rng.randrange(0, 4))) + "]"

    def flow_child(self, depth):
        if depth < 2 and self.rng.random() < 0.2:
            return " " + self.flow(depth + 1)
        text_of = self.scalar(0, True)
        return text_of if ": " not in text_of.replace("': ", "") or text_of.strip()[0] in "\"'" else " x"

    def key(self, name):
        if name in ("y", "on", "1", "null") or self.rng.random() < 0.05:
            return '"%s"' % name
        return name

    def mapping(self, indent, depth, first_prefix=None):
        rng = self.rng
        out = ""
        for index, name in enumerate(rng.sample(KEYS, rng.randrange(1, 6))):
            if index == 0 and first_prefix is not None:
                out += first_prefix
            else:
                out += self.between(indent) + " " * indent
            out += self.key(name) + rng.choice(["", "", "", "", " "]) + ":"
            out += self.child(indent, depth)
        return out

    def child(self, indent, depth):
        rng = self.rng
        kind = rng.random()
        if depth < 4 and kind < 0.3:
            return self.comment() + "\n" + self.mapping(indent + self.step, depth + 1)
        if depth < 4 and kind < 0.45:
            return self.comment() + "\n" + self.items(indent + self.list_step, depth + 1)
        if kind < 0.55:
            return " " + self.flow(0) + self.comment() + "\n"
        return self.scalar(indent, False) + "\n"

    def items(self, indent, depth):
        rng = self.rng
        out = ""
        for _ in range(rng.randrange(1, 5)):
            out += self.between(indent)
            dash = " " * indent + "- "
            if rng.random() < 0.5:
                out += self.mapping(indent + 2, depth + 1, dash)
            elif rng.random() < 0.15:
                out += dash + self.flow(0) + self.comment() + "\n"
            else:
                value_text = self.scalar(indent, False)
                out += dash[:-1] + value_text + "\n"
        return out


def make_file(rng):
    """The bytes of a file, and whether it holds what may rightly be refused."""
    writer = Writer(rng)
    body = writer.mapping(0, 0)
    if rng.random() < 0.1:
        body = "# a header\n\n" + body
    if rng.random() < 0.08:
        body = "---\n" + body
    if rng.random() < 0.1:
        body += rng.choice(["\n", "# the end\n", "\n\n# the end\n", "...\n"])
    if rng.random() < 0.15:
        body = body.rstrip("\n")
    data = body.encode()
    if rng.random() < 0.15:
        data = data.replace(b"\n", b"\r\n")
    if rng.random() < 0.05:
        data = b"\xef\xbb\xbf" + data
    return data, writer


def path_text(path):
    out = ""
    for part in path:
        if isinstance(part, int):
            out += "[%d]" % part
        elif all(c.isalnum() or c in "-_/" for c in part) and part:
            out += ("." if out else "") + part
        else:
            out += "[%s]" % json.dumps(part)
    return out


def paths_of(data, path=()):
    """Every place in loaded data whose keys are strings."""
    if isinstance(data, dict):
        for key, child in data.items():
            if isinstance(key, str):
                yield path + (key,)
                yield from paths_of(child, path + (key,))
    elif isinstance(data, list):
        for index, child in enumerate(data):
            yield path + (index,)
            yield from paths_of(child, path + (index,))


def place(data, path):
    for part in path:
        data = data[part]
    return data


def random_edit(rng, data):
    """{action, path, value} of a random place; `path` is a tuple."""
    places = list(paths_of(data))
    if not places:
        return None
    path = rng.choice(places)
    kind = rng.random()
    target = place(data, path)
    if kind < 0.2 and isinstance(target, (dict, type(None))):
        name = rng.choice(KEYS + HOSTILE[1:45])
        deeper = (name,) if rng.random() < 0.7 else (name, "made")
        return {"action": "create", "path": path + deeper, "value": value(rng)}
    if isinstance(target, list) and kind < 0.7:
        return {"action": "append", "path": path, "value": value(rng)}
    if kind < 0.35:
        return {"action": "delete", "path": path, "value": None}
    return {"action": "set", "path": path, "value": value(rng)}
