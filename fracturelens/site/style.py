"""The style of a site's report, light and dark."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c2326; --quiet: #5a666b; --page: #fbfbf9;
  --line: #d5dadb; --accent: #0b6b67; --ill: #d55e00; --well: #56b4e9; --warn: #fff3d6 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaeb; --quiet: #a3aeb2; --page: #14191b;
  --line: #39434a; --accent: #4cc0b4; --ill: #ff8a3d; --well: #56b4e9; --warn: #3a2f12 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif }
main { max-width: 1000px; margin: 0 auto; padding: 24px 20px 48px }
h1 { font-size: 1.7rem; margin: 0 0 12px; overflow-wrap: anywhere }
h2 { font-size: 1.2rem; margin: 36px 0 8px; color: var(--accent) }
p { max-width: 75ch }
.notice { background: var(--warn); padding: 10px 14px; border-radius: 6px; max-width: none }
.table { overflow-x: auto; margin: 12px 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: break-word; font-size: 0.92rem }
thead th { color: var(--quiet); font-weight: 600 }
tbody th, tr th[scope=row] { font-weight: 500 }
.worst { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px }
figure { margin: 0 }
.worst img { width: 100%; aspect-ratio: 1; object-fit: contain; background: #000;
  border-radius: 4px; display: block }
figcaption { font-size: 0.85rem; color: var(--quiet); overflow-wrap: anywhere; padding-top: 4px }
figcaption strong { color: var(--ink) }
.strip { margin: 20px 0 }
.strip svg { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px }
.strip text { fill: var(--quiet); font-size: 12px }
.ill { fill: var(--ill); fill-opacity: 0.75 }
.well { fill: var(--well); fill-opacity: 0.75 }
.limit { stroke: var(--quiet); stroke-dasharray: 4 3 }
summary { cursor: pointer }
li { overflow-wrap: anywhere }
code { background: var(--line); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere }
footer { margin-top: 48px; color: var(--quiet); font-size: 0.85rem }
@media print { body { font-size: 12px } h2 { break-after: avoid } figure { break-inside: avoid } }
"""
