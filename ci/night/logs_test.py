# SPDX-License-Identifier: Apache-2.0
"""What is read out of the logs of libFuzzer, ctest and llvm-cov."""

import unittest

import coverage
import crashes
import engine
import parts
from targets import ROOT

STACK = f"""\
==25934== ERROR: libFuzzer: deadly signal
    #0 0x558eeda5d8f1 in __sanitizer_print_stack_trace (/x/fuzz_cbor+0x1128f1) (BuildId: cba1)
    #1 0x558eed9b28b8 in fuzzer::PrintStackTrace() (/x/fuzz_cbor+0x678b8) (BuildId: cba1)
    #2 0x7f0ebb839fb1 in raise signal/../sysdeps/posix/raise.c:26:13
    #3 0x558eeda95105 in wib::fuzz::expect(bool, std::string_view) {ROOT}/fuzz/driver/target.cc:14:3
    #4 0x558eeda95106 in wib::fuzz::one_input(wib::ByteView) {ROOT}/fuzz/parsers/cbor.cc:33:3
    #5 0x558eeda95153 in LLVMFuzzerTestOneInput {ROOT}/fuzz/driver/target.cc:21:3

SUMMARY: libFuzzer: deadly signal
"""
VIOLATED = "INVARIANT VIOLATED: what was read can be written\n  the invariant: so it is\n"
WRITTEN = "artifact_prefix='/s/'; Test unit written to /s/crash-da39190d\nBase64: d2liIQ==\n"
RUN = """\
#2	INITED cov: 5 ft: 6 corp: 1/1b exec/s: 0 rss: 31Mb
#1879	NEW    cov: 6 ft: 7 corp: 2/3b lim: 21 exec/s: 0 rss: 32Mb L: 2/2 MS: 2 ChangeBit-InsertByte-
#65536	pulse  cov: 9 ft: 10 corp: 5/9Kb lim: 29 exec/s: 21845 rss: 32Mb
"""


class Progress(unittest.TestCase):
    def test_a_line_of_progress(self):
        self.assertEqual(engine.parse_status(RUN.splitlines()[2]),
                         {"execs": 65536, "event": "pulse", "cov": 9, "ft": 10, "corpus": 5,
                          "corpus_bytes": 9 << 10})

    def test_other_lines_are_none(self):
        for line in ("", "INFO: Seed: 1", "#0 0x55 in main", "    #3 cov: 4"):
            self.assertIsNone(engine.parse_status(line))

    def test_the_final_count_is_the_one_that_counts(self):
        log = engine.parse_log(RUN + "stat::number_of_executed_units: 90001\n")
        self.assertEqual((log["execs"], log["cov"], log["corpus"]), (90001, 9, 5))

    def test_a_killed_run_counts_as_far_as_it_told(self):
        self.assertEqual(engine.parse_log(RUN)["execs"], 65536)

    def test_an_empty_log_executed_nothing(self):
        self.assertEqual(engine.parse_log("")["execs"], 0)


class Crashes(unittest.TestCase):
    def test_a_violated_invariant(self):
        crash = crashes.crash_of("cbor", ROOT / "build/fuzz/fuzz/fuzz_cbor",
                                 RUN + VIOLATED + STACK + WRITTEN, 3.14)
        self.assertEqual(crash["title"], "INVARIANT VIOLATED: what was read can be written")
        self.assertEqual(crash["command"], "build/fuzz/fuzz/fuzz_cbor /s/crash-da39190d")
        self.assertIn("wib::fuzz::one_input(wib::ByteView) fuzz/parsers/cbor.cc:33:3",
                      "\n".join(crash["stack"]))
        self.assertNotIn("fuzzer::PrintStackTrace", "\n".join(crash["stack"]))

    def test_a_slow_unit_is_no_crash(self):
        self.assertIsNone(crashes.crash_of("x", "b", "Test unit written to /slow-unit-x/slow-unit-1f\n", 1))

    def test_a_slow_unit_before_a_crash_does_not_hide_it(self):
        text = WRITTEN + "Test unit written to /s/slow-unit-1f\n"
        self.assertEqual(crashes.artifact_of(text), "/s/crash-da39190d")

    def test_no_file_no_crash(self):
        self.assertIsNone(crashes.crash_of("cbor", "b", RUN, 1))

    def test_kinds(self):
        for kind in ("crash", "timeout", "oom", "leak"):
            self.assertEqual(crashes.kind_of(f"/a/b/{kind}-12ab"), kind)

    def sign(self, text, artifact="/s/crash-1", target="cbor"):
        return crashes.signature_of(target, text, artifact)

    def test_addresses_and_inputs_do_not_tell_crashes_apart(self):
        other = STACK.replace("0x558eeda95106", "0x111111111111")
        self.assertEqual(self.sign(STACK), self.sign(other, "/s/crash-2"))

    def test_places_do(self):
        self.assertNotEqual(self.sign(STACK), self.sign(STACK.replace("cbor.cc:33:3", "cbor.cc:40:3")))

    def test_targets_do(self):
        self.assertNotEqual(self.sign(STACK), self.sign(STACK, target="cookie"))

    def test_without_a_stack_the_words_do(self):
        self.assertNotEqual(self.sign(VIOLATED), self.sign(VIOLATED.replace("read", "seen")))

    def test_where_time_runs_out_is_chance(self):
        moved = STACK.replace("cbor.cc:33:3", "cbor.cc:40:3")
        self.assertEqual(self.sign(STACK, "/s/timeout-1"), self.sign(moved, "/s/timeout-2"))

    def test_undefined_behaviour_has_its_own_words(self):
        text = f"{ROOT}/protocol/cbor.cc:9:3: runtime error: shift exponent 64 is too large\n" + STACK
        self.assertEqual(crashes.title_of(text),
                         "protocol/cbor.cc:9:3: runtime error: shift exponent 64 is too large")


class Ctest(unittest.TestCase):
    TEXT = """\
      Start  1: model.deep.as_posted
 1/20 Test  #1: model.deep.as_posted ...............   Passed   12.34 sec
      Start  2: model.deep.hardened
      Start  3: model.deep.other
 2/20 Test  #3: model.deep.other ...................***Failed    0.50 sec
"""

    def test_passed_failed_and_under_way(self):
        self.assertEqual(parts.ctest_verdicts(self.TEXT),
                         {"passed": {"model.deep.as_posted": 12.34}, "failed": {"model.deep.other": 0.5},
                          "begun": ["model.deep.hardened"]})


class Coverage(unittest.TestCase):
    def test_folders(self):
        def entry(name, count, covered):
            return {"filename": f"/r/{name}", "summary": {"lines": {"count": count, "covered": covered}}}
        files = [entry("protocol/cbor.cc", 10, 5), entry("protocol/setup/step.cc", 30, 30),
                 entry("backends/ideal/ideal.cc", 8, 2), entry("fuzz/parsers/cbor.cc", 99, 99),
                 entry("protocol/cbor_test.cc", 99, 99)]
        self.assertEqual(coverage.by_folder({"data": [{"files": files}]}, "/r"), {
            "protocol": {"lines": 40, "covered": 35}, "protocol/*": {"lines": 10, "covered": 5},
            "protocol/setup": {"lines": 30, "covered": 30}, "backends": {"lines": 8, "covered": 2},
            "backends/ideal": {"lines": 8, "covered": 2}})

    def test_uncovered_lines_of_protocol_only(self):
        lcov = ("SF:/r/protocol/a.cc\nDA:1,7\nDA:2,0\nDA:3,0\nDA:5,0\nend_of_record\n"
                "SF:/r/backends/b.cc\nDA:1,0\nend_of_record\nSF:/r/protocol/c.cc\nDA:1,1\n")
        self.assertEqual(coverage.uncovered(lcov, "/r"), {"protocol/a.cc": "2-3, 5"})
