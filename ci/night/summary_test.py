# SPDX-License-Identifier: Apache-2.0
"""The summary: what is compared with what, and that nothing a fuzzer chose becomes HTML."""

import copy
import html.parser
import unittest

import summary

EVIL = "<script>alert('&\"')</script>"


def crash(signature="s1", **more):
    return {"target": "cbor", "kind": "crash", "title": "t", "signature": signature, "stack": ["f"],
            "file": "d/crash-1", "command": "fuzz_cbor d/crash-1", "after_seconds": 1.5, **more}


def result(**more):
    return {"name": "cbor", "kind": "parser", "floor": 60000, "execs": 100, "seconds": 10, "execs_per_s": 70000,
            "cov": 5, "ft": 9, "corpus": 40, "corpus_new": 4, "crashes": [], "failure": None, **more}


def state(**parts):
    return {"night": "2026-01-02T03:04:05", "commits": ["c1"], "minutes": 20, "spent": 60.0, "progress": {},
            "parts": {"canary": {"status": "done", "died": True}, **parts}}


def collect(told, before=(), interrupted=False):
    return summary.collect(copy.deepcopy(told), list(before), interrupted, 2, "/n")


def fuzzed(*results):
    return {"status": "done", "targets": list(results)}


class Comparison(unittest.TestCase):
    BEFORE = {"night": "1", "crashes": ["s1"], "coverage": {"protocol": {"lines": 100, "covered": 80}},
              "targets": {"cbor": {"execs_per_s": 1, "cov": 5, "ft": 7, "corpus": 30}}}

    def test_a_crash_is_new_until_a_night_had_it(self):
        told = state(fuzz=fuzzed(result(crashes=[crash("s1"), crash("s2")])))
        news = {c["signature"]: c["new"] for c in collect(told, [self.BEFORE])["crashes"]}
        self.assertEqual(news, {"s1": False, "s2": True})

    def test_one_crash_in_both_legs_is_one(self):
        told = collect(state(fuzz=fuzzed(result(crashes=[crash()])), instrumented=fuzzed(result(crashes=[crash()]))))
        self.assertEqual([c["legs"] for c in told["crashes"]], [["stock", "instrumented"]])

    def test_changes_since_the_last_night(self):
        part = {"status": "done", "folders": {"protocol": {"lines": 200, "covered": 170}, "attacks": {"lines": 4, "covered": 1}}}
        told = collect(state(fuzz=fuzzed(result()), coverage=part), [self.BEFORE])
        self.assertEqual([(r["folder"], r["percent"], r["change"]) for r in told["coverage"]],
                         [("protocol", 85.0, 5.0), ("attacks", 25.0, None)])
        self.assertEqual((told["targets"][0]["corpus_change"], told["targets"][0]["ft_change"]), (10, 2))

    def test_a_night_without_a_part_is_not_what_is_compared_with(self):
        told = collect(state(fuzz=fuzzed(result())), [self.BEFORE, {"night": "2", "targets": {}, "coverage": {}}])
        self.assertEqual(told["targets"][0]["corpus_change"], 10)

    def test_the_corpus_is_the_one_after_the_merge(self):
        told = collect(state(fuzz=fuzzed(result()), merge={"status": "done", "corpora": [{"name": "cbor", "before": 40, "after": 12}]}))
        self.assertEqual(told["targets"][0]["corpus"], 12)

    def test_floors(self):
        told = collect(state(fuzz=fuzzed(result(execs_per_s=59999), result(name="b", floor=0, execs_per_s=1))))
        self.assertEqual({r["name"]: r["below"] for r in told["targets"]}, {"cbor": True, "b": False})

    def test_an_interrupted_part_shows_what_it_had(self):
        told = state()
        told["progress"] = {"fuzz": {"targets": {"cbor": result(crashes=[crash()])}}}
        told = collect(told, interrupted=True)
        self.assertEqual((told["verdict"], len(told["crashes"])), ("crashes", 1))
        self.assertIn("interrupted", summary.text(told))

    def test_what_did_not_run_is_said(self):
        told = collect(state(fuzz=fuzzed(result()), models={"status": "skipped"}))
        self.assertIn("models", told["not_run"])
        self.assertIn("traces", told["not_run"])
        self.assertNotIn("fuzz", told["not_run"])

    def test_the_line_of_the_history_compares_as_it_was_told(self):
        told = collect(state(fuzz=fuzzed(result(crashes=[crash()]))))
        again = collect(state(fuzz=fuzzed(result(crashes=[crash()]))), [summary.line(told)])
        self.assertFalse(again["crashes"][0]["new"])
        self.assertEqual(again["targets"][0]["corpus_change"], 0)


class Planted(unittest.TestCase):
    def dead(self, **row):
        return summary.planted_of({"bugs": [row]})["rows"][0]["dead"]

    def test_a_bug_is_found_if_every_hunt_found_it(self):
        self.assertTrue(self.dead(kills=[{"found": True}, {"found": True}]))
        self.assertFalse(self.dead(kills=[{"found": True}, {"found": False}]))
        self.assertFalse(self.dead(kills=[]))
        self.assertTrue(self.dead(found=True))

    def test_no_table_is_none(self):
        self.assertIsNone(summary.planted_of(None))
        self.assertIsNone(summary.planted_of({"what": 1}))


class Tags(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.attributes = [], set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.attributes += attributes
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()


def evil(value):
    """The same data, every string of it hostile."""
    if isinstance(value, dict):
        return {key: evil(v) if key not in ("status", "suite", "found", "killed") else v for key, v in value.items()}
    if isinstance(value, list):
        return [evil(v) for v in value]
    return value + EVIL if isinstance(value, str) else value


class Page(unittest.TestCase):
    FULL = state(
        known={"status": "done", "still": [{"target": "a", "file": "f", "command": "c"}], "gone": ["g"]},
        fuzz=fuzzed(result(crashes=[crash()], failure="bad", execs_per_s=1)), instrumented=fuzzed(result()),
        coverage={"status": "done", "folders": {"protocol": {"lines": 4, "covered": 1}}, "uncovered": {"protocol/a.cc": "1-2"}},
        mutants={"status": "done", "note": "n", "ran": [{"name": "w", "code": 1, "said": "s", "log": "l"}],
                 "planted": {"bugs": [{"id": "p", "deep": True, "worst_seconds": 1.5, "kills": [
                     {"found": True}, {"found": False}]}], "summary": "1 bug"}},
        models={"status": "stopped by the budget", "verdicts": {"passed": {"a": 1.0}, "failed": {"b": 2.0}, "begun": ["c"]}},
        traces={"status": "done", "hunts": [{
            "suite": "hardened", "seed": 1, "entropy": "e", "traces": 5, "traces_per_s": 2, "states": 3, "page": "p", "log": "l",
            "canary": {"id": "b", "found": True, "seconds": 0.1}, "must_hold": True,
            "properties": [{"id": "P-A1", "violations": 1, "traces": 5, "first_seconds": 0.25}],
            "findings": [{"property": "P-A1", "verdict": "confirmed", "title": "t", "steps": ["press"], "trace": "x.jsonl"}]},
            {"suite": "as_posted"}]})

    def test_nothing_becomes_html(self):
        told = evil(collect(self.FULL))
        told["hunts"][0]["suite"] = EVIL
        told["uncovered"] = {f"protocol/{EVIL}": EVIL}
        told["models"]["passed"] = {EVIL: 1.0}
        page = summary.page(told)
        self.assertNotIn("<script", page)
        tags = Tags(page)
        self.assertEqual(tags.open, [])
        self.assertNotIn("script", tags.seen)
        self.assertFalse([name for name, _ in tags.attributes if name.startswith("on")])

    def test_nothing_comes_from_elsewhere(self):
        page = summary.page(collect(self.FULL))
        self.assertNotIn("http", page)
        self.assertNotIn("src=", page)

    def test_what_must_be_on_it(self):
        page = summary.page(collect(self.FULL))
        for words in ("crashes", "fuzz_cbor d/crash-1", "protocol/a.cc", "P-A1", "x.jsonl", "under way when the time was over",
                      "0 of 1 planted bugs found", "first night", "says nothing about: merge"):
            self.assertIn(words, page)

    def test_a_night_of_nothing_is_a_page(self):
        told = state()
        told["parts"] = {}
        page = summary.page(collect(told))
        self.assertIn("VOID", page)
        self.assertEqual(Tags(page).open, [])

    def test_the_text_has_the_commands(self):
        told = summary.text(collect(self.FULL))
        self.assertIn("NEW crash: fuzz_cbor d/crash-1", told)
        self.assertIn("hunt hardened, e, seed 1: 5 traces, 1 properties violated", told)
