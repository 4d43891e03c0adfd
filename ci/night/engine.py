# SPDX-License-Identifier: Apache-2.0
"""One libFuzzer process on one target, and what its log says while it runs and after."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from crashes import crash_of

STATUS = re.compile(r"^#(\d+)\s+(\S+)\s+cov: (\d+) ft: (\d+) corp: (\d+)/(\d+)(b|Kb|Mb|Gb)"
                    r".*? exec/s: (\d+)")
FINAL = re.compile(r"^stat::(\w+):\s+(\d+)", re.M)
UNITS = {"b": 1, "Kb": 1 << 10, "Mb": 1 << 20, "Gb": 1 << 30}
SYMBOLIZER = "/usr/lib/llvm-19/bin/llvm-symbolizer"


def parse_status(line):
    """A line of progress, or None: executions, cov, ft, corpus files and bytes."""
    match = STATUS.match(line)
    if not match:
        return None
    return {"execs": int(match[1]), "event": match[2], "cov": int(match[3]), "ft": int(match[4]),
            "corpus": int(match[5]), "corpus_bytes": int(match[6]) * UNITS[match[7]]}


def parse_log(text):
    """The last status of a run, with the final count of executions where it came to print one."""
    last = {"execs": 0, "cov": 0, "ft": 0, "corpus": 0, "corpus_bytes": 0}
    for line in text.splitlines():
        status = parse_status(line)
        if status:
            last = status
    last["execs"] = max(last["execs"],
                        int(dict(FINAL.findall(text)).get("number_of_executed_units", 0)))
    return last


def environment():
    """Stacks with names, leaks looked for, and nothing of the caller's own sanitizer options."""
    env = {k: v for k, v in os.environ.items() if not k.endswith("SAN_OPTIONS")}
    if os.path.exists(SYMBOLIZER):
        env["ASAN_SYMBOLIZER_PATH"] = SYMBOLIZER
    env["ASAN_OPTIONS"] = "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1"
    env["UBSAN_OPTIONS"] = "print_stacktrace=1"
    return env


def kill_session(leader, how=signal.SIGKILL):
    """A child that was started with a session of its own, and all that it started."""
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getsid(int(entry)) == leader:
                os.kill(int(entry), how)
        except (ProcessLookupError, PermissionError):
            pass


class Fuzzer:
    """A process of a target until its time is over; after a crash it is started again, so that one
    crash does not end a target's night: thrice for the same one, ten times in all."""

    SAME, ALL = 3, 10
    PATIENCE = 3, 2, 5  # seconds: for an orderly end, a hasty one, and to be gone

    def __init__(self, target, corpora, crash_folder, log, seconds, extra=()):
        self.target, self.corpora, self.extra = target, list(corpora), list(extra)
        self.crash_folder, self.log_path = Path(crash_folder), Path(log)
        self.seconds, self.spent = seconds, 0.0
        self.execs_before = 0
        self.status = {"execs": 0, "cov": 0, "ft": 0, "corpus": 0, "corpus_bytes": 0}
        self.crashes, self.failure = [], None
        self.process = None
        self.done = False
        for folder in (self.crash_folder, self.log_path.parent, *self.corpora[:1]):
            folder.mkdir(parents=True, exist_ok=True)
        self.log_path.unlink(missing_ok=True)
        self._start()

    def command(self):
        rest = max(1, round(self.seconds - self.spent))
        command = [str(self.target.binary), f"-max_total_time={rest}", "-timeout=10",
                   "-rss_limit_mb=2560", "-detect_leaks=1", "-print_final_stats=1",
                   f"-artifact_prefix={self.crash_folder}/"]
        if self.target.max_len:
            command.append(f"-max_len={self.target.max_len}")
        if self.target.dictionary and self.target.dictionary.exists():
            command.append(f"-dict={self.target.dictionary}")
        if self.target.kind == "trace":  # its features are states, of which none is rare by itself
            command.append("-entropic=0")
        return command + self.extra + [str(c) for c in self.corpora if c.is_dir()]

    def _start(self):
        self.started, self.begun_at = time.monotonic(), 0
        if self.log_path.exists():
            self.begun_at = self.log_path.stat().st_size
        self.read_to, self.rest = self.begun_at, ""
        with open(self.log_path, "ab") as log:
            # A session of its own: Ctrl-C is for us, who stop it in order.
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, env=environment(),
                                            start_new_session=True)

    def _read(self):
        with open(self.log_path, "rb") as log:
            log.seek(self.read_to)
            new = log.read()
        self.read_to += len(new)
        *lines, self.rest = (self.rest + new.decode(errors="replace")).split("\n")
        for line in lines:
            status = parse_status(line)
            if status:
                self.status = status

    @property
    def elapsed(self):
        return self.spent + (0 if self.done else time.monotonic() - self.started)

    @property
    def execs(self):
        return self.execs_before + (0 if self.done else self.status["execs"])

    def poll(self, stopping=False):
        """Looks after the process. True when there is nothing more to wait for."""
        if self.done:
            return True
        self._read()
        code = self.process.poll()
        if code is None:
            # An engine that hangs would hang the night.
            if time.monotonic() - self.started > self.seconds - self.spent + 60:
                self.stop()
                self.failure = "did not end when its time was over; killed"
                self._ended(stopping=True)
            return self.done
        self._ended(stopping)
        return self.done

    def _ended(self, stopping):
        self._read()
        with open(self.log_path, "rb") as log:
            log.seek(self.begun_at)
            text = log.read().decode(errors="replace")
        last = parse_log(text)
        took = time.monotonic() - self.started
        crash = crash_of(self.target.name, self.target.binary, text, self.spent + took)
        self.spent += took
        self.execs_before += last["execs"]
        if last["cov"]:
            self.status = last
        if crash:
            self.crashes.append(crash)
            self._take_out(crash["file"])
        elif self.process.returncode != 0 and not stopping and not self.failure:
            words = [line for line in text.splitlines() if line.strip()]
            self.failure = f"exit {self.process.returncode}, no crash file: {(words or ['silent'])[-1]}"
        same = sum(c["signature"] == crash["signature"] for c in self.crashes) if crash else 0
        again = (crash and not stopping and same < self.SAME and len(self.crashes) < self.ALL
                 and self.seconds - self.spent >= 2)
        if again:
            self._start()
        else:
            if not self.execs_before and not self.failure and not stopping:
                self.failure = "executed nothing"
            self.done = True

    def _take_out(self, artifact):
        """A crashing input that is in the working corpus would end every run at its start; the
        crash folder has it."""
        digest = Path(artifact).name.split("-", 1)[-1]
        (self.corpora[0] / digest).unlink(missing_ok=True)

    def stop(self):
        """Asks it to end, then makes it. What it found is on disk already."""
        for how, patience in zip((signal.SIGUSR1, signal.SIGINT, signal.SIGKILL), self.PATIENCE):
            if self.process.poll() is not None:
                return
            if how == signal.SIGKILL:
                kill_session(self.process.pid)
            else:
                self.process.send_signal(how)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                pass
