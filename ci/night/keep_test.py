# SPDX-License-Identifier: Apache-2.0
"""What lasts: whole files, history, resuming, and when a night is void."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import keep

SHARES = {"canary": 1, "fuzz": 6, "models": 3}


class Folder(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)


class Files(Folder):
    def test_a_write_that_fails_leaves_the_old_file_and_no_other(self):
        keep.write(self.folder / "a", "old")
        with mock.patch("os.fsync", side_effect=OSError("full")), self.assertRaises(OSError):
            keep.write(self.folder / "a", "new")
        self.assertEqual((self.folder / "a").read_text(), "old")
        self.assertEqual([p.name for p in self.folder.iterdir()], ["a"])

    def test_a_write_is_a_rename(self):
        keep.write(self.folder / "a", "old")
        with open(self.folder / "a") as reader:  # that began before
            keep.write(self.folder / "a", "new")
            self.assertEqual(reader.read(), "old")

    def test_what_is_no_json_is_what_is_not_there(self):
        (self.folder / "a").write_text('{"torn":')
        self.assertEqual(keep.read_json(self.folder / "a", 7), 7)
        self.assertEqual(keep.read_json(self.folder / "b", 7), 7)


class History(Folder):
    def test_nights_in_order(self):
        path = self.folder / "history.jsonl"
        for name in ("1", "2", "3"):
            keep.remember(path, {"night": name})
        self.assertEqual([n["night"] for n in keep.history(path)], ["1", "2", "3"])

    def test_the_same_night_is_there_once_and_as_told_last(self):
        path = self.folder / "history.jsonl"
        for verdict in ("void", "clean"):
            keep.remember(path, {"night": "1", "verdict": verdict})
        self.assertEqual(keep.history(path), [{"night": "1", "verdict": "clean"}])

    def test_a_torn_line_costs_itself_only(self):
        path = self.folder / "history.jsonl"
        path.write_text('{"night": "1"}\n{"night": "2", "cov\n[3]\n{"night": "4"}\n')
        self.assertEqual([n["night"] for n in keep.history(path)], ["1", "4"])


class Resume(Folder):
    def night(self, minutes=10, fresh=False, commit="c1"):
        return keep.Night(self.folder, minutes, commit, fresh, now=lambda: 1e9)

    def test_parts_that_are_over_are_not_done_again(self):
        self.night().close("canary", {"status": "done", "died": True}, 5)
        again = self.night()
        self.assertTrue(again.resumed)
        self.assertTrue(again.over("canary"))
        self.assertFalse(again.over("fuzz"))
        self.assertTrue(again.state["parts"]["canary"]["died"])

    def test_the_steps_of_a_part_under_way_are_kept(self):
        first = self.night()
        first.progress("fuzz")["targets"] = {"cbor": {"execs": 7}}
        first.save()
        self.assertEqual(self.night().progress("fuzz"), {"targets": {"cbor": {"execs": 7}}})

    def test_time_that_was_spent_stays_spent(self):
        first = self.night()
        first.close("canary", {"status": "done"}, 60)
        first.spend(240)
        again = self.night()
        # 300 s of 600 are left, for fuzz and models as 6 to 3.
        self.assertAlmostEqual(again.budget("fuzz", SHARES), 200)

    def test_what_a_part_leaves_over_is_the_others(self):
        night = self.night()
        self.assertAlmostEqual(night.budget("canary", SHARES), 60)
        night.close("canary", {"status": "done"}, 0)
        self.assertAlmostEqual(night.budget("fuzz", SHARES), 400)
        night.close("fuzz", {"status": "done"}, 700)
        self.assertEqual(night.budget("models", SHARES), 0)

    def test_a_finished_night_is_followed_by_a_new_one(self):
        first = self.night()
        first.close("canary", {"status": "done"}, 5)
        first.finish()
        self.assertFalse(self.night().over("canary"))

    def test_fresh_begins_anew(self):
        self.night().close("canary", {"status": "done"}, 5)
        self.assertFalse(self.night(fresh=True).over("canary"))

    def test_another_commit_is_remembered(self):
        self.night(commit="c1")
        self.assertEqual(self.night(commit="c2").state["commits"], ["c1", "c2"])

    def test_the_file_is_whole(self):
        self.night()
        self.assertFalse(json.loads((self.folder / "state.json").read_text())["finished"])


def fuzzed(crashes=(), failure=None):
    return {"status": "done", "targets": [{"name": "cbor", "crashes": list(crashes), "failure": failure}]}


CRASH = {"title": "INVARIANT VIOLATED", "signature": "s"}
BIRD = {"status": "done", "died": True}


class Verdict(unittest.TestCase):
    def word(self, **parts):
        return keep.verdict(parts)[0]

    def test_clean(self):
        self.assertEqual(keep.verdict({"canary": BIRD, "fuzz": fuzzed()}), ("clean", []))

    def test_a_canary_that_lives_voids_all(self):
        self.assertEqual(self.word(canary={"status": "failed", "died": False}, fuzz=fuzzed([CRASH])), "VOID")

    def test_no_canary_is_void(self):
        self.assertEqual(self.word(fuzz=fuzzed()), "VOID")

    def test_a_hunt_that_misses_its_planted_bug_is_void(self):
        hunt = {"suite": "hardened", "canary": {"id": "deep", "found": False}}
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [hunt]}), "VOID")
        hunt["canary"]["found"] = True
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [hunt]}), "clean")

    def test_crashes(self):
        word, why = keep.verdict({"canary": BIRD, "fuzz": fuzzed([CRASH])})
        self.assertEqual((word, why), ("crashes", ["cbor: INVARIANT VIOLATED"]))
        self.assertEqual(self.word(canary=BIRD, instrumented=fuzzed([CRASH])), "crashes")

    def test_an_old_crash_that_is_still_there(self):
        still = [{"target": "cbor", "file": "f"}]
        self.assertEqual(self.word(canary=BIRD, known={"still": still}), "crashes")

    def test_a_violation_where_none_may_be(self):
        hunt = {"suite": "x", "properties": [{"id": "P-A1", "violations": 2}]}
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [dict(hunt, must_hold=True)]}), "crashes")
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [dict(hunt, must_hold=False)]}), "clean")

    def test_wib_hunt_knows_what_is_expected_to_fall(self):
        def told(expected):
            rows = [{"id": "P-A1", "violations": 2, "expected": expected}]
            return self.word(canary=BIRD, traces={"hunts": [{"suite": "x", "properties": rows, "exit": 1}]})
        self.assertEqual((told(True), told(False)), ("clean", "crashes"))

    def test_a_hunt_that_calls_itself_void_is(self):
        hunt = {"suite": "x", "void": True, "canary": {"id": "deep", "found": True}}
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [hunt]}), "VOID")

    def test_a_finding_that_is_not_reproduced_is_a_failure(self):
        hunt = {"suite": "x", "findings": [{"property": "P-A1", "verdict": "not reproduced"}]}
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [hunt]}), "failed")

    def test_a_hunt_that_died_is_a_failure(self):
        self.assertEqual(self.word(canary=BIRD, traces={"hunts": [{"suite": "x", "exit": 134}]}), "failed")

    def test_a_target_that_would_not_run(self):
        self.assertEqual(self.word(canary=BIRD, fuzz=fuzzed(failure="executed nothing")), "failed")

    def test_a_part_that_failed(self):
        self.assertEqual(self.word(canary=BIRD, models={"status": "failed"}), "failed")
        self.assertEqual(self.word(canary=BIRD, models={"status": "done", "failures": ["x"]}), "failed")

    def test_what_the_budget_stopped_is_no_failure(self):
        self.assertEqual(self.word(canary=BIRD, models={"status": "stopped by the budget"}), "clean")
