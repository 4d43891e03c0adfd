# SPDX-License-Identifier: Apache-2.0
"""The table of fuzz targets that CMake writes (targets.json), and the builds that it is of."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary"


class Wrong(Exception):
    """Said to the user as it is, without a stack."""


@dataclass(frozen=True)
class Target:
    name: str
    kind: str
    max_len: int
    dict: str
    floor: int  # executions a second that it must reach under ASan
    binary: Path

    @property
    def seeds(self):
        return ROOT / "fuzz" / "corpus" / self.name

    @property
    def dictionary(self):
        return ROOT / "fuzz" / "dict" / f"{self.dict}.dict" if self.dict else None


def load(build):
    """The targets of a build folder, by name; the canary is one of them."""
    table = Path(build) / "fuzz" / "targets.json"
    try:
        rows = json.loads(table.read_text())
    except FileNotFoundError:
        raise Wrong(f"{table}: not there; is the folder built?") from None
    return {row["name"]: Target(row["name"], row.get("kind", ""), int(row.get("max_len") or 0),
                                row.get("dict") or "", int(row.get("floor") or 0),
                                Path(build) / "fuzz" / f"fuzz_{row['name']}") for row in rows}


def pick(targets, names):
    """The named targets, or all but the canary; in the order of the table."""
    unknown = sorted(set(names) - set(targets))
    if unknown:
        known = ", ".join(sorted(set(targets) - {CANARY}))
        raise Wrong(f"no such target: {', '.join(unknown)}; there are: {known or 'none yet'}")
    return [t for t in targets.values() if t.name != CANARY and (not names or t.name in names)]


def shown(path):
    """A path as one types it: below the repository without its folder."""
    path = Path(os.path.abspath(path))
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)


def build(folder, configure, goals, log, stop=None):
    """Configures and builds; `configure` are cmake's arguments beside the folders. Raises Wrong."""
    env = dict(os.environ, CCACHE_NOHASHDIR="1")
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    jobs = os.environ.get("WIB_JOBS") or str(os.cpu_count() or 1)
    with open(log, "w") as out:
        for command in (["cmake", "-S", str(ROOT), "-B", str(folder), *configure],
                        ["cmake", "--build", str(folder), "-j", jobs, "--target", *goals]):
            out.write(f"$ {' '.join(command)}\n")
            out.flush()
            child = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT, env=env,
                                     stdin=subprocess.DEVNULL)
            while child.poll() is None:
                if stop is not None and stop.asked:  # ninja ends its compilers
                    child.terminate()
                    child.wait()
                    raise Wrong("stopped while building")
                time.sleep(0.1)
            if child.returncode != 0:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
                raise Wrong(f"the build failed (all of it: {shown(log)}):\n{tail}")
