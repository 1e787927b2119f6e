"""Speaks to values_edit_program, whose source says how requests and answers look."""
import json
import subprocess


class EditProgram:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def edit(self, data, edits, **options):
        """Bytes, and a list of {action, path, value}: gives the error (or None) and the new bytes."""
        request = {"size": len(data), "edits": edits, **options}
        self.process.stdin.write(json.dumps(request).encode() + b"\n" + data)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the program ended with status %s on %r %r" % (self.process.wait(), data, edits))
        answer = json.loads(line)
        return answer.get("error"), self.process.stdout.read(answer["size"])
