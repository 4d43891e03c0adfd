# SPDX-License-Identifier: Apache-2.0
"""How much of the product code the corpora reach: lines, by folder, by llvm-cov."""

import glob
import json
import os
import subprocess
import tempfile
from pathlib import Path

import targets as table
from targets import ROOT, Wrong

FOLDERS = ("protocol", "backends", "attacks")
CONFIGURE = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_COMPILER=clang-19",
             "-DCMAKE_CXX_COMPILER=clang++-19", "-DWIB_FUZZ_ENGINE=", "-DWIB_SANITIZE=",
             "-DCMAKE_C_FLAGS=-O1 -fprofile-instr-generate -fcoverage-mapping",
             "-DCMAKE_CXX_FLAGS=-O1 -fprofile-instr-generate -fcoverage-mapping"]


def build(folder, log, stop):
    table.build(folder, CONFIGURE, ["fuzz_targets"], log, stop)


def replay(target, inputs, profile, log, seconds):
    """Runs the inputs (files and folders) once. An input that kills the program is left out and
    named: the profile of the others counts. Returns (done, files that killed)."""
    killers = []
    folders = [str(f) for f in inputs if f.is_dir() and any(f.iterdir())]
    if not folders:
        return True, killers
    env = dict(os.environ, LLVM_PROFILE_FILE=str(profile))
    arguments = folders
    for _ in range(6):
        with open(log, "wb") as out:
            try:
                code = subprocess.run([str(target.binary), *arguments], stdout=out, stderr=out,
                                      stdin=subprocess.DEVNULL, env=env,
                                      timeout=max(1, seconds)).returncode
            except subprocess.TimeoutExpired:
                return False, killers
        if code == 0:
            return True, killers
        said = Path(log).read_text(errors="replace")
        died = [line[len("fuzz: died on "):] for line in said.splitlines()
                if line.startswith("fuzz: died on ")]
        if not died:
            return False, killers
        killers.append(died[-1])
        arguments = [str(path) for folder in folders for path in sorted(Path(folder).rglob("*"))
                     if path.is_file() and str(path) not in killers]
    return False, killers


def objects(folder, ran):
    """What holds the mapping of the code: the programs that ran, and the object files of our
    libraries, for a source that no program was linked with to count as not reached rather than not
    to count. (Not the archives: llvm-cov 19 wants alignment, which their members have not.)"""
    return [str(t.binary) for t in ran] + sorted(
        path for name in FOLDERS
        for path in glob.glob(f"{folder}/{name}/**/CMakeFiles/wib_*.dir/**/*.o", recursive=True))


def export(files, profile, *options):
    command = ["llvm-cov-19", "export", f"-instr-profile={profile}", *options, files[0]]
    for name in files[1:]:
        command += ["-object", name]
    command += [f"{ROOT}/{name}" for name in FOLDERS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(f"llvm-cov-19: {done.stderr.strip()[-400:]}")
    return done.stdout


def by_folder(summary, root=ROOT):
    """llvm-cov's JSON as {folder: {"lines", "covered"}}; a folder is two levels deep at most, and
    each of the three has its sum. Tests and other languages of the tree are not in it."""
    folders = {}
    for entry in summary["data"][0]["files"]:
        path = os.path.relpath(entry["filename"], root)
        parts = path.split("/")
        if parts[0] not in FOLDERS or parts[-1].endswith("_test.cc"):
            continue
        lines = entry["summary"]["lines"]
        for name in {parts[0], "/".join(parts[:2]) if len(parts) > 2 else parts[0] + "/*"}:
            row = folders.setdefault(name, {"lines": 0, "covered": 0})
            row["lines"] += lines["count"]
            row["covered"] += lines["covered"]
    return dict(sorted(folders.items()))


def uncovered(lcov, root=ROOT):
    """The lines of protocol/ that nothing reached: {file: "3-5, 9"}."""
    missing, name = {}, None
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            name = os.path.relpath(line[3:], root)
        elif line.startswith("DA:") and name and name.startswith("protocol/"):
            number, count = line[3:].split(",")[:2]
            if int(count) == 0:
                missing.setdefault(name, []).append(int(number))
    return {name: ranges(numbers) for name, numbers in sorted(missing.items())}


def ranges(numbers):
    told, numbers = [], sorted(set(numbers))
    for number in numbers:
        if told and told[-1][1] == number - 1:
            told[-1][1] = number
        else:
            told.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in told)


def measure(folder, corpora, logs, seconds, now, stop):
    """Replays every corpus and counts. `corpora(name)`: the folders of a target."""
    begun = now()
    known = {n: t for n, t in table.load(folder).items() if n != table.CANARY}
    ran, killers, late = [], {}, []
    with tempfile.TemporaryDirectory() as work:
        for i, target in enumerate(known.values()):
            left = seconds - (now() - begun)
            if stop.asked or left < 1:
                late.append(target.name)
                continue
            profile = Path(work) / f"{target.name}.profraw"
            done, died = replay(target, corpora(target.name), profile,
                                Path(logs) / f"replay.{target.name}.log",
                                left / (len(known) - i) * 2)
            if died:
                killers[target.name] = died
            if not done:
                late.append(target.name)
            if profile.exists():
                ran.append(target)
        if not ran:
            return {"status": "not there", "note": "no corpora to replay", "folders": {}}
        merged = f"{work}/all.profdata"
        subprocess.run(["llvm-profdata-19", "merge", "-sparse", "-o", merged,
                        *glob.glob(f"{work}/*.profraw")], check=True, capture_output=True)
        files = objects(folder, ran)
        folders = by_folder(json.loads(export(files, merged, "-summary-only")))
        missing = uncovered(export(files, merged, "-format=lcov"))
    return {"status": "stopped by the budget" if late else "done",
            "note": f"not replayed to the end: {', '.join(late)}" if late else "",
            "folders": folders, "uncovered": missing, "replayed": len(ran),
            "failures": [f"replay: {name} dies on {', '.join(f)}" for name, f in killers.items()]}
