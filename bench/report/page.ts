/** A report as one page that fetches nothing: it can be kept, mailed, and opened years later. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { BenchReport, RunReport } from '../load/report.ts';
import { latencySamples } from '../load/samples.ts';
import { type Block, blocks, whoseCpu } from './blocks.ts';
import { latencyCurve } from './latency-curve.ts';
import { pageScript } from './page-charts.ts';
import { pageStyle } from './page-style.ts';
import { planSentence } from './plan-sentence.ts';
import { runTable } from './run-table.ts';
import { doubtText, machineSentence } from './text.ts';

/** The JSON of the report is in the element `report`. */
export async function reportPage(report: BenchReport): Promise<string> {
  const [library, libraryStyle] = await Promise.all([ofUplot('uPlot.iife.min.js'), ofUplot('uPlot.min.css')]);
  const title = `tickwire bench: ${report.scenario}, ${report.startedAt.slice(0, 16).replace('T', ' ')}`;
  const curves = report.runs.map(({ load }) =>
    load?.latency ? latencyCurve(load.latency.histogram, latencySamples(load)) : null,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${libraryStyle}${pageStyle}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(machineSentence(report.machine))}</p>
${doubtsPart(report.runs)}
${report.runs.length > 1 ? overview(report.runs) : ''}
${report.runs.map(runPart).join('\n')}
${jsonPart('report', report)}
${jsonPart('curves', curves)}
<script>${library}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

async function ofUplot(name: string): Promise<string> {
  const main = createRequire(import.meta.url).resolve('uplot'); // next to what is loaded by `require`
  return readFile(join(dirname(main), name), 'utf8');
}

/** Of text and of attributes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `</script>` in a label must not end the element. */
function jsonPart(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
}

function doubtsPart(runs: readonly RunReport[]): string {
  const lines = runs.flatMap(({ label, doubts }) =>
    doubts.map((doubt) => `<li>${escaped(`${runs.length > 1 ? `${label}: ` : ''}${doubtText(doubt)}`)}</li>`),
  );
  if (lines.length === 0) return '';
  return `<section class="doubts" role="alert"><h2>Do not trust these numbers</h2><ul>${lines.join('')}</ul></section>`;
}

function overview(runs: readonly RunReport[]): string {
  const { headings, rows, figures } = runTable(runs);
  const all = [
    ...(rows.length > 0 ? [{ title: 'All runs', headings, rows }] : []),
    ...(figures.length > 0 ? [{ title: 'Figures of the scenario', headings: [], rows: figures }] : []),
  ];
  return `<section>${all.map(tablePart).join('')}</section>`;
}

function runPart(run: RunReport, index: number): string {
  const { label, plan, load } = run;
  return `<section>
<h2>${escaped(label)}</h2>
${plan === undefined ? '' : `<p>${escaped(planSentence(plan))}</p>`}
${load === undefined ? '' : `<p>${escaped(whoseCpu(load))}</p>${chartsPart(index)}`}
<div class="tables">${blocks(run).map(tablePart).join('')}</div>
</section>`;
}

const charts = [
  { kind: 'latency', title: 'Latency of each second, ms' },
  { kind: 'curve', title: 'Latency by percentile, ms' },
  { kind: 'deliveries', title: 'Deliveries a second' },
  { kind: 'cpu', title: 'CPU, % of a core' },
] as const;

function chartsPart(run: number): string {
  const figures = charts.map(
    ({ kind, title }) =>
      `<figure><figcaption>${title}</figcaption><div class="chart" data-run="${run}" data-kind="${kind}"></div></figure>`,
  );
  return `<div class="charts">${figures.join('')}</div>`;
}

function tablePart({ title, headings, rows }: Block): string {
  const head =
    headings.length === 0
      ? ''
      : `<thead><tr>${headings.map((one) => `<th scope="col">${escaped(one)}</th>`).join('')}</tr></thead>`;
  const body = rows.map(rowPart).join('');
  const kind = headings.length === 0 ? 'facts' : 'numbers';
  return `<div class="table"><table class="${kind}"><caption>${escaped(title)}</caption>${head}<tbody>${body}</tbody></table></div>`;
}

function rowPart([name = '', ...cells]: readonly string[]): string {
  return `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}
