# SPDX-License-Identifier: Apache-2.0
"""The summary page: static HTML of summary.json, no script, nothing from elsewhere. Every value
goes through cell() or esc(): crash titles are bytes that a fuzzer chose."""

import html
import os

STYLE = """
:root { color-scheme: light dark; --line: #d5d9e0; --soft: #667; --bad: #b3261e; --good: #1b6e3c; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3f48; --soft: #9aa3b2; --bad: #ff8a80; --good: #7bd69b; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
.verdict { border-left: 8px solid var(--bad); padding: .6rem 1rem; margin: 1rem 0; background: #8881; }
.verdict.clean { border-color: var(--good); } .verdict b { font-size: 1.3rem; }
.soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { background: #8881; padding: .6rem; overflow-x: auto; font-size: .82rem; margin: .3rem 0; }
.crash { border-left: 4px solid var(--bad); padding-left: .8rem; margin: 1rem 0; }
.bar { display: inline-block; width: 8rem; height: .6rem; background: #8883; }
.bar i { display: block; height: 100%; background: var(--good); }
ul { margin: .3rem 0; padding-left: 1.2rem; } summary { cursor: pointer; }
"""


def esc(value):
    return html.escape("" if value is None else str(value), quote=True)


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}".replace(",", " ")


def signed(value, digits=0):
    return "" if value is None else ("±0" if not round(value, digits) else f"{value:+,.{digits}f}".replace(",", " "))


class Raw(str):
    """HTML that page.py made itself."""


def cell(value, kind=""):
    body = value if isinstance(value, Raw) else esc(value)
    return f'<td class="{kind}">{body}</td>' if kind else f"<td>{body}</td>"


def table(heads, rows):
    """heads: names, a leading '#' for a column of numbers."""
    kinds = ["n" if head.startswith("#") else "" for head in heads]
    top = "".join(f'<th class="{k}">{esc(h.lstrip("#"))}</th>' if k else f"<th>{esc(h)}</th>"
                  for h, k in zip(heads, kinds))
    body = "".join("<tr>" + "".join(cell(v, k) for v, k in zip(row, kinds)) + "</tr>\n" for row in rows)
    return f"<table><tr>{top}</tr>\n{body}</table>"


def link(told, path, words):
    """To a file of the night's folder, relative: the folder may be moved or be an artifact."""
    path = os.path.relpath(path, told["folder"]) if os.path.isabs(path) else path
    return Raw(f'<a href="{esc(path)}">{esc(words)}</a>')


def marked(words, kind):
    return Raw(f'<span class="{kind}">{esc(words)}</span>')


def crashes(told):
    out = []
    for crash in told["crashes"]:
        out.append(f'<div class="crash"><b>{esc(crash["target"])}</b> '
                   + (marked("new", "bad") if crash["new"] else marked("seen before", "soft"))
                   + f' {esc(crash["kind"])}, {esc(", ".join(crash["legs"]))}, after {esc(crash["after_seconds"])} s'
                   f'<br>{esc(crash["title"])}<pre>{esc(chr(10).join(crash["stack"]))}</pre>'
                   f'again: <pre>{esc(crash["command"])}</pre>reproducer: {esc(crash["file"])}</div>')
    for row in told["still"]:
        out.append(f'<div class="crash"><b>{esc(row["target"])}</b> still dies of an input of an'
                   f' earlier night<pre>{esc(row["command"])}</pre></div>')
    out += [f"<p>no longer dies, put aside: {esc(file)}</p>" for file in told["gone"]]
    return "".join(out) or '<p class="good">none</p>'


def targets(told):
    rows = []
    for row in told["targets"]:
        rate = number(row["execs_per_s"])
        other = row.get("instrumented") or {}
        rows.append([row["name"], marked(rate, "bad") if row["below"] else rate, number(row["floor"]) if row["floor"] else "",
                     number(row["execs"]), number(row["cov"]), number(row["ft"]), signed(row["ft_change"]),
                     number(row["corpus"]), signed(row["corpus_change"]),
                     number(other.get("execs_per_s")), number(other.get("ft")),
                     marked(row["failure"], "bad") if row["failure"] else ""])
    return table(["target", "#exec/s", "#floor", "#executions", "#edges", "#features", "#change", "#corpus", "#change",
                  "#instr. exec/s", "#instr. features", ""], rows) if rows else "<p>none ran</p>"


def coverage(told):
    rows = []
    for row in told["coverage"]:
        top = "/" not in row["folder"]
        bar = Raw(f'<span class="bar"><i style="width:{row["percent"]:.1f}%"></i></span>')
        name = Raw(f"<b>{esc(row['folder'])}/</b>") if top else row["folder"].replace("/*", "/ itself")
        rows.append([name, bar, f"{row['percent']:.1f} %", signed(row["change"], 2), number(row["covered"]), number(row["lines"])])
    if not rows:
        return "<p>not measured</p>"
    out = table(["folder", "", "#lines", "#change", "#reached", "#of"], rows)
    missing = told["uncovered"]
    if missing:
        items = "".join(f"<li><code>{esc(name)}</code>: {esc(lines)}</li>" for name, lines in missing.items())
        out += (f"<details><summary>{len(missing)} files of protocol/ have lines that no corpus reaches"
                f"</summary><ul>{items}</ul></details>")
    return out


def hunts(told):
    out = []
    for hunt in told["hunts"]:
        planted = hunt.get("canary") or {}
        bird = (f"planted {planted.get('id')}: found after {number(planted.get('seconds'), 3)} s" if planted.get("found")
                else f"planted {planted.get('id')}: NOT FOUND" if planted else "no planted bug in it")
        out.append(f"<h3>{esc(hunt['suite'])} <span class='soft'>seed {esc(hunt.get('seed'))},"
                   f" entropy {esc(hunt.get('entropy') or '-')}</span></h3><p>{number(hunt.get('traces'))} traces,"
                   f" {number(hunt.get('traces_per_s'))}/s, {number(hunt.get('states'))} states,"
                   f" {number(hunt.get('features'))} features, {number(hunt.get('honest_completions'))} honest"
                   f" completions; {esc(bird)} {link(told, hunt['page'], 'page') if hunt.get('page') else ''}"
                   f" {link(told, hunt['log'], 'log') if hunt.get('log') else ''}</p>")
        rows = [[f"{p.get('id')} {p.get('title') or ''}", fallen(p, hunt) if p.get("violations") else "0",
                 number(p.get("traces")), number(p.get("first_seconds"), 3) if p.get("violations") else ""]
                for p in hunt.get("properties", [])]
        out.append(table(["property", "#violations", "#traces", "#first after, s"], rows) if rows else "")
        out.append("".join(finding(told, hunt, f) for f in hunt.get("findings", [])))
    return "".join(out) or "<p>no campaign ran</p>"


def fallen(row, hunt):
    expected = row.get("expected")
    bad = expected is False or (expected is None and hunt.get("must_hold"))
    return marked(f"{row['violations']}{', as expected' if expected else ''}", "bad" if bad else "")


def finding(told, hunt, found):
    steps = found.get("steps")
    steps = steps if isinstance(steps, list) else [f"{steps} steps"]
    trace = ""
    if found.get("trace") and hunt.get("page"):
        trace = link(told, os.path.join(os.path.dirname(hunt["page"]), found["trace"]), "trace")
    return (f"<details><summary>{esc(found.get('property'))}: {esc(found.get('verdict'))},"
            f" {esc(found.get('title'))} ({len(steps)} steps) {trace}</summary>"
            f"<pre>{esc(chr(10).join(map(str, steps)))}</pre></details>")


def planted(told):
    out = ""
    if told["mutants"]:
        out += table(["command", "what it said", ""],
                     [[ran["name"], ran["said"] if ran["code"] in (0, None) else marked(ran["said"], "bad"),
                       {0: "as expected", None: "stopped by the budget"}.get(ran["code"], f"exit {ran['code']}")]
                      for ran in told["mutants"]])
    if told["planted"]:
        rows = told["planted"]["rows"]
        dead = [row["dead"] for row in rows]
        out += (f"<p>{sum(dead)} of {len(rows)} planted bugs found. {esc(told['planted']['summary'])}</p>"
                "<details><summary>the table</summary>")
        out += table(["id", "kind", "found", "#worst, s"],
                     [[row.get("id"), row.get("kind") or ("deep" if row.get("deep") else ""),
                       "yes" if d else marked("NO", "bad"), number(row["seconds"], 3)] for row, d in zip(rows, dead)])
        out += "</details>"
    return out or "<p>none asked</p>"


def models(told):
    found = told["models"]
    if not found:
        return "<p>not asked</p>"
    rows = [[name, marked("as expected", "good"), seconds] for name, seconds in found["passed"].items()]
    rows += [[name, marked("FAILED", "bad"), seconds] for name, seconds in found["failed"].items()]
    rows += [[name, marked("under way when the time was over", "soft"), ""] for name in found["begun"]]
    return table(["test", "verdict", "#seconds"], rows)


def over(told):
    rows = [[part["name"], marked(part["status"], {"done": "good", "failed": "bad"}.get(part["status"], "soft")),
             number(part["seconds"]), number(part["budget"]), part["note"]] for part in told["parts"]]
    return table(["part", "", "#seconds", "#budget", ""], rows)


def page(told):
    word = told["verdict"]
    reasons = "".join(f"<li>{esc(reason)}</li>" for reason in told["reasons"])
    silent = (f'<p class="soft">says nothing about: {esc(", ".join(told["not_run"]))}</p>' if told["not_run"] else "")
    since = f"compared with the night of {esc(told['last_night'])}" if told["last_night"] else "the first night of this folder"
    states = []
    if told["interrupted"]:
        states.append("interrupted: what follows is so far; run it again to go on")
    elif told["interruptions"]:
        states.append(f"resumed {told['interruptions']} times")
    if len(told["commits"]) > 1:
        states.append("resumed on another commit")
    sections = [("Crashes", crashes), ("Targets", targets), ("Coverage of the code by the corpora", coverage),
                ("Trace campaign", hunts), ("Planted bugs", planted), ("Deep models", models), ("The parts", over)]
    body = "".join(f"<h2>{title}</h2>\n{make(told)}\n" for title, make in sections)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>wib: the night of {esc(told['night'])}: {esc(word)}</title><style>{STYLE}</style></head><body>
<h1>wib: the night of {esc(told['night'])}</h1>
<p class="soft">commit {esc(', '.join(told['commits']))}; {number(told['minutes'], 1)} minutes, {number(told['spent'] / 60, 1)} spent,
{esc(told['jobs'])} side by side; {since}{esc('; '.join([''] + states))}; <a href="logs/">logs</a>, <a href="summary.json">data</a></p>
<div class="verdict {esc(word)}"><b>{esc(word)}</b><ul>{reasons}</ul>{silent}</div>
{body}</body></html>
"""
