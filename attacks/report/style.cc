// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/style.h"

namespace wib::attacks::report {

// Orange and blue tell outcomes apart (to the colour-blind as well), red is kept for what is not as
// expected and for the attacker's hand; the text always says it too.
constexpr std::string_view style_sheet = R"css(
:root {
  --paper: #fdfcf9; --panel: #f4f2eb; --ink: #1b2025; --soft: #57606a; --rule: #dad6ca;
  --link: #0a4f8c; --attack: #b3261e; --attack-tint: #fbe9e5; --band: #b3261e12;
  --succeeded: #fde6c8; --succeeded-ink: #733600; --blocked: #dcebf6; --blocked-ink: #0f4569;
  --alarm: #b3261e; --alarm-ink: #ffffff; --void: #5b3a86; --good: #17663a; --mark: #fff3b8;
  --sans: system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --panel: #1e2327; --ink: #e7e4dc; --soft: #a2abb4; --rule: #394047;
    --link: #8fc4f4; --attack: #ff8b7e; --attack-tint: #3b211e; --band: #ff8b7e14;
    --succeeded: #4a3011; --succeeded-ink: #ffd9a8; --blocked: #16354c; --blocked-ink: #b8deff;
    --alarm: #cf3f33; --alarm-ink: #ffffff; --void: #7d57b3; --good: #7fd6a2; --mark: #4a4318;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 var(--sans); overflow-wrap: break-word;
}
main { max-width: 1240px; margin: 0 auto; padding: 40px clamp(16px, 3vw, 36px) 80px; }
a { color: var(--link); text-underline-offset: 2px; text-decoration-thickness: 1px; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; break-after: avoid; }
h1 { font-size: 2.3rem; letter-spacing: -0.02em; margin: 0 0 0.5rem; }
h2 { font-size: 1.6rem; letter-spacing: -0.01em; margin: 0 0 1rem; }
h3 { font-size: 1.12rem; margin: 2rem 0 0.6rem; }
h4 { font-size: 0.92rem; margin: 1.4rem 0 0.4rem; }
section { margin-top: 3.2rem; }
section.family, #matrix, #properties, #models, #reproduce { border-top: 2px solid var(--ink); padding-top: 1.2rem; }
code, pre, .id { font-family: var(--mono); font-size: 0.875em; }
code { overflow-wrap: anywhere; white-space: pre-wrap; }
pre.command {
  margin: 0.3rem 0; padding: 0.6rem 0.8rem; background: var(--panel); border-left: 3px solid var(--ink);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
pre.command::before { content: "$ "; color: var(--soft); }
summary { cursor: pointer; color: var(--link); font-size: 0.9rem; }
.tool { margin: 0; color: var(--soft); font: 0.85rem var(--mono); }
.lede { max-width: 74ch; margin: 0; color: var(--soft); }
.scroll { overflow-x: auto; }
.tag {
  display: inline-block; padding: 0 0.45em; border: 1px solid currentColor; border-radius: 3px;
  font: 600 0.72rem/1.5 var(--sans); color: var(--soft); vertical-align: 0.1em;
}
.title::first-letter { text-transform: uppercase; }

/* summary */
.summary { margin-top: 1.8rem; padding: 1rem 1.2rem; background: var(--panel); border-left: 6px solid var(--good); }
.summary.bad { border-left-color: var(--alarm); }
.headline { margin: 0; font-size: 1.35rem; font-weight: 700; line-height: 1.3; }
.good .sign { color: var(--good); }
.bad .headline, .bad .sign, .attention strong { color: var(--attack); }
.against > .headline:first-child { color: var(--ink); }
.against > .headline:first-child .sign { color: var(--good); }
.attention { list-style: none; margin: 0.7rem 0; padding: 0; }
.attention li { position: relative; padding: 0.3rem 0 0.3rem 1.4rem; border-top: 1px solid var(--rule); }
.attention .sign { position: absolute; left: 0; font-weight: 700; }
.attention a { font: 600 0.9rem var(--mono); }
.extent { margin: 0.3rem 0 0; color: var(--soft); font-size: 0.92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 1.1rem 0 0; padding: 0; list-style: none; }

/* outcomes and verdicts */
.outcome, .standing { white-space: nowrap; }
.outcome { padding: 0.1em 0.5em; border-radius: 3px; font-weight: 600; }
.outcome.succeeded { background: var(--succeeded); color: var(--succeeded-ink); }
.outcome.blocked { background: var(--blocked); color: var(--blocked-ink); }
.outcome.none { color: var(--soft); border: 1px dashed var(--soft); }
.standing { padding: 0.1em 0.4em; border-radius: 3px; color: var(--soft); }
.standing.unexpected { background: var(--alarm); color: var(--alarm-ink); font-weight: 700; }
.standing.error { background: var(--void); color: #ffffff; font-weight: 700; }
.standing.proved-nothing { outline: 1.5px dashed currentColor; outline-offset: -1px; color: var(--ink); font-weight: 700; }

/* tables */
table { border-collapse: collapse; font-size: 0.86rem; line-height: 1.35; }
th { text-align: left; font-weight: 600; }
.plain { min-width: min(100%, 40rem); }
.plain th, .plain td { padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.plain thead th { color: var(--soft); font-weight: 500; white-space: nowrap; }
.defences th, .defences td { padding: 0.2rem 0.45rem; }
.defences thead th { font: 600 0.72rem var(--mono); writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; text-align: left; vertical-align: bottom; }
.defences thead th:first-child { writing-mode: horizontal-tb; transform: none; }
.defences tbody th { font: 400 0.8rem var(--mono); white-space: nowrap; }
.defences .part { padding-top: 0.9rem; font: 600 0.86rem inherit; color: var(--soft); }
.defences .letter { text-align: center; font-family: var(--mono); color: var(--soft); }
.defences .changed { font-weight: 700; color: var(--ink); outline: 1.5px solid currentColor; outline-offset: -2px; }
.defences .succeeded { background: var(--succeeded); color: var(--succeeded-ink); }
.defences .blocked { background: var(--blocked); color: var(--blocked-ink); }
.whys { padding-left: 1.1rem; font-size: 0.88rem; }
.whys .where { color: var(--soft); font-size: 0.8rem; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.matrix { width: 100%; border-collapse: separate; border-spacing: 0; }
.matrix th, .matrix td { border-bottom: 1px solid var(--rule); }
.matrix thead th { vertical-align: bottom; padding: 0.25rem 0.3rem; }
.matrix .suite { font-family: var(--mono); border-bottom: 0; padding-left: 0.7rem; }
.matrix .pair { font-weight: 500; white-space: nowrap; font-size: 0.8rem; }
.matrix .role { color: var(--soft); font-weight: 400; display: inline-block; width: 4em; }
.matrix .first { padding-left: 0.7rem; }
.matrix .roles { display: none; }
.matrix.many .role { display: none; }
.matrix.many .roles { display: block; color: var(--soft); font-weight: 400; font-size: 0.75rem; }
.matrix.many .pair { font-size: 0.72rem; padding-left: 0.15rem; padding-right: 0.15rem; }
.matrix.many .cell { padding: 0.15rem 0.1rem; }
.matrix.many .cell a { font-size: 0.7rem; }
.matrix.many .outcome, .matrix.many .standing { padding-left: 0.35em; padding-right: 0.2em; }
.matrix tbody th, .matrix .corner {
  position: sticky; left: 0; z-index: 1; min-width: 15rem; max-width: 22rem; padding: 0.4rem 0.8rem 0.4rem 0;
  background: var(--paper); font-weight: 400;
}
.matrix tr.family th { padding-top: 1.1rem; font-weight: 700; font-size: 0.95rem; }
.matrix tr.family a { color: inherit; text-decoration: none; }
.matrix th .title { display: block; color: var(--soft); font-size: 0.8rem; }
.matrix tr.control th { padding-left: 1rem; }
.matrix .id { font-weight: 600; }
.matrix .cell { padding: 0.2rem 0.15rem; vertical-align: middle; }
.matrix .cell.none { color: var(--soft); font-size: 0.78rem; text-align: center; white-space: nowrap; }
.matrix .cell a { display: block; text-decoration: none; color: inherit; font-size: 0.8rem; }
.matrix .cell a:hover, .matrix .cell a:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.matrix .outcome, .matrix .standing { display: block; border-radius: 0; text-align: left; }
.matrix .outcome { padding: 0.2em 0.5em 0.05em; border-radius: 3px 3px 0 0; }
.matrix .standing { padding: 0.05em 0.5em 0.2em; border-radius: 0 0 3px 3px; }
.matrix .succeeded + .as-expected, .matrix .succeeded + .nothing-expected { background: var(--succeeded); color: var(--succeeded-ink); }
.matrix .blocked + .as-expected, .matrix .blocked + .nothing-expected { background: var(--blocked); color: var(--blocked-ink); }
.matrix .said, .matrix.many .said { border-right: 2px solid var(--rule); padding: 0.15rem 0.3rem 0.15rem 0.7rem; }
.matrix .said .answer, .matrix .said .standing { display: block; background: none; }
.matrix .said .answer { font-weight: 600; padding: 0.2em 0.2em 0.05em; }
.matrix .said .standing { padding: 0.05em 0.2em 0.2em; }
.answer.attack, .answer.unreachable { color: var(--succeeded-ink); }
.answer.holds, .answer.reachable { color: var(--blocked-ink); }
.answer.none { color: var(--soft); }
.matrix .said .standing.contradiction, .standing.contradiction { background: var(--alarm); color: var(--alarm-ink); font-weight: 700; }
.standing.unclear { outline: 1.5px dashed currentColor; outline-offset: -1px; color: var(--ink); font-weight: 700; }
.models-said { list-style: none; margin: -0.6rem 0 1rem; padding: 0; font-size: 0.92rem; }
.models-said li { padding: 0.15rem 0 0.15rem 0.8rem; border-left: 3px solid var(--rule); }
.models-said li.contradiction { border-left-color: var(--alarm); background: var(--attack-tint); }
.models-said .contradiction strong { color: var(--attack); }
.models-said .why { color: var(--soft); }
#matrix .scroll + .scroll { margin-top: 2rem; }
.more { display: block; font-size: 0.72rem; color: var(--soft); }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0.3rem 3rem; margin-top: 1.5rem; padding: 0.9rem 1.1rem; background: var(--panel); font-size: 0.84rem; }
.legend { list-style: none; margin: 0; padding: 0; }
.legend li { display: grid; grid-template-columns: 8.6rem 1fr; gap: 0.8rem; align-items: center; padding: 0.16rem 0; }
.legend li > :first-child { justify-self: start; }
.legend.samples li { grid-template-columns: 64px 1fr; gap: 1.1rem; }

/* families */
h2 .id { font-size: 0.8em; color: var(--soft); margin-right: 0.25em; }
.facts { display: grid; grid-template-columns: repeat(6, 1fr); gap: 1.1rem 2rem; margin: 0; }
.facts div { grid-column: span 2; }
.facts .small { grid-column: span 3; font-size: 0.9rem; }
.facts dt { font-weight: 700; margin-bottom: 0.15rem; }
.facts dd { margin: 0; }
.rates th .title, .properties th .title { display: block; font-weight: 400; color: var(--soft); }
.rates th a, .properties a { font: 600 0.95em var(--mono); }
.bar .track { fill: var(--panel); }
.bar .fill { fill: var(--link); }
article { margin-top: 2.6rem; scroll-margin-top: 1rem; }
article.attack { border-top: 1px solid var(--rule); }
article.control { margin-left: 0; padding: 0.1rem 1.4rem 1.2rem; border: 1px solid var(--rule); border-left: 6px solid var(--rule); border-radius: 3px; }
article h3 { margin-top: 1.3rem; }
h3 .id { font-size: 0.95em; margin-right: 0.3em; }
h3 .title { display: inline-block; }
.tally { margin: 0 0 1rem; }
.scroll + .tally { margin-top: 2.4rem; }
.run { display: grid; grid-template-columns: minmax(0, 884px) minmax(17rem, 1fr); gap: 1rem 2rem; align-items: start; }
figure { margin: 0; min-width: 0; }
figcaption, .nothing { font-size: 0.88rem; color: var(--soft); margin-bottom: 0.5rem; }
aside { font-size: 0.88rem; min-width: 0; }
aside h4:first-child { margin-top: 0; }
.findings, .derivation, .steps { margin: 0.3rem 0; padding: 0; list-style: none; }
.findings li { padding: 0.3rem 0 0.3rem 0.8rem; border-left: 3px solid var(--rule); margin-bottom: 0.5rem; }
.findings li.broken { border-left-color: var(--attack); }
.findings p { margin: 0 0 0.2rem; }
.broken strong { color: var(--attack); }
.witness { overflow-wrap: anywhere; color: var(--soft); }
.derivation { counter-reset: step; }
.derivation li { counter-increment: step; padding: 0.25rem 0 0.25rem 1.7rem; position: relative; border-bottom: 1px solid var(--rule); }
.derivation li::before { content: counter(step) "."; position: absolute; left: 0; color: var(--soft); }
.circumstances { display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: 0.15rem 0.9rem; margin: 0.3rem 0; }
.circumstances dt { color: var(--soft); }
.circumstances dd { margin: 0; overflow-wrap: anywhere; }
.circumstances.figures { grid-template-columns: 1fr auto; }
.figures dd { white-space: nowrap; font-variant-numeric: tabular-nums; }
.steps { list-style: decimal; padding-left: 2.4rem; font-size: 0.88rem; }
.steps li { padding: 0.2rem 0; }
.steps .why { display: block; color: var(--soft); }
.steps code { display: block; }
.runs tr.shown th, .runs tr.shown td { background: var(--panel); }
.runs tr:target th, .runs tr:target td { background: var(--mark); }
.runs th:first-child, .runs td:first-child { padding-left: 0.4rem; }
.runs .why { display: block; color: var(--attack); margin-top: 0.2rem; }
.measured { min-width: 16rem; color: var(--soft); }
.comparison { margin-bottom: 1.2rem; }
.comparison tbody th { font-weight: 500; color: var(--soft); white-space: nowrap; }
.comparison tr.differs td:last-child { font-weight: 700; }
.properties .turned { writing-mode: vertical-rl; transform: rotate(180deg); padding: 0.5rem 0.2rem; vertical-align: top; border: 0; white-space: nowrap; }
.properties .turned.control a { font-weight: 400; }
.properties { width: 100%; }
.properties td { padding: 0.35rem 0.3rem; white-space: nowrap; font-size: 0.76rem; color: var(--soft); }
.properties td.broken { color: var(--attack); font-weight: 700; }
.properties td.aim { outline: 1.5px solid var(--ink); outline-offset: -2px; }
.properties tbody th { min-width: 17rem; padding-right: 1rem; }
.properties tbody th, .properties .corner { position: sticky; left: 0; background: var(--paper); }

/* sequence diagrams */
.sequence { display: block; max-width: 100%; height: auto; font-family: var(--mono); }
.sequence.wide { max-width: none; }
.sequence text { fill: var(--ink); text-anchor: middle; font-size: 13px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.sequence .caption { font-family: var(--sans); font-size: 13px; }
.sequence .step { text-anchor: end; fill: var(--soft); font-size: 12px; }
.sequence .detail { fill: var(--soft); font-size: 11px; }
.sequence .label.forged, .sequence .label.replayed { fill: var(--attack); }
.sequence .life { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 4; }
.sequence .band { fill: var(--band); }
.sequence .head-box { fill: var(--panel); stroke: var(--ink); }
.sequence .head-text { stroke: none; font-weight: 700; }
.sequence .attacker .head-box { fill: var(--attack-tint); stroke: var(--attack); }
.sequence .attacker .head-text { fill: var(--attack); }
.sequence .arrow { stroke: var(--ink); stroke-width: 1.6; fill: none; }
.sequence .head { fill: var(--ink); }
.sequence .arrow.forged, .sequence .arrow.replayed { stroke: var(--attack); stroke-width: 2; }
.sequence .arrow.forged { stroke-dasharray: 7 4; }
.sequence .head.forged, .sequence .head.replayed { fill: var(--attack); }
.sequence .passes { fill: var(--paper); stroke: var(--ink); stroke-width: 1.6; }
.sequence .cross { stroke: var(--attack); stroke-width: 2.6; stroke-linecap: round; }
.sequence .event { fill: var(--panel); stroke: var(--soft); }
.sequence .knowledge { fill: var(--attack-tint); stroke: var(--attack); }
.sequence .event ~ text, .sequence .knowledge ~ text { stroke: none; }
.sequence .event ~ .caption, .sequence .knowledge ~ .caption { stroke: var(--paper); }

@media (max-width: 1080px) {
  .run { grid-template-columns: minmax(0, 1fr); }
  .facts div, .facts .small { grid-column: 1 / -1; }
}
@media (max-width: 700px) {
  body { font-size: 15px; }
  h1 { font-size: 1.8rem; }
  .headline { font-size: 1.15rem; }
  .diagram .sequence { max-width: none; width: 680px; }
  .matrix tbody th, .matrix .corner { min-width: 8.5rem; max-width: 8.5rem; padding-right: 0.5rem; overflow-wrap: anywhere; border-right: 1px solid var(--rule); }
  .matrix th .title { display: none; }
  .properties tbody th { min-width: 10rem; border-right: 1px solid var(--rule); }
  .legend li { grid-template-columns: 7.6rem 1fr; }
  article.control { padding: 0.1rem 0.8rem 0.8rem; }
}
@page { margin: 13mm; }
@media print {
  :root { --paper: #ffffff; --panel: #f3f2ee; }
  html { font-size: 12.5px; }
  body { font-size: 1rem; }
  main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, summary, figure details { display: none; }
  .scroll { overflow: visible; }
  .run { display: block; }
  .sequence { max-height: 245mm; break-inside: avoid; }
  .matrix, .properties { font-size: 6.5pt; }
  .matrix .pair, .matrix .cell, .matrix .cell a, .matrix .cell.none, .matrix th .title, .properties td { font-size: 6.5pt; }
  .matrix .cell, .matrix thead th { padding-left: 1px; padding-right: 1px; }
  .matrix .outcome, .matrix .standing { padding-left: 3px; padding-right: 1px; }
  .matrix tbody th, .matrix .corner { position: static; min-width: 0; max-width: 9rem; }
  .properties tbody th, .properties .corner { position: static; min-width: 9rem; }
  .properties td { white-space: normal; }
  .plain { min-width: 0; }
  .runs td:last-child { overflow-wrap: anywhere; min-width: 9rem; }
  .measured { min-width: 8rem; }
  .matrix .tag { font-size: 6pt; }
  details::details-content { content-visibility: visible; height: auto; }
  tr, li, .facts div, pre { break-inside: avoid; }
}
)css";

}  // namespace wib::attacks::report
