# SPDX-License-Identifier: Apache-2.0
"""What a night comes to: collect() makes plain data of it (summary.json), line() what the history
keeps, text() and page() what people read. The page's looks are in page.py."""

import keep
from page import page  # noqa: F401  (one place to ask for all three)


ORDER = ("canary", "known", "fuzz", "instrumented", "merge", "coverage", "mutants", "models", "traces")


def collect(state, before, interrupted, jobs, folder):
    """`before`: the nights before, oldest first."""
    parts = dict(state["parts"])
    for name, kept in state.get("progress", {}).items():  # a part that was interrupted
        if name not in parts and kept:
            parts[name] = {"status": "interrupted",
                           **{key: list(rows.values()) for key, rows in kept.items()}}
    word, reasons = keep.verdict(parts)
    last = latest(before)
    seen = {signature for night in before for signature in night.get("crashes", [])}
    return {
        "night": state["night"], "commits": state["commits"], "minutes": state["minutes"],
        "spent": state["spent"], "jobs": jobs, "folder": folder, "nights_before": len(before),
        "last_night": last.get("night"), "interrupted": interrupted,
        "interruptions": state.get("interruptions", 0),
        "verdict": word, "reasons": reasons,
        "not_run": [name for name in ORDER if parts.get(name, {}).get("status") in (None, "skipped", "not there")],
        "crashes": crashes_of(parts, seen), "still": parts.get("known", {}).get("still", []),
        "gone": parts.get("known", {}).get("gone", []),
        "targets": targets_of(parts, last.get("targets", {})),
        "coverage": coverage_of(parts.get("coverage", {}), last.get("coverage", {})),
        "uncovered": parts.get("coverage", {}).get("uncovered", {}),
        "hunts": parts.get("traces", {}).get("hunts", []),
        "mutants": parts.get("mutants", {}).get("ran", []),
        "planted": planted_of(parts.get("mutants", {}).get("planted")),
        "models": parts.get("models", {}).get("verdicts"),
        "parts": [{"name": name, "status": part.get("status"), "note": part.get("note", ""),
                   "seconds": part.get("seconds"), "budget": part.get("budget")}
                  for name, part in sorted(parts.items(), key=lambda p: ORDER.index(p[0]))],
    }


def latest(before):
    """The last known value of each thing: a night in which it was left out is no reason to forget."""
    known = {"coverage": {}, "targets": {}}
    for night in before:
        known["night"] = night["night"]
        for key in ("coverage", "targets"):
            known[key].update(night.get(key, {}))
    return known


def crashes_of(parts, seen):
    crashes = {}
    for leg in ("fuzz", "instrumented"):
        for result in parts.get(leg, {}).get("targets", []):
            for crash in result.get("crashes", []):
                kept = crashes.setdefault(crash["signature"], dict(
                    crash, legs=[], new=crash["signature"] not in seen))
                kept["legs"].append("stock" if leg == "fuzz" else leg)
    return sorted(crashes.values(), key=lambda c: not c["new"])


def targets_of(parts, last):
    """A row a target: the stock leg, what the instrumented one adds, the corpus after all."""
    rows = {}
    for result in parts.get("fuzz", {}).get("targets", []):
        floor, rate = result.get("floor", 0), result.get("execs_per_s", 0)
        rows[result["name"]] = {
            "name": result["name"], "kind": result.get("kind", ""), "execs": result["execs"],
            "execs_per_s": rate, "floor": floor, "below": bool(floor and rate < floor),
            "cov": result["cov"], "ft": result["ft"], "corpus": result["corpus"],
            "new": result.get("corpus_new", 0), "failure": result.get("failure")}
    for result in parts.get("instrumented", {}).get("targets", []):
        row = rows.setdefault(result["name"], {"name": result["name"], "execs": 0, "execs_per_s": 0,
                                               "floor": 0, "below": False, "cov": 0, "ft": 0,
                                               "corpus": 0, "new": 0, "failure": None})
        row["instrumented"] = {key: result[key] for key in ("execs_per_s", "cov", "ft", "execs")}
        row["corpus"], row["new"] = result["corpus"], row["new"] + result.get("corpus_new", 0)
        row["failure"] = row["failure"] or result.get("failure")
    for merged in parts.get("merge", {}).get("corpora", []):
        if merged["name"] in rows:
            rows[merged["name"]].update(corpus=merged["after"], merged_from=merged["before"])
    for name, row in rows.items():
        old = last.get(name)
        row["corpus_change"] = row["corpus"] - old["corpus"] if old else None
        row["ft_change"] = row["ft"] - old["ft"] if old else None
    return sorted(rows.values(), key=lambda r: r["name"])


def coverage_of(part, last):
    rows = []
    for name, row in part.get("folders", {}).items():
        percent = 100.0 * row["covered"] / row["lines"] if row["lines"] else 0.0
        old = last.get(name)
        change = None
        if old and old.get("lines"):
            change = round(percent - 100.0 * old["covered"] / old["lines"], 2)
        rows.append(dict(row, folder=name, percent=round(percent, 2), change=change))
    return rows


def planted_of(table):
    """The kill table, whatever it calls its rows."""
    if not isinstance(table, dict):
        return None
    for key in ("planted", "bugs", "mutants", "rows"):
        if isinstance(table.get(key), list):
            rows = [dict(row, dead=keep.killed(row), seconds=row.get("seconds", row.get("worst_seconds")))
                    for row in table[key]]
            return {"rows": rows, "summary": table.get("summary", "")}
    return None


def line(told):
    """What the next nights compare with."""
    return {"night": told["night"], "commit": told["commits"][-1], "verdict": told["verdict"],
            "minutes": told["minutes"], "spent": told["spent"],
            "crashes": [c["signature"] for c in told["crashes"]],
            "coverage": {row["folder"]: {"lines": row["lines"], "covered": row["covered"]}
                         for row in told["coverage"]},
            "targets": {row["name"]: {key: row[key] for key in ("execs_per_s", "cov", "ft", "corpus")}
                        for row in told["targets"]},
            "traces": traces_of(told["hunts"])}


def traces_of(hunts):
    spent = {}
    for hunt in hunts:
        name = f"{hunt['suite']}, {hunt.get('entropy', 'strong')}"
        spent[name] = spent.get(name, 0) + hunt.get("traces", 0)
    return spent


def signed(number, digits=0):
    return "" if number is None else f"{number:+.{digits}f}"


def text(told):
    """The short one, for the terminal."""
    out = [f"night {told['night']}: {told['verdict'].upper() if told['verdict'] != 'VOID' else 'VOID'}"
           + (" (interrupted: run again to go on)" if told["interrupted"] else "")]
    out += [f"  {reason}" for reason in told["reasons"]]
    if told["not_run"]:
        out.append(f"  says nothing about: {', '.join(told['not_run'])}")
    for crash in told["crashes"]:
        out.append(f"  {'NEW ' if crash['new'] else ''}crash: {crash['command']}")
    if told["targets"]:
        below = [row["name"] for row in told["targets"] if row["below"]]
        out.append(f"  targets {len(told['targets'])}, executions"
                   f" {sum(row['execs'] for row in told['targets'])},"
                   f" corpus {sum(row['corpus'] for row in told['targets'])} files"
                   + (f"; below their floor: {', '.join(below)}" if below else ""))
    for row in told["coverage"]:
        if "/" not in row["folder"]:
            out.append(f"  coverage of {row['folder']}/: {row['percent']:.1f} % of {row['lines']} lines"
                       f" {signed(row['change'], 2)}")
    for hunt in told["hunts"]:
        out.append(f"  hunt {hunt['suite']}, {hunt.get('entropy', 'strong')}, seed {hunt.get('seed')}: {hunt.get('traces', 0)} traces,"
                   f" {sum(bool(p.get('violations')) for p in hunt.get('properties', []))} properties violated")
    if told["planted"]:
        rows = told["planted"]["rows"]
        out.append(f"  planted bugs: {sum(row['dead'] for row in rows)} of {len(rows)} found")
    out += [f"  {ran['name']}: {ran['said']}" for ran in told["mutants"] if ran["said"]]
    if told["models"]:
        out.append(f"  deep models: {len(told['models']['passed'])} passed,"
                   f" {len(told['models']['failed'])} failed, {len(told['models']['begun'])} under way at the end")
    for part in told["parts"]:
        if part["status"] not in ("done", "failed"):
            out.append(f"  {part['name']}: {part['status']}" + (f" ({part['note']})" if part["note"] else ""))
    return "\n".join(out)
