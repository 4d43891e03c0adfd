# SPDX-License-Identifier: Apache-2.0
"""What a fuzzer's log says about a crash: its kind, where, and what makes two crashes one."""

import hashlib
import re

from targets import ROOT, shown

# Frames that every crash of a kind has and that say nothing about where it is.
NOISE = re.compile(r"fuzzer::|__sanitizer|__asan|__ubsan|__interceptor|^(raise|abort|main|_start)\b"
                   r"|__libc_start|__pthread_kill|wib::fuzz::expect|LLVMFuzzerTestOneInput"
                   r"|libc\.so|__assert|std::terminate|__cxxabiv1|__gnu_cxx")
FRAME = re.compile(r"^\s*#\d+ 0x[0-9a-f]+ (?:in )?(.*)$")
WRITTEN = re.compile(r"Test unit written to (\S+)")
HEAD = re.compile(r"ERROR: (?:AddressSanitizer|LeakSanitizer|libFuzzer)|runtime error:"
                  r"|INVARIANT VIOLATED|^==\d+==\s*ERROR|terminate called")


def artifact_of(text):
    """The file of the crashing input; None if the log tells of none. slow-unit-* is no crash."""
    files = [f for f in WRITTEN.findall(text) if not re.search(r"(^|/)slow-unit-[^/]*$", f)]
    return files[-1] if files else None


def frames_of(text):
    """The first stack of the log, as (function, place) without addresses."""
    frames = []
    for line in text.splitlines():
        match = FRAME.match(line)
        if match:
            frames.append(re.sub(r"\s*\(BuildId:.*?\)|\s*\(/[^)]*\+0x[0-9a-f]+\)", "", match[1]))
        elif frames:
            break
    return frames


def title_of(text):
    violated = re.search(r"INVARIANT VIOLATED: .*", text)
    if violated:
        return violated[0].strip()
    undefined = re.search(r"\S+:\d+:\d+: runtime error: .*", text)
    if undefined:
        return undefined[0].replace(f"{ROOT}/", "").strip()
    summary = re.search(r"SUMMARY: (.*)", text)
    if summary:
        return re.sub(r"0x[0-9a-f]+", "0x..", summary[1]).replace(f"{ROOT}/", "").strip()
    return "died without a word"


def kind_of(artifact):
    """crash, timeout, oom or leak: from the name that libFuzzer gives the file."""
    match = re.match(r"(crash|timeout|oom|leak)-", str(artifact).rsplit("/", 1)[-1])
    return match[1] if match else "crash"


def signature_of(target, text, artifact):
    """The same for two inputs that die of one thing: kind, title and the first frames that tell."""
    telling = [f for f in frames_of(text) if not NOISE.search(f)]
    ours = [f for f in telling if str(ROOT) in f] or telling
    title = re.sub(r"\d+", "N", title_of(text)) if not ours else ""
    kind = kind_of(artifact)
    # Where a time-out or a lack of memory strikes is chance.
    parts = [target, kind] + ([] if kind in ("timeout", "oom") else [title, *ours[:3]])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def stack_of(text, lines=8):
    """The first lines that tell, for people."""
    said = [line.rstrip().replace(f"{ROOT}/", "") for line in text.splitlines() if HEAD.search(line)]
    telling = [f for f in frames_of(text) if not NOISE.search(f)] or frames_of(text)
    return said[:2] + [f"  {f}".replace(f"{ROOT}/", "") for f in telling[:lines]]


def crash_of(target, binary, text, seconds):
    """A crash as it is kept (plain data), or None if this log has none."""
    artifact = artifact_of(text)
    if artifact is None:
        return None
    return {"target": target, "kind": kind_of(artifact), "title": title_of(text),
            "signature": signature_of(target, text, artifact), "stack": stack_of(text),
            "file": shown(artifact), "command": f"{shown(binary)} {shown(artifact)}",
            "after_seconds": round(seconds, 1)}
