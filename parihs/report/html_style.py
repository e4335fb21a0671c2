"""The look of the HTML report, in light, in dark and on paper."""

from __future__ import annotations

from typing import Final

CSS: Final = """
:root { color-scheme: light dark; --paper:#fff; --ink:#1f2933; --quiet:#5b6570; --line:#d9dee3;
  --accent:#005a8c; --mark:#fff3d6; --much:47,84,135; --good:42,127,142; --bad:193,84,60; }
@media (prefers-color-scheme: dark) { :root { --paper:#15191b; --ink:#e6eaee; --quiet:#9aa6b2;
  --line:#323a42; --accent:#7cb8e8; --mark:#3a3215; --much:120,165,225; --good:79,176,193;
  --bad:221,118,96; } }
* { box-sizing: border-box; }
body { margin:0 auto; padding:2.5rem 1.5rem 6rem; max-width:62rem; background:var(--paper);
  color:var(--ink); font:16px/1.6 system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif; }
h1 { font-size:2rem; line-height:1.2; margin:0 0 .3rem; }
h2 { font-size:1.45rem; margin:3rem 0 .6rem; }
h3 { font-size:1.1rem; margin:2rem 0 .4rem; }
h4 { font-size:1rem; margin:1.4rem 0 .3rem; }
p, li, blockquote { max-width:70ch; }
p { margin:.5rem 0; }
a { color:var(--accent); text-decoration:none; }
a:hover, a:focus-visible { text-decoration:underline; }
nav { display:flex; flex-wrap:wrap; gap:.3rem 1.2rem; margin:1.5rem 0; padding:.8rem 0;
  border-block:1px solid var(--line); }
.quiet, small, .note { color:var(--quiet); font-size:.86rem; }
.table { overflow-x:auto; margin:1.6rem 0 .4rem; }
table { border-collapse:collapse; width:100%; font-size:.92rem;
  font-variant-numeric:tabular-nums; }
caption { text-align:left; padding-bottom:.5rem; line-height:1.45; max-width:75ch; }
th, td { padding:.42rem .6rem; border-bottom:1px solid var(--line); vertical-align:top;
  text-align:left; }
thead th { border-bottom:2px solid var(--quiet); vertical-align:bottom; }
thead th[style] { border-bottom:4px solid var(--construct); }
table.numbers td, table.numbers thead th + th { text-align:center; }
tbody th { font-weight:600; }
tr.group th { padding-top:1.1rem; border-bottom:2px solid var(--construct, var(--line)); }
th small { display:block; font-weight:400; }
td a { color:inherit; text-decoration:underline dotted var(--quiet); text-underline-offset:3px; }
td.tint { background:rgba(var(--tone), var(--share)); }
blockquote { margin:.7rem 0 .7rem 0; padding:.1rem 0 .1rem 1.1rem;
  border-left:3px solid var(--accent); }
blockquote p { font-style:italic; margin:.1rem 0; }
blockquote footer { font-size:.88rem; color:var(--quiet); }
.ids a { white-space:nowrap; }
details { margin:.2rem 0 1.5rem; font-size:.9rem; }
summary { cursor:pointer; color:var(--quiet); }
dl.cells { display:grid; grid-template-columns:minmax(12rem,22rem) 1fr; gap:.25rem 1rem; }
dl.cells dt { color:var(--quiet); } dl.cells dd { margin:0; }
.excerpt { margin:1.1rem 0; padding-left:3.6rem; position:relative; max-width:74ch; }
.excerpt > b { position:absolute; left:0; }
.excerpt p { margin:0; }
:target { background:var(--mark); }
.opened { border-left:3px solid var(--line); padding-left:1rem; max-height:32rem;
  overflow-y:auto; }
.opened:empty { display:none; }
img { max-width:100%; height:auto; background:#fff; }
figure { margin:1.5rem 0; overflow-x:auto; } figcaption { max-width:75ch; font-size:.92rem; }
@media print {
  body { font-size:10.5pt; max-width:none; padding:0; }
  nav, details, .opened { display:none; }
  a { color:inherit; }
  h2, h3, h4, caption { break-after:avoid; }
  tr, blockquote, .excerpt { break-inside:avoid; }
  thead { display:table-header-group; }
  td.tint { print-color-adjust:exact; -webkit-print-color-adjust:exact; }
}
@page { size:A4; margin:2cm; }
"""
