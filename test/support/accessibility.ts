/** What keeps people from using a page, as far as axe-core finds it. */

import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

type Finding = {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
};

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Serious and critical findings, each with where it is. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await scriptText());
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** As the debugger runs it, which the page's own policy does not bind. */
async function scriptText(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(axeFile, 'utf8');
}
