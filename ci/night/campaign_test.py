# SPDX-License-Identifier: Apache-2.0
"""Running engines, with fake ones: scripts that print what libFuzzer prints."""

import os
import stat
import tempfile
import time
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import campaign
import coverage
import engine
import keep
import parts
import targets
from engine import Fuzzer

STATUS = "#{n} NEW cov: 5 ft: 6 corp: 3/9b lim: 4 exec/s: 0 rss: 31Mb"
DIES = f"""\
for a in "$@"; do case $a in -artifact_prefix=*) prefix=${{a#*=}};; esac; done
echo '{STATUS.format(n=100)}'
echo "INVARIANT VIOLATED: it is broken"
echo wib! >"${{prefix}}crash-1234"
echo "Test unit written to ${{prefix}}crash-1234"
exit 77"""
LIVES = f"echo '{STATUS.format(n=500)}'; echo stat::number_of_executed_units: 700"
HANGS = f"echo '{STATUS.format(n=500)}'; trap '' USR1 INT; while :; do sleep 0.1; done"
# Writes a new input to its first corpus, as engines do, and waits to be stopped.
FINDS = f"""\
for a in "$@"; do case $a in -*) ;; *) first=${{first:-$a}};; esac; done
echo found >"$first/abcd"
echo '{STATUS.format(n=500)}'
trap 'echo stat::number_of_executed_units: 900; exit 0' USR1
while :; do sleep 0.05; done"""
MERGES = """\
for a in "$@"; do case $a in -*) ;; *) first=${first:-$a};; esac; done
echo kept >"$first/one"; echo '#3 DONE cov: 5 ft: 6 corp: 1/9b exec/s: 0 rss: 1Mb'"""


class Folder(unittest.TestCase):
    def setUp(self):
        patience = mock.patch.object(Fuzzer, "PATIENCE", (0.5, 0.1, 5))
        patience.start()
        self.addCleanup(patience.stop)
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)
        self.stop = SimpleNamespace(asked=False)

    def target(self, script, name="fake", floor=0):
        binary = self.folder / f"fuzz_{name}"
        binary.write_text(f"#!/bin/bash\n{script}\n")
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
        return targets.Target(name, "parser", 16, "", floor, binary)

    def fuzzed(self, *chosen, seconds=3, jobs=2):
        done = []
        campaign.run(list(chosen), self.folder / "state", seconds, jobs, self.stop, done.append, quiet=True)
        return {result["name"]: result for result in done}


class Running(Folder):
    def test_a_crash_is_told_and_does_not_end_the_target_at_once(self):
        result = self.fuzzed(self.target(DIES), seconds=30, jobs=1)["fake"]
        self.assertEqual([c["title"] for c in result["crashes"]], ["INVARIANT VIOLATED: it is broken"])
        self.assertEqual(result["crashes"][0]["times"], Fuzzer.SAME)
        self.assertEqual(result["execs"], 100 * Fuzzer.SAME)
        self.assertIsNone(result["failure"])

    def test_a_clean_run(self):
        result = self.fuzzed(self.target(LIVES), jobs=1)["fake"]
        self.assertEqual((result["execs"], result["cov"], result["crashes"], result["failure"]), (700, 5, [], None))

    def test_fewer_targets_than_jobs_share(self):
        self.assertEqual(self.fuzzed(self.target(LIVES), jobs=3)["fake"]["execs"], 2100)

    def test_an_engine_that_dies_without_a_file_is_a_failure(self):
        result = self.fuzzed(self.target("echo 'no such flag'; exit 1"))["fake"]
        self.assertIn("no such flag", result["failure"])

    def test_an_engine_that_executes_nothing_is_a_failure(self):
        self.assertEqual(self.fuzzed(self.target("exit 0"))["fake"]["failure"], "executed nothing")

    def test_all_get_their_turn(self):
        chosen = [self.target(LIVES, f"t{i}") for i in range(5)]
        self.assertEqual(sorted(self.fuzzed(*chosen)), ["t0", "t1", "t2", "t3", "t4"])

    def test_a_crashing_input_leaves_the_working_corpus(self):
        corpus = self.folder / "state" / "corpus" / "fake"
        corpus.mkdir(parents=True)
        (corpus / "1234").write_text("wib!")
        (corpus / "5678").write_text("good")
        self.fuzzed(self.target(DIES), jobs=1)
        self.assertEqual(os.listdir(corpus), ["5678"])
        self.assertTrue((self.folder / "state/crashes/fake/crash-1234").exists())

    def test_a_stop_keeps_what_was_found_and_is_no_failure(self):
        begun = time.monotonic()

        class Soon:  # asked to stop after half a second
            @property
            def asked(self):
                return time.monotonic() - begun > 0.5
        self.stop = Soon()
        result = self.fuzzed(self.target(FINDS), self.target(FINDS, "later"), seconds=60, jobs=1)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(sorted(result), ["fake"])
        self.assertEqual((result["fake"]["stopped"], result["fake"]["failure"], result["fake"]["execs"]), (True, None, 900))
        self.assertEqual((self.folder / "state/corpus/fake/abcd").read_text(), "found\n")

    def test_one_that_does_not_want_to_end_is_made_to(self):
        fuzzer = Fuzzer(self.target(HANGS), [self.folder / "c"], self.folder / "x", self.folder / "log", 60)
        time.sleep(0.3)
        fuzzer.stop()
        self.assertIsNotNone(fuzzer.process.poll())


class Canary(Folder):
    def test_it_must_die(self):
        self.assertTrue(campaign.canary({"canary": self.target(DIES, "canary")}, 3, self.stop)["died"])

    def test_one_that_lives(self):
        bird = campaign.canary({"canary": self.target(LIVES, "canary")}, 3, self.stop)
        self.assertFalse(bird["died"])
        self.assertIn("alive", bird["why"])

    def test_one_that_cannot_run_has_not_died(self):
        self.assertFalse(campaign.canary({"canary": self.target("exit 1", "canary")}, 3, self.stop)["died"])

    def test_none(self):
        self.assertFalse(campaign.canary({}, 3, self.stop)["died"])


class Merge(Folder):
    def setUp(self):
        super().setUp()
        self.corpus = self.folder / "corpus" / "fake"
        self.corpus.mkdir(parents=True)
        for name in "abc":
            (self.corpus / name).write_text(name)

    def merged(self, script, seconds=5):
        return campaign.minimise(self.target(script), self.corpus, seconds, self.stop, self.folder / "log")

    def test_the_new_takes_the_place_of_the_old(self):
        row = self.merged(MERGES)
        self.assertEqual((row["status"], row["before"], row["after"]), ("done", 3, 1))
        self.assertEqual(os.listdir(self.folder / "corpus"), ["fake"])

    def test_a_merge_that_fails_changes_nothing(self):
        row = self.merged(f"{MERGES}; exit 1")
        self.assertEqual((row["status"], sorted(os.listdir(self.corpus))), ("failed", ["a", "b", "c"]))

    def test_a_merge_that_keeps_nothing_changes_nothing(self):
        self.assertEqual(self.merged("exit 0")["status"], "failed")
        self.assertEqual(len(os.listdir(self.corpus)), 3)

    def test_a_merge_that_is_cut_short_changes_nothing(self):
        row = self.merged(HANGS, 0.5)
        self.assertEqual((row["status"], len(os.listdir(self.corpus))), ("stopped by the budget", 3))

    def test_a_stop_between_the_renames(self):
        os.rename(self.corpus, self.folder / "corpus" / "fake.old")
        campaign.restore(self.corpus)
        self.assertEqual(sorted(os.listdir(self.corpus)), ["a", "b", "c"])


class Replay(Folder):
    def test_an_input_that_kills_is_left_out_and_named(self):
        corpus = self.folder / "corpus"
        corpus.mkdir()
        for name in "ab":
            (corpus / name).write_text(name)
        # As replay_main.cc: a folder is all of its files; b kills.
        target = self.target(f'for a in "$@"; do case $a in {corpus}|*/b) echo "fuzz: died on {corpus}/b"; exit 134;; esac; done')
        done, killers = coverage.replay(target, [corpus], self.folder / "p", self.folder / "log", 9)
        self.assertEqual((done, killers), (True, [f"{corpus}/b"]))


class Parts(Folder):
    def context(self, script=None):
        night = keep.Night(self.folder / "state", 10, "c")
        context = parts.Context(self.folder / "state", self.folder, 1, night, self.stop, lambda text: None)
        if script:
            self.chosen = [self.target(script, f"t{i}") for i in range(3)]
        return context

    def test_the_help_of_wib_itself_is_no_command(self):
        wib = self.target('echo "Usage: wib [OPTIONS] SUBCOMMAND"; echo --suite').binary
        self.assertFalse(parts.wib_has(wib, ["hunt"], "--suite"))
        wib = self.target('echo "Usage: wib hunt [OPTIONS]"; echo --suite').binary
        self.assertTrue(parts.wib_has(wib, ["hunt"], "--suite"))
        self.assertFalse(parts.wib_has(wib, ["hunt"], "--planted"))
        self.assertFalse(parts.wib_has(self.folder / "none", ["hunt"], "--suite"))

    def test_a_budget_ends_children_of_children(self):
        context, marker = self.context(), self.folder / "pid"
        code = parts.command(context, ["bash", "-c", f"(sleep 60 & echo $! >{marker}; wait) & wait"],
                             self.folder / "log", 0.7)
        self.assertIsNone(code)
        pid = int(marker.read_text())
        time.sleep(0.1)
        self.assertFalse(os.path.exists(f"/proc/{pid}") and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2])

    def test_targets_that_are_done_are_not_fuzzed_again(self):
        context = self.context(LIVES)
        progress = context.night.progress("fuzz")
        first = parts.run_targets(context, "fuzz", self.chosen[:2], 30)
        self.assertEqual(len(first["targets"]), 2)
        progress["targets"]["t0"]["execs"] = 1  # would be 700 if it ran again
        again = parts.run_targets(context, "fuzz", self.chosen, 30)
        self.assertEqual({r["name"]: r["execs"] for r in again["targets"]}, {"t0": 1, "t1": 700, "t2": 700})

    def test_a_target_that_was_interrupted_goes_on_and_counts_as_one(self):
        context = self.context(LIVES)
        old = {"name": "t0", "execs": 50, "seconds": 1.0, "crashes": [{"signature": "s"}], "cov": 9, "ft": 1,
               "corpus_new": 2, "stopped": True}
        context.night.progress("fuzz")["targets"] = {"t0": old}
        row = parts.run_targets(context, "fuzz", self.chosen[:1], 30)["targets"][0]
        self.assertEqual((row["execs"], row["cov"], row["stopped"], len(row["crashes"])), (750, 9, False, 1))

    def test_too_little_time_is_said(self):
        outcome = parts.run_targets(self.context(LIVES), "fuzz", self.chosen, 1)
        self.assertEqual(outcome["status"], "stopped by the budget")
        self.assertIn("t2", outcome["note"])

    def test_campaigns_as_wib_writes_them(self):
        self.assertEqual(parts.hunts_of({"campaigns": [{"suite": "hardened/gcm"}, {"traces": 1}]}, "hardened"),
                         [{"suite": "hardened/gcm"}, {"suite": "hardened", "traces": 1}])
        self.assertEqual(parts.hunts_of({"traces": 1}, "x"), [{"suite": "x", "traces": 1}])
        self.assertEqual(parts.hunts_of(None, "x"), [])

    def test_a_crash_that_is_repaired_is_put_aside(self):
        (self.folder / "fuzz").mkdir()
        (self.folder / "fuzz" / "fuzz").mkdir()
        (self.folder / "fuzz/fuzz/targets.json").write_text('[{"name": "t0"}]')
        binary = self.target('case "${@: -1}" in *crash-bad) exit 1;; esac', "t0").binary
        binary.rename(self.folder / "fuzz/fuzz/fuzz_t0")
        folder = self.folder / "state/crashes/t0"
        folder.mkdir(parents=True)
        for name in ("crash-bad", "crash-good"):
            (folder / name).write_text("x")
        outcome = parts.known(self.context(), 30)
        self.assertEqual([Path(row["file"]).name for row in outcome["still"]], ["crash-bad"])
        self.assertEqual([Path(name).name for name in outcome["gone"]], ["crash-good"])
        self.assertEqual(os.listdir(folder), ["crash-bad"])


class Table(Folder):
    def test_unknown_targets_are_told_with_the_known(self):
        with self.assertRaisesRegex(targets.Wrong, "no such target: nope; there are: fake"):
            targets.pick({"canary": None, "fake": self.target(LIVES)}, ["nope"])

    def test_all_is_without_the_canary(self):
        known = {"canary": self.target(DIES, "canary"), "fake": self.target(LIVES)}
        self.assertEqual([t.name for t in targets.pick(known, [])], ["fake"])

    def test_sanitizer_options_of_the_caller_are_not_used(self):
        os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
        self.addCleanup(os.environ.pop, "ASAN_OPTIONS")
        self.assertIn("detect_leaks=1", engine.environment()["ASAN_OPTIONS"])
