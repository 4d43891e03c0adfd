# SPDX-License-Identifier: Apache-2.0
"""ci/nightly: all that runs overnight, by budget, and one page of what came of it."""

import argparse
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import campaign
import coverage
import keep
import parts
import summary
import targets as table
from targets import ROOT, Wrong, shown

USAGE = """\
The night: fuzzing with stock and with instrumented libraries, merge, coverage, planted bugs, deep
models, trace campaign. Builds come first and are not of the minutes. Interrupted, it goes on when
it is run again with the same --state. The page to read is DIR/summary.html.

exit: 0 clean, 1 crashes or something else as it must not be, 2 wrong use or no build,
      3 VOID: a canary did not die; 130 interrupted"""


def arguments():
    parser = argparse.ArgumentParser(
        prog="ci/nightly", description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="parts and their shares of the time (unused time goes to the later ones): "
        + ", ".join(f"{name} {share}" for name, share in parts.SHARES.items()))
    parser.add_argument("--minutes", type=float, default=480, help="of all parts together (480)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "nightly",
                        help="corpora, crashes, history, summary (build/nightly)")
    parser.add_argument("--skip", default="", metavar="PART,...", help="parts to leave out")
    parser.add_argument("--fresh", action="store_true",
                        help="a new night even if one was interrupted (corpora and history stay)")
    parser.add_argument("--builds", type=Path, default=ROOT / "build",
                        help="where the folders fuzz, fuzz-instrumented, coverage, dev are (build)")
    args = parser.parse_args()
    args.skip = [name for name in args.skip.split(",") if name]
    for name in args.skip:
        if name not in parts.SHARES or name == "canary":
            parser.error(f"--skip {name}: " + ("without the canary the night is void" if name == "canary"
                                               else f"parts are {', '.join(parts.SHARES)}"))
    if args.minutes <= 0 or args.jobs < 1:
        parser.error("--minutes and --jobs are positive")
    return args


def commit():
    done = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or os.environ.get("GITHUB_SHA", "")[:12] or "unknown"


def build(context, skip):
    """All that the night needs. Without the stock fuzz build there is no night; what else is not
    there is a part that fails, or is missing, and is said."""
    logs, night = context.logs, context.night
    needed = lambda *names: any(n not in skip and not night.over(n) for n in names)
    context.say("building: fuzz ...")
    table.build(context.builds / "fuzz", ["--preset", "fuzz"], ["fuzz_targets"], logs / "build.fuzz.log", context.stop)
    if "instrumented" in skip or not needed("instrumented", "merge"):
        context.no_instrumented = "left out (--skip)"
    else:
        context.say("building: the instrumented libraries and fuzz-instrumented ...")
        context.no_instrumented = build_instrumented(context)
        if context.no_instrumented:
            context.say(f"  none: {context.no_instrumented}")
    if needed("coverage"):
        context.say("building: coverage ...")
        attempt(context, "coverage", lambda log: coverage.build(context.builds / "coverage", log, context.stop))
    if needed("mutants", "models", "traces"):
        context.say("building: dev ...")
        attempt(context, "dev", lambda log: table.build(context.builds / "dev", ["--preset", "dev"], ["all"], log, context.stop))


def attempt(context, name, what):
    if context.stop.asked:
        return
    try:
        what(context.logs / f"build.{name}.log")
    except Wrong as wrong:
        context.failed_builds[name] = f"the build of {name} failed; see {shown(context.logs)}/build.{name}.log"
        context.say(f"  {wrong}")


def build_instrumented(context):
    """Why there are no instrumented programs, or None."""
    log = context.logs / "instrumented-libs.log"
    code = parts.command(context, [ROOT / "ci" / "instrumented-libs"], log, 3600)
    if code != 0:
        last = log.read_text(errors="replace").strip().splitlines()[-1:]
        return ("Debian's source packages could not be fetched (no network)" if code == 4
                else f"ci/instrumented-libs failed ({code}): {''.join(last)}")
    home = Path(os.environ.get("WIB_INSTRUMENTED") or Path.home() / ".cache" / "wib" / "instrumented")
    try:
        table.build(context.builds / "fuzz-instrumented",
                    ["--preset", "fuzz", "-C", str(home / "instrumented.cmake")], ["fuzz_targets"],
                    context.logs / "build.fuzz-instrumented.log", context.stop)
    except Wrong as wrong:
        context.say(f"  {wrong}")
        return f"their build failed; see {shown(context.logs)}/build.fuzz-instrumented.log"
    return None


def night(args):
    args.state.mkdir(parents=True, exist_ok=True)
    lock = open(args.state / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Wrong(f"a night is under way in {shown(args.state)}") from None
    stop = campaign.Stop()
    book = keep.Night(args.state, args.minutes, commit(), args.fresh)

    def say(text):
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    context = parts.Context(args.state, args.builds, args.jobs, book, stop, say)
    for corpus in (args.state / "corpus").glob("*.old"):
        campaign.restore(corpus.with_suffix(""))
    if book.resumed:
        say(f"going on with the night of {book.state['night']}: over are "
            + (", ".join(n for n in parts.SHARES if book.over(n)) or "no parts"))
    try:
        build(context, args.skip)
    except Wrong:
        if not stop.asked:
            raise
    for name in args.skip:
        if not book.over(name):
            book.close(name, {"status": "skipped", "note": "left out (--skip)"}, 0)
    for name, part in parts.ALL.items():
        if book.over(name) or stop.asked:
            continue
        seconds = book.budget(name, parts.SHARES)
        say(f"{name}: {seconds:.0f} s at most ...")
        begun = time.monotonic()
        try:
            outcome = part(context, seconds)
        except (Wrong, OSError, ValueError, subprocess.SubprocessError) as wrong:
            outcome = {"status": "failed", "note": f"{type(wrong).__name__}: {wrong}"}
        took = time.monotonic() - begun
        if stop.asked:  # under way: its progress stays in the book, and the rest is done next time
            book.spend(took)
            break
        book.close(name, dict(outcome, budget=round(seconds, 1)), took)
        say(f"{name}: {outcome['status']}, {took:.0f} s" + (f" ({outcome['note']})" if outcome.get("note") else ""))
    return context


def main():
    args = arguments()
    args.state, args.builds = args.state.absolute(), args.builds.absolute()
    context = night(args)
    interrupted = context.stop.asked
    before = [n for n in keep.history(args.state / "history.jsonl")
              if n["night"] != context.night.state["night"]]
    told = summary.collect(context.night.state, before, interrupted, args.jobs, str(args.state))
    keep.write_json(args.state / "summary.json", told)
    keep.write(args.state / "summary.html", summary.page(told))
    if not interrupted:
        keep.remember(args.state / "history.jsonl", summary.line(told))
        context.night.finish()
    print(summary.text(told))
    print(f"page: {shown(args.state / 'summary.html')}")
    if interrupted:
        return 130
    return {"clean": 0, "VOID": 3}.get(told["verdict"], 1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(f"ci/nightly: {wrong}", file=sys.stderr)
        sys.exit(2)
