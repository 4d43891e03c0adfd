# SPDX-License-Identifier: Apache-2.0
"""ci/fuzz: the named targets, each for some minutes."""

import argparse
import os
import sys
from pathlib import Path

import campaign
import targets as table
from targets import ROOT, Wrong, shown

USAGE = """\
Fuzzes the targets, each for some minutes. Set-up and build included; run again, it goes on from
the corpora of the last time.

exit: 0 no crashes, 1 crashes or a target that would not run, 2 wrong use or no build,
      3 VOID: the canary, which must die, did not; 130 interrupted (and no crashes)"""


def arguments():
    parser = argparse.ArgumentParser(prog="ci/fuzz", description=USAGE,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="*", help="names of the table (all); `ci/fuzz --list` tells them")
    parser.add_argument("--minutes", type=float, default=1, help="for each target (1)")
    parser.add_argument("--total", type=float, metavar="MINUTES",
                        help="for all targets together, instead of --minutes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1,
                        help="processes side by side (as many as processors)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--asan", action="store_true", help="ASan and UBSan, preset fuzz (default)")
    kind.add_argument("--plain", action="store_true", help="optimised, no sanitizers, preset fuzz-plain")
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "fuzz-state",
                        help="corpora, crashes and logs (build/fuzz-state); kept between runs")
    parser.add_argument("--build", type=Path, help="build folder (build/fuzz, build/fuzz-plain)")
    parser.add_argument("--list", action="store_true", help="tell the targets, fuzz nothing")
    args = parser.parse_args()
    if args.minutes <= 0 or args.jobs < 1 or (args.total is not None and args.total <= 0):
        parser.error("--minutes, --total and --jobs are positive")
    return args


def line_of(result):
    below = result["floor"] and result["execs_per_s"] < result["floor"]
    said = [f"below its floor of {result['floor']}"] if below else []
    if result["crashes"]:
        said.append(f"{len(result['crashes'])} CRASHES")
    if result["failure"]:
        said.append(f"FAILED: {result['failure']}")
    if result["stopped"]:
        said.append("interrupted")
    return (f"{result['name']:<24} {result['execs_per_s']:>9} exec/s  cov {result['cov']:>6}"
            f"  ft {result['ft']:>7}  corpus {result['corpus']:>6} ({result['corpus_new']:+})"
            f"  {result['seconds']:>6.0f} s  {'; '.join(said) or 'ok'}")


def tell(results, plain):
    print(f"\n{len(results)} targets, {sum(r['execs'] for r in results)} executions"
          f" ({'no sanitizers' if plain else 'ASan and UBSan'})")
    for result in results:
        print(f"  {line_of(result)}")
    for result in results:
        for crash in result["crashes"]:
            print(f"\nCRASH in {crash['target']}: {crash['title']}"
                  f" (after {crash['after_seconds']} s, {crash['times']} times)")
            for line in crash["stack"]:
                print(f"    {line}")
            print(f"  again: {crash['command']}")


def main():
    args = arguments()
    preset = "fuzz-plain" if args.plain else "fuzz"
    build = (args.build or ROOT / "build" / preset).absolute()
    state = args.state.absolute()
    stop = campaign.Stop()
    print(f"building ({shown(build)}) ...", flush=True)
    table.build(build, ["--preset", preset], ["fuzz_targets"], state / "logs" / "build.log", stop)
    targets = table.load(build)
    if args.list:
        for target in targets.values():
            print(f"{target.name:<24} {target.kind:<14} max_len {target.max_len:<6}"
                  f" dict {target.dict or '-':<14} floor {target.floor or '-'}")
        return 0
    chosen = table.pick(targets, args.target)
    bird = campaign.canary(targets, 60, stop)
    if stop.asked:
        return 130
    if not bird["died"]:
        print(f"VOID: the canary, which must die, did not ({bird['why']}): a crash would not have"
              " been seen either")
        return 3
    print(f"canary: died after {bird['seconds']:.1f} s, as it must", flush=True)
    minutes = args.minutes
    if args.total:
        minutes = args.total / max(1, -(-len(chosen) // args.jobs))
    results = campaign.run(chosen, state, minutes * 60, args.jobs, stop,
                           lambda r: print(line_of(r), flush=True))
    tell(results, args.plain)
    left = [t.name for t in chosen if t.name not in {r["name"] for r in results}]
    if left:
        print(f"\nnot begun: {' '.join(left)}")
    if any(r["crashes"] or r["failure"] for r in results):
        return 1
    return 130 if stop.asked else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        print(f"ci/fuzz: {wrong}", file=sys.stderr)
        sys.exit(2)
