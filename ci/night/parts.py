# SPDX-License-Identifier: Apache-2.0
"""The parts of a night. Each is given its seconds, keeps to them, and says what came of it as
plain data: {"status": done | failed | stopped by the budget | not there, "note", ...}."""

import hashlib
import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import campaign
import coverage
import keep
import targets as table
from engine import environment, kill_session
from targets import CANARY, ROOT, Wrong, shown

# What each part gets of the time. What one leaves over goes to those after it.
SHARES = {"canary": 1, "known": 1, "fuzz": 40, "instrumented": 12, "merge": 6, "coverage": 5,
          "mutants": 10, "models": 10, "traces": 15}
# wib hunt: hardened gets most. By suite and the generator of the device.
HUNTS = {("hardened", "strong"): 3, ("hardened", "repeat"): 2, ("as_posted", "strong"): 1}


class Context:
    """What the parts share: where things are, how much may run side by side, who may stop it."""

    def __init__(self, state, builds, jobs, night, stop, say):
        self.state, self.builds, self.jobs = Path(state), Path(builds), jobs
        self.night, self.stop, self.say = night, stop, say
        self.logs = self.state / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.failed_builds = {}  # part of the tree -> why
        self.no_instrumented = None  # why there is no such leg

    def targets(self, build="fuzz"):
        return table.load(self.builds / build)


# --- Commands ------------------------------------------------------------------------------------

def command(context, arguments, log, seconds, env=None):
    """Runs it for so long at most. Exit code; None: the budget (or a Ctrl-C) stopped it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as out:
        out.write(f"$ {shlex.join(map(str, arguments))}\n".encode())
        out.flush()
        child = subprocess.Popen([str(a) for a in arguments], stdout=out, stderr=out, cwd=ROOT,
                                 stdin=subprocess.DEVNULL, start_new_session=True, env=env)
        return wait([child], seconds, context.stop)[0]


def wait(children, seconds, stop):
    deadline = time.monotonic() + seconds
    while any(c.poll() is None for c in children):
        if stop.asked or time.monotonic() > deadline:
            for child in children:
                if child.poll() is None:
                    kill_session(child.pid)
                    child.wait()
                    child.returncode = None
            break
        time.sleep(0.1)
    return [c.returncode for c in children]


def wib_has(wib, words, wanted):
    """Whether a command of wib is there. Its own help must say so: `wib --help` answers too when
    it does not know the word before."""
    try:
        done = subprocess.run([str(wib), *words, "--help"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    usage = f"Usage: wib {' '.join(words)}"
    return done.returncode == 0 and usage in done.stdout and wanted in done.stdout


# --- Fuzzing -------------------------------------------------------------------------------------

def canary(context, seconds):
    bird = campaign.canary(context.targets(), max(30, min(60, seconds)), context.stop)
    return dict(bird, status="done" if bird["died"] else "failed", took=bird.pop("seconds"),
                note="" if bird["died"] else bird["why"])


def known(context, seconds):
    """The crashes of earlier nights: who still dies. What does not any more is put aside."""
    targets, still, gone = context.targets(), [], []
    deadline = time.monotonic() + max(20, seconds)
    for target in targets.values():
        folder = context.state / "crashes" / target.name
        for file in sorted(folder.glob("*-*"))[:50] if folder.is_dir() else []:
            if context.stop.asked or time.monotonic() > deadline:
                return {"status": "stopped by the budget", "still": still, "gone": gone}
            log = context.logs / f"known.{target.name}.log"
            arguments = [target.binary, "-timeout=10", "-rss_limit_mb=2560", file]
            if command(context, arguments, log, 30, environment()) == 0:
                aside = context.state / "crashes-gone" / target.name
                aside.mkdir(parents=True, exist_ok=True)
                os.replace(file, aside / file.name)
                gone.append(shown(aside / file.name))
            else:
                still.append({"target": target.name, "file": shown(file),
                              "command": f"{shown(target.binary)} {shown(file)}"})
    return {"status": "done", "still": still, "gone": gone}


def together(first, second):
    """Two runs of one target as one: of a night that was interrupted between."""
    crashes = {c["signature"]: c for c in second["crashes"]}
    crashes.update({c["signature"]: c for c in first["crashes"]})
    seconds = round(first["seconds"] + second["seconds"], 1)
    execs = first["execs"] + second["execs"]
    return dict(second, execs=execs, seconds=seconds, crashes=list(crashes.values()),
                execs_per_s=round(execs / seconds) if seconds else 0,
                cov=max(first["cov"], second["cov"]), ft=max(first["ft"], second["ft"]),
                corpus_new=first["corpus_new"] + second["corpus_new"])


def run_targets(context, part, chosen, seconds):
    """Fuzzes the chosen ones by budget; what is done of a night that was interrupted is kept."""
    done = context.night.progress(part).setdefault("targets", {})
    waiting = [t for t in chosen if t.name not in done or done[t.name]["stopped"]]
    rounds = -(-len(waiting) // context.jobs)
    each = seconds / rounds - 2 if rounds else 0  # 2: to start and to end
    few = each < 3
    if few:
        each, fit = 3, max(1, int(seconds // 5)) * context.jobs
        waiting = waiting[:fit]

    def on_done(result):
        old = done.get(result["name"])
        done[result["name"]] = together(old, result) if old else result
        context.night.save()
        context.say(f"  {result['name']}: {result['execs_per_s']} exec/s, cov {result['cov']},"
                    f" corpus {result['corpus']} ({result['corpus_new']:+})"
                    + (f", {len(result['crashes'])} CRASHES" if result["crashes"] else "")
                    + (f", FAILED: {result['failure']}" if result["failure"] else ""))

    campaign.run(waiting, context.state, each, context.jobs, context.stop, on_done, leg=part)
    left = [t.name for t in chosen if t.name not in done]
    return {"status": "stopped by the budget" if left else "done", "each": round(each),
            "note": f"not fuzzed: {', '.join(left)}" if left else "", "targets": list(done.values())}


def fuzz(context, seconds):
    chosen = table.pick(context.targets(), [])
    return run_targets(context, "fuzz", chosen, seconds) if chosen else nothing("no target but the canary")


def nothing(why):
    return {"status": "not there", "note": why}


def reaches_crypto(target):
    """Whether a program of the stock build is linked with a crypto library."""
    done = subprocess.run(["readelf", "-d", str(target.binary)], capture_output=True, text=True)
    return bool(re.search(r"NEEDED.*\[lib(wolfssl|crypto|mbedcrypto)\.so", done.stdout))


def crypto_targets(context):
    return [t.name for t in table.pick(context.targets(), []) if reaches_crypto(t)]


def instrumented(context, seconds):
    if context.no_instrumented:
        return nothing(f"{context.no_instrumented}; the stock libraries are the only leg")
    names = crypto_targets(context)
    if not names:
        return nothing("no target is linked with a crypto library")
    return run_targets(context, "instrumented", table.pick(context.targets("fuzz-instrumented"), names),
                       seconds)


def merge(context, seconds):
    """With the instrumented libraries where there are any: what only they tell apart would else be
    thrown away."""
    deadline = time.monotonic() + seconds
    done = context.night.progress("merge").setdefault("corpora", {})
    targets = context.targets()
    if not context.no_instrumented:
        there = context.targets("fuzz-instrumented")
        targets = {**targets, **{n: there[n] for n in crypto_targets(context) if n in there}}
    chosen = [t for t in table.pick(targets, []) if t.name not in done]
    for i, target in enumerate(chosen):
        if context.stop.asked:
            break
        left = deadline - time.monotonic()
        if left < 1:
            break
        share = left / (len(chosen) - i) * 3  # few need their share: the slow may have it
        done[target.name] = campaign.minimise(
            target, context.state / "corpus" / target.name, min(max(2.0, share), left),
            context.stop, context.logs / f"merge.{target.name}.log")
        context.night.save()
    late = [n for n, row in done.items() if row["status"] == "stopped by the budget"]
    late += [t.name for t in chosen if t.name not in done]
    bad = [n for n, row in done.items() if row["status"] == "failed"]
    return {"status": "stopped by the budget" if late else "done", "corpora": list(done.values()),
            "failures": [f"merge: {name} (the log: {shown(context.logs)}/merge.{name}.log)" for name in bad],
            "note": f"not minimised: {', '.join(late)}" if late else ""}


def corpora_of(context, name):
    return [ROOT / "fuzz" / "corpus" / name, context.state / "corpus" / name]


def measure(context, seconds):
    if "coverage" in context.failed_builds:
        return {"status": "failed", "note": context.failed_builds["coverage"]}
    return coverage.measure(context.builds / "coverage", lambda name: corpora_of(context, name),
                            context.logs, seconds, time.monotonic, context.stop)


# --- What the other engines say ------------------------------------------------------------------

def ctest_verdicts(text):
    """Of ctest's lines: {"passed": {test: seconds}, "failed": {...}, "begun": [...]}"""
    verdicts = {"passed": {}, "failed": {}, "begun": []}
    for line in text.splitlines():
        start = re.match(r"\s*Start\s+\d+: (\S+)", line)
        end = re.match(r"\s*\d+/\d+ Test\s+#\d+: (\S+) \.*\s*(.*?)\s+([\d.]+) sec", line)
        if start:
            verdicts["begun"].append(start[1])
        if end:
            kind = "passed" if end[2] == "Passed" else "failed"
            verdicts[kind][end[1]] = float(end[3])
    over = {**verdicts["passed"], **verdicts["failed"]}
    verdicts["begun"] = [name for name in verdicts["begun"] if name not in over]
    return verdicts


def ctest(context, options, log, seconds):
    code = command(context, ["ctest", "--test-dir", context.builds / "dev", "--output-on-failure",
                             "-j", str(context.jobs), *options], log, seconds)
    return code, ctest_verdicts(log.read_text(errors="replace"))


def planting(context):
    """The commands that plant bugs, of those that there are."""
    dev = context.builds / "dev"
    wib, table_of = dev / "attacks" / "wib", dev / "fuzz" / "planted" / "wib_kill_table"
    labels = subprocess.run(["ctest", "--test-dir", str(dev), "--print-labels"], capture_output=True, text=True).stdout
    ctests = ["ctest", "--test-dir", dev, "--output-on-failure", "-j", context.jobs]
    if table_of.exists():
        yield "wib_kill_table", [table_of, "--seeds", "1", "--bytes-seconds", "0.5",
                                 "--json", context.state / "planted.json"]
    if re.search(r"^\s+fuzz-planted$", labels, re.M):
        yield "ctest -L fuzz-planted", [*ctests, "-L", "^fuzz-planted$"]
        yield "ctest -R _planted", [*ctests, "-R", "_planted$"]
    if wib_has(wib, ["model", "mutants"], "bugs"):
        yield "wib model mutants", [wib, "model", "mutants"]


def mutants(context, seconds):
    """Bugs that are planted: each must be noticed."""
    if "dev" in context.failed_builds:
        return {"status": "failed", "note": context.failed_builds["dev"]}
    deadline = time.monotonic() + seconds
    ran, late, failures = [], [], []
    (context.state / "planted.json").unlink(missing_ok=True)
    jobs = list(planting(context))
    for i, (name, arguments) in enumerate(jobs):
        left, log = deadline - time.monotonic(), context.logs / f"mutants.{name.replace(' ', '-')}.log"
        code = command(context, arguments, log, left / (len(jobs) - i))
        lines = log.read_text(errors="replace").strip().splitlines()[1:]
        said = next((l.strip() for l in reversed(lines) if re.search(r"planted|killed|passed|found", l)), "")
        ran.append({"name": name, "code": code, "said": said, "log": str(log)})
        if code is None:
            late.append(name)
        elif code != 0:
            failures.append(f"mutants: {name}: exit {code}: {said or (lines or [''])[-1]}")
    if not ran:
        return nothing("no command that plants bugs")
    return {"status": "stopped by the budget" if late else "done", "ran": ran,
            "planted": keep.read_json(context.state / "planted.json"),
            "note": f"not to the end: {', '.join(late)}" if late else "", "failures": failures}


def models(context, seconds):
    if "dev" in context.failed_builds:
        return {"status": "failed", "note": context.failed_builds["dev"]}
    code, verdicts = ctest(context, ["-C", "deep", "-L", "model-deep"], context.logs / "models.log", seconds)
    failures = [f"models: {name} failed" for name in verdicts["failed"]] if code is not None else []
    if code not in (None, 0) and not failures:
        failures = [f"models: ctest exit {code}; see {shown(context.logs)}/models.log"]
    late = verdicts["begun"] if code is None else []
    return {"status": "stopped by the budget" if code is None else "done", "verdicts": verdicts,
            "note": f"under way when the time was over: {', '.join(late) or 'nothing'}" if code is None else "",
            "failures": failures}


def traces(context, seconds):
    if "dev" in context.failed_builds:
        return {"status": "failed", "note": context.failed_builds["dev"]}
    wib = context.builds / "dev" / "attacks" / "wib"
    if not wib_has(wib, ["hunt"], "--suite"):
        return nothing("this wib has no `hunt`")
    seed = int(hashlib.sha256(context.night.state["night"].encode()).hexdigest()[:6], 16)
    deadline, weights = time.monotonic() + seconds, dict(HUNTS)
    kept = context.night.progress("traces").setdefault("hunts", {})
    late, failures = [], []
    while weights and not context.stop.asked:
        suite, entropy = next(iter(weights))
        left = deadline - time.monotonic()
        span = left * weights[suite, entropy] / sum(weights.values())
        weights.pop((suite, entropy))
        if f"{suite}.{entropy}.0" in kept:  # of a night that was interrupted
            continue
        lanes = []
        for lane in range(context.jobs):  # the same hunt from other seeds
            name = f"{suite.replace('/', '-')}.{entropy}.{lane}"
            report, log = context.state / "hunt" / name, context.logs / f"hunt.{name}.log"
            report.mkdir(parents=True, exist_ok=True)
            (report / "hunt.json").unlink(missing_ok=True)
            arguments = [wib, "hunt", "--suite", suite, "--entropy", entropy, "--seed", seed + lane,
                         "--minutes", f"{max(0.03, (span * 0.9 - 3) / 60):.3f}", "--report", report,
                         "--corpus", context.state / "hunt-corpus" / name]
            with open(log, "wb") as out:
                lanes.append((name, report, log, subprocess.Popen(
                    [str(a) for a in arguments], stdout=out, stderr=out, cwd=ROOT,
                    stdin=subprocess.DEVNULL, start_new_session=True)))
        codes = wait([child for *_, child in lanes], span + 60, context.stop)
        if context.stop.asked:
            break
        for code, (name, report, log, _) in zip(codes, lanes):
            campaigns = hunts_of(keep.read_json(report / "hunt.json"), suite)
            if code is None:
                late.append(name)
            if not campaigns:
                failures.append(f"wib hunt, {name}: exit {code}, no campaign written; see {shown(log)}")
            for i, hunt in enumerate(campaigns):
                kept[name if i == 0 else f"{name}.{i}"] = dict(
                    hunt, exit=code, must_hold=suite == "hardened",
                    page=str(report / "hunt.html"), log=str(log))
        context.night.save()
    return {"status": "stopped by the budget" if late else "done", "hunts": list(kept.values()),
            "note": f"killed: {', '.join(late)}" if late else "", "failures": failures}


def hunts_of(written, suite):
    """The campaigns of wib hunt's JSON: one, or a list under "campaigns"."""
    if not isinstance(written, dict):
        return []
    campaigns = written.get("campaigns", [written])
    return [{"suite": suite, **campaign} for campaign in campaigns if isinstance(campaign, dict)]


ALL = {"canary": canary, "known": known, "fuzz": fuzz, "instrumented": instrumented, "merge": merge,
       "coverage": measure, "mutants": mutants, "models": models, "traces": traces}
