"""The look of the page: calm, light or dark as the reader's system is, readable on paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5c6675; --line: #e1e5ea; --faint: #eef1f4;
  --truth: #2f6fde; --right: #1f8a5b; --wrong: #c8372d; --doubt: #b7791f; --quiet: #98a2b0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11151b; --card: #191f27; --ink: #e6eaf0; --soft: #98a4b3; --line: #2b333e; --faint: #212832;
    --truth: #6ea2ff; --right: #4cc38a; --wrong: #ff7b72; --doubt: #e0a84a; --quiet: #6b7684;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 40px 24px 72px; }
.intro { max-width: none; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 44px 0 14px; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0 0 10px; max-width: 76ch; }
a { color: var(--truth); text-decoration: none; } a:hover { text-decoration: underline; }
.soft, figcaption, .note { color: var(--soft); }
.num { font-variant-numeric: tabular-nums; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(224px, 1fr)); gap: 12px; margin: 24px 0 0; }
.card, section.clip, .plain { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card { padding: 14px 16px; }
.card .name { color: var(--soft); font-size: 13px; }
.card .value { font-size: 28px; font-weight: 650; line-height: 1.25; letter-spacing: -0.02em; }
.card .more { color: var(--soft); font-size: 12.5px; }
.range { display: block; width: 100%; height: 10px; margin: 6px 0 4px; }
.range .all { fill: var(--faint); } .range .known { fill: var(--truth); opacity: 0.38; } .range .at { fill: var(--truth); }
.bad .value { color: var(--wrong); } .good .value { color: var(--right); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: right; font-weight: 550; color: var(--soft); padding: 9px 8px; vertical-align: bottom; line-height: 1.3; }
td { text-align: right; vertical-align: top; padding: 7px 8px; border-top: 1px solid var(--line); white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child, th.text, td.text { text-align: left; }
td.text { white-space: normal; }
tr.head td { color: var(--soft); font-size: 12px; padding-top: 14px; border-top: 1px solid var(--line); }
tr.all td { font-weight: 650; }
td small { display: block; color: var(--soft); font-weight: 400; font-size: 11.5px; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
figure img { display: block; width: 100%; height: auto; background: var(--faint); }
figure .none { padding: 40px 20px; background: var(--faint); color: var(--soft); text-align: center; font-size: 13px;
  overflow-wrap: anywhere; }
figcaption { padding: 11px 14px 13px; font-size: 13.5px; }
figcaption strong { color: var(--ink); font-weight: 600; display: block; margin: 5px 0 1px; }
figcaption .where { display: block; margin-top: 3px; font-size: 12.5px; }
.tag { display: inline-block; font-size: 12px; font-weight: 600; border-radius: 999px; padding: 1px 9px; margin-right: 6px;
  border: 1px solid currentColor; white-space: nowrap; }
.tag.hit { color: var(--right); } .tag.miss, .tag.false_alarm, .tag.wrong { color: var(--wrong); }
.tag.duplicate, .tag.wrong_kind { color: var(--doubt); } .tag.not_counted, .tag.quiet { color: var(--soft); }
section.clip { padding: 16px 18px 12px; margin: 0 0 14px; }
section.clip header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; margin-bottom: 8px; }
section.clip header .soft { font-size: 13px; }
section.clip header .tags { margin-left: auto; }
.timeline { display: block; width: 100%; min-width: 720px; height: auto; font-size: 12.5px; }
.timeline text { fill: var(--ink); } .timeline .label { text-anchor: end; }
.timeline .tick { fill: var(--soft); font-size: 11px; text-anchor: middle; }
.timeline .side { fill: var(--soft); font-size: 11px; }
.timeline .grid { stroke: var(--line); } .timeline .middle { stroke: var(--line); }
.timeline .hatch { stroke: var(--ink); stroke-width: 2; opacity: 0.4; }
.timeline .event.due { fill: var(--truth); } .timeline .event.missed { fill: var(--card); stroke: var(--wrong); stroke-width: 2; }
.timeline .event.excused, .timeline .event.short { fill: var(--faint); stroke: var(--quiet); }
.timeline .event.optional { fill: var(--faint); stroke: var(--quiet); stroke-dasharray: 4 3; }
.timeline .label.excused, .timeline .label.short, .timeline .label.optional { fill: var(--soft); }
.timeline .label.missed, .timeline .label.false_alarm { fill: var(--wrong); }
.timeline .due-mark { stroke: var(--ink); fill: var(--ink); stroke-width: 1.6; }
.timeline .hit { fill: var(--right); } .timeline .false_alarm { fill: var(--wrong); }
.timeline .duplicate, .timeline .wrong_kind, .timeline .misnamed { fill: var(--doubt); } .timeline .not_counted { fill: var(--quiet); }
.timeline text.label.hit { fill: var(--ink); } .timeline rect.seen { opacity: 0.32; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 16px; padding: 0; list-style: none; font-size: 13px;
  color: var(--soft); }
.legend svg.timeline { display: inline; min-width: 0; width: 26px; height: 14px; vertical-align: -2px; margin-right: 6px; }
.fine { font-size: 17px; color: var(--right); font-weight: 600; }
.plain { padding: 4px 6px 6px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; font-size: 13.5px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
footer { margin-top: 44px; padding-top: 18px; border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
@media (max-width: 560px) { main { padding: 24px 14px 48px; } .card .value { font-size: 24px; } }
@media print { body { background: #fff; } figure, section.clip, .card { break-inside: avoid; } }
"""
