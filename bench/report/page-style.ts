/** How the page looks, by day and by night, on a phone and on a desk. */

export const pageStyle = `
:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1b1f24; --muted: #59636e; --line: #e3e7eb;
  --a: #0a66c2; --b: #c2410c; --c: #8b95a1; --warn-back: #fff1e5; --warn: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171a; --text: #e8eaed; --muted: #a0a8b2; --line: #2c3238;
    --a: #6db3ff; --b: #ff9d5c; --c: #78828d; --warn-back: #3a1d18; --warn: #ff9a8b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem;
  background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; color: var(--muted); overflow-wrap: anywhere; }
.doubts { margin: 1rem 0; padding: .75rem 1rem; border-left: 4px solid var(--warn); background: var(--warn-back); }
.doubts h2 { margin: 0; color: var(--warn); }
.doubts ul { margin: .25rem 0 0; padding-left: 1.2rem; }
.charts, .tables { display: grid; gap: 1.25rem 2rem; margin-top: 1rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 56rem) {
  .charts, .tables { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
figure { margin: 0; min-width: 0; }
figcaption, caption { font-weight: 600; text-align: left; padding-bottom: .25rem; }
.chart { min-height: 260px; }
.uplot .u-legend { margin: 0; font-size: 13px; text-align: left; font-variant-numeric: tabular-nums; }
.u-legend th, .u-legend td { border: 0; padding: 0 .25rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.table table { width: 100%; }
.table th, .table td { padding: .25rem .5rem .25rem 0; font-size: 13.5px; border-bottom: 1px solid var(--line); white-space: nowrap; }
.table th { text-align: left; font-weight: 400; color: var(--muted); }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; }
.facts td { text-align: left; white-space: normal; }
`;
