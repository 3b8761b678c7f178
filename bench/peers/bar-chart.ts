/** Bars made of text, which every viewer of Markdown shows. */

export type Bar = { readonly label: string; readonly value: number };

const widest = 40;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** The longest bar takes forty characters; the others are in proportion. */
export function barChart(title: string, bars: readonly Bar[], digits = 2): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const labelWidth = Math.max(...bars.map(({ label }) => label.length));
  const lines = bars.map(
    ({ label, value }) => `${label.padEnd(labelWidth)}  ${bar(value / most)} ${value.toFixed(digits)}`,
  );
  return [title, ...lines].join('\n');
}

function bar(share: number): string {
  const parts = Math.max(1, Math.round(share * widest * eighths.length));
  return '█'.repeat(Math.floor(parts / eighths.length)) + (eighths[parts % eighths.length] ?? '');
}
