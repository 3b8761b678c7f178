/** What PROTOCOL.md says, as data, so that tests can hold the code to it. */

import { readFileSync } from 'node:fs';

/** One fenced block: "```tickwire <side> <name>" with labelled lines. */
export type Example = {
  readonly line: number;
  readonly side: string;
  readonly name: string;
  readonly parts: ReadonlyMap<string, string>;
};

const text = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** Every example block, in order. Throws on a block that is not in the strict form. */
export function protocolExamples(): Example[] {
  const examples: Example[] = [];
  for (const found of text.matchAll(/^ *```tickwire (\w+) ?(\w*)\n([\s\S]*?)^ *```$/gm)) {
    const [, side = '', name = '', body = ''] = found;
    const line = text.slice(0, found.index).split('\n').length;
    examples.push({ line, side, name, parts: labelledLines(body, line) });
  }
  const opened = text.match(/```tickwire/g)?.length ?? 0;
  if (opened !== examples.length) throw new Error(`PROTOCOL.md: ${opened} example blocks, ${examples.length} readable`);
  return examples;
}

/** The rows of the table under a heading, each cell by the text of its column's head. */
export function protocolTable(heading: string): Record<string, string>[] {
  const section = text.split(new RegExp(`\n#+ ${heading}\n`))[1]?.split('\n#')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...body] = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return body.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}

/** The names and numbers in the headings of one side's frames: `### HELLO (1)`. */
export function protocolFrameHeadings(side: 'client' | 'server'): [name: string, code: number][] {
  const section = text.split(`\n## Frames from the ${side}\n`)[1]?.split(/\n##? [^#]/)[0] ?? '';
  return [...section.matchAll(/^### ([A-Z]+) \((\d+)\)$/gm)].map(([, name = '', code]) => [
    name.toLowerCase(),
    Number(code),
  ]);
}

/** The anchors that the page links to, and those that its headings make. */
export function protocolLinks(): { links: string[]; anchors: string[] } {
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return { links, anchors: headings.map((heading) => heading.replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')) };
}

/** A label at the start of a line, its text, and further lines of it that are indented deeper. */
function labelledLines(body: string, line: number): Map<string, string> {
  const indent = /^ */.exec(body)?.[0] ?? '';
  const parts = new Map<string, string>();
  let label = '';
  for (const raw of body.trimEnd().split('\n')) {
    const row = raw.slice(indent.length);
    const [, name, rest] = /^([a-z]+) +(.+)$/.exec(row) ?? [];
    const isContinued = name === undefined && label !== '' && /^ +\S/.test(row);
    if (name === undefined && !isContinued) {
      throw new Error(`PROTOCOL.md, block at line ${line}: cannot read ${JSON.stringify(raw)}`);
    }
    label = name ?? label;
    parts.set(label, rest ?? `${parts.get(label)} ${row.trim()}`);
  }
  return parts;
}
