# SPDX-License-Identifier: Apache-2.0
"""What lasts: files that are whole or not there, the night that is under way, the history."""

import json
import os
import tempfile
import time
from pathlib import Path


def write(path, text):
    """The file has the old text or the new one, whatever stops us."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_json(path, value):
    write(path, json.dumps(value, indent=1) + "\n")


def read_json(path, otherwise=None):
    """What the file has; `otherwise` if there is none or it is not JSON."""
    try:
        return json.loads(Path(path).read_text())
    except (FileNotFoundError, ValueError):
        return otherwise


def history(path):
    """The nights before, oldest first. A line that is torn or foreign is no reason to stop."""
    nights = []
    try:
        lines = Path(path).read_text().splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            night = json.loads(line)
            if isinstance(night, dict) and night.get("night"):
                nights.append(night)
        except ValueError:
            pass
    return nights


def remember(path, night):
    """Adds a night to the history; one that is there already (the same beginning) is replaced."""
    nights = [n for n in history(path) if n["night"] != night["night"]] + [night]
    write(path, "".join(json.dumps(n) + "\n" for n in nights))


class Night:
    """The parts of one night and how far each came, in DIR/state.json. Opening a night that was
    interrupted goes on with it: parts that are over are not done again, and the time that was
    spent stays spent."""

    OVER = ("done", "failed", "stopped by the budget", "skipped", "not there")

    def __init__(self, folder, minutes, commit, fresh=False, now=time.time):
        self.path = Path(folder) / "state.json"
        self.now = now
        old = None if fresh else read_json(self.path)
        self.resumed = bool(old and not old.get("finished"))
        if self.resumed:
            self.state = old
            if commit not in old["commits"]:
                old["commits"].append(commit)
            old["interruptions"] = old.get("interruptions", 0) + 1
        else:
            begun = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(now()))
            self.state = {"night": begun, "commits": [commit], "parts": {}, "progress": {},
                          "spent": 0.0, "finished": False}
        self.state["minutes"] = minutes
        self.save()

    def save(self):
        write_json(self.path, self.state)

    def over(self, part):
        return self.state["parts"].get(part, {}).get("status") in self.OVER

    def progress(self, part):
        """What a part keeps for itself between steps; kept() saves it."""
        return self.state["progress"].setdefault(part, {})

    def close(self, part, outcome, seconds):
        self.state["parts"][part] = dict(outcome, seconds=round(seconds, 1))
        self.state["progress"].pop(part, None)
        self.spend(seconds)

    def spend(self, seconds):
        self.state["spent"] = round(self.state["spent"] + seconds, 1)
        self.save()

    def budget(self, part, shares):
        """Seconds for a part: its share of what is left among the parts that are still to come.
        What one leaves over is thereby the others'."""
        left = max(0.0, self.state["minutes"] * 60 - self.state["spent"])
        total = sum(share for name, share in shares.items() if not self.over(name))
        return left * shares[part] / total if total else 0.0

    def finish(self):
        self.state["finished"] = True
        self.save()


def verdict(parts):
    """VOID, crashes, failed or clean, and why. VOID is above all: it says that the rest is worth
    nothing."""
    void, crashes, failed = [], [], []
    bird = parts.get("canary", {})
    if not bird.get("died"):
        void.append(f"the canary, which must die, did not: {bird.get('why') or 'it was not run'}")
    for hunt in parts.get("traces", {}).get("hunts", []):
        name = f"wib hunt, {hunt.get('suite')}, {hunt.get('entropy', 'strong')}"
        planted = hunt.get("canary")
        if (planted is not None and not planted.get("found")) or hunt.get("void"):
            why = "void" if (planted or {}).get("found") else f"the planted bug {(planted or {}).get('id')} was not found"
            void.append(f"{name}: {why}")
        for row in hunt.get("properties", []):
            # wib hunt knows what falls on which suite; where it does not say, hardened must hold.
            if row.get("violations") and (row.get("expected") is False or (
                    row.get("expected") is None and hunt.get("must_hold"))):
                crashes.append(f"{name}: {row['id']} violated")
        for finding in hunt.get("findings", []):
            if finding.get("verdict") == "not reproduced":
                failed.append(f"{name}: {finding.get('property')} not reproduced with real bytes")
        if hunt.get("exit") not in (None, 0, 1, 3):
            failed.append(f"{name}: exit {hunt['exit']}")
    for row in parts.get("known", {}).get("still", []):
        crashes.append(f"{row['target']}: still dies of {row['file']}")
    for name in ("fuzz", "instrumented"):
        for result in parts.get(name, {}).get("targets", []):
            crashes += [f"{result['name']}: {c['title']}" for c in result.get("crashes", [])]
            if result.get("failure"):
                failed.append(f"{result['name']} ({name}): {result['failure']}")
    for name, part in parts.items():
        if part.get("status") == "failed":
            failed.append(f"{name}: {part.get('note') or 'failed'}")
        failed += part.get("failures", [])
    word = "VOID" if void else "crashes" if crashes else "failed" if failed else "clean"
    return word, list(dict.fromkeys(void + crashes + failed))


def killed(row):
    """Whether a planted bug was found, by every hunt for it."""
    if isinstance(row.get("kills"), list):
        return bool(row["kills"]) and all(kill.get("found") for kill in row["kills"])
    return bool(row.get("killed", row.get("found", False)))
