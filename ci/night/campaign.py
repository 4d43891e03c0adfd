# SPDX-License-Identifier: Apache-2.0
"""Many targets, some processes side by side: who runs when, what is shown, what came of it."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from engine import Fuzzer, kill_session
from targets import CANARY


class Stop:
    """Ctrl-C and SIGTERM as a question that is asked between steps: nothing is torn."""

    def __init__(self):
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number, frame):
        if self.asked:  # twice: at once
            sys.exit(130)
        self.asked = True
        print("\nstopping: the children end, what was found is kept (again: at once)", file=sys.stderr)


def files_in(folder):
    return sum(1 for _ in os.scandir(folder)) if os.path.isdir(folder) else 0


def result_of(target, fuzzers, corpus, before, stopped):
    """What is told of a target: its workers as one."""
    crashes = {}
    for fuzzer in fuzzers:
        for crash in fuzzer.crashes:
            crashes.setdefault(crash["signature"], dict(crash, times=0))["times"] += 1
    spent = sum(f.elapsed for f in fuzzers)
    execs = sum(f.execs for f in fuzzers)
    return {"name": target.name, "kind": target.kind, "floor": target.floor, "execs": execs,
            "seconds": round(spent, 1), "execs_per_s": round(execs / spent) if spent else 0,
            "cov": max(f.status["cov"] for f in fuzzers), "ft": max(f.status["ft"] for f in fuzzers),
            "corpus": files_in(corpus), "corpus_new": files_in(corpus) - before,
            "crashes": list(crashes.values()), "stopped": stopped,
            "failure": next((f.failure for f in fuzzers if f.failure), None),
            "logs": [str(f.log_path) for f in fuzzers]}


def run(targets, state, seconds, jobs, stop, on_done, leg="", quiet=False):
    """Fuzzes each target for `seconds`, `jobs` processes at a time; the working corpora are
    state/corpus/NAME. on_done(result) after each. Fewer targets than jobs: several processes share
    a target and its corpus. Returns when all are done, or soon after stop.asked."""
    state = Path(state)
    workers = max(1, jobs // max(1, len(targets)))
    waiting, running, finished = list(targets), [], []
    screen = Screen(not quiet and sys.stdout.isatty(), len(targets))
    while waiting or running:
        while waiting and not stop.asked and len(running) * workers + workers <= max(jobs, workers):
            target = waiting.pop(0)
            corpus = state / "corpus" / target.name
            before = files_in(corpus)
            logs = state / "logs" / (f"{target.name}.{leg}" if leg else target.name)
            running.append((target, [
                Fuzzer(target, [corpus, target.seeds], state / "crashes" / target.name,
                       logs.with_name(f"{logs.name}.{i}.log"), seconds) for i in range(workers)],
                corpus, before))
        if stop.asked:
            for _, fuzzers, *_ in running:
                for fuzzer in fuzzers:
                    if not fuzzer.done:
                        fuzzer.stop()
            waiting = []
        for entry in list(running):
            target, fuzzers, corpus, before = entry
            if all([f.poll(stop.asked) for f in fuzzers]):
                running.remove(entry)
                result = result_of(target, fuzzers, corpus, before, stop.asked)
                finished.append(result)
                screen.clear()
                on_done(result)
        screen.show(running, len(finished), seconds)
        if running:
            time.sleep(0.2)
    screen.clear()
    return finished


class Screen:
    """The live status: a line a running target, drawn over itself once a second."""

    def __init__(self, live, total):
        self.live, self.total, self.drawn, self.at = live, total, 0, 0.0

    def clear(self):
        if self.drawn:
            sys.stdout.write(f"\x1b[{self.drawn}A\x1b[J")
            sys.stdout.flush()
            self.drawn = 0

    def show(self, running, finished, seconds):
        if not self.live or not running or time.monotonic() - self.at < 1:
            return
        self.at = time.monotonic()
        self.clear()
        width = os.get_terminal_size().columns - 1
        lines = [f"{finished} of {self.total} targets done"
                 f"   {'exec/s':>9} {'cov':>6} {'ft':>7} {'corpus':>7} {'crashes':>7} {'left':>6}"]
        for target, fuzzers, *_ in running:
            spent = sum(f.elapsed for f in fuzzers)
            rate = sum(f.execs for f in fuzzers) / spent if spent else 0
            left = max(0, seconds - max(f.elapsed for f in fuzzers))
            lines.append(f"  {target.name:<24.24}{rate:>9.0f} {max(f.status['cov'] for f in fuzzers):>6}"
                         f" {max(f.status['ft'] for f in fuzzers):>7}"
                         f" {max(f.status['corpus'] for f in fuzzers):>7}"
                         f" {sum(len(f.crashes) for f in fuzzers):>7} {left:>5.0f}s")
        sys.stdout.write("".join(line[:width] + "\n" for line in lines))
        sys.stdout.flush()
        self.drawn = len(lines)


def canary(targets, seconds, stop):
    """The target that must die, from nothing: whether it did, by the code that sees all crashes."""
    if CANARY not in targets:
        return {"died": False, "seconds": 0, "why": "there is no canary in the table"}
    with tempfile.TemporaryDirectory() as folder:
        found = []
        run([targets[CANARY]], folder, seconds, 1, stop, found.append, quiet=True)
    result = found[0] if found else {"crashes": [], "seconds": 0, "failure": "not run", "execs": 0}
    died = any(c["kind"] == "crash" for c in result["crashes"])
    return {"died": died, "seconds": result["seconds"] if not died else
            result["crashes"][0]["after_seconds"], "execs": result["execs"],
            "why": "" if died else result["failure"] or f"alive after {seconds} s"}


def minimise(target, corpus, seconds, stop, log):
    """Replaces a working corpus by the part of it and of the seeds that covers the same. The old
    one stays until the new one is whole; a merge that is cut short changes nothing."""
    corpus = Path(corpus)
    new, old = corpus.with_name(corpus.name + ".new"), corpus.with_name(corpus.name + ".old")
    restore(corpus)
    before = files_in(corpus)
    if not before:
        return {"name": target.name, "before": 0, "after": 0, "status": "done"}
    remove(new)
    new.mkdir(parents=True)
    fuzzer = Fuzzer(target, [new, target.seeds, corpus], new.with_name(new.name + ".crashes"), log,
                    seconds, ["-merge=1"])
    deadline = time.monotonic() + seconds
    while not fuzzer.poll() and not stop.asked and time.monotonic() < deadline:
        time.sleep(0.1)
    whole = fuzzer.done and not fuzzer.process.returncode and files_in(new)
    if not fuzzer.done:  # nothing of it is kept: no need to end in order
        kill_session(fuzzer.process.pid)
        fuzzer.process.wait()
    remove(new.with_name(new.name + ".crashes"))
    if not whole:
        remove(new)
        return {"name": target.name, "before": before, "after": before,
                "status": "stopped by the budget" if not fuzzer.done else "failed"}
    os.rename(corpus, old)
    os.rename(new, corpus)
    remove(old)
    return {"name": target.name, "before": before, "after": files_in(corpus), "status": "done"}


def restore(corpus):
    """After a stop between the two renames of minimise()."""
    old = corpus.with_name(corpus.name + ".old")
    if old.is_dir() and not corpus.is_dir():
        os.rename(old, corpus)
    remove(old)


def remove(folder):
    if folder.is_dir():
        for entry in os.scandir(folder):
            if entry.is_dir():
                remove(Path(entry.path))
            else:
                os.unlink(entry.path)
        folder.rmdir()
