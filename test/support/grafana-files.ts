/** What the folder grafana/ holds, read as the programs read it that it is for. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { parse } from 'yaml';
import { boards, buildBoard } from '../../grafana/dashboards/index.ts';

export const grafanaFolder = fileURLToPath(new URL('../../grafana/', import.meta.url));

export function grafanaFile(path: string): string {
  return readFileSync(`${grafanaFolder}${path}`, 'utf8');
}

export type BuiltBoard = { name: string; board: Dashboard; panels: readonly Panel[] };

export const builtBoards: readonly BuiltBoard[] = Object.entries(boards).map(([name, written]) => {
  const board = buildBoard(written);
  return { name, board, panels: (board.panels ?? []).filter((panel): panel is Panel => panel.type !== 'row') };
});

/** Everything that takes room on a board: its panels and the rows between them. */
export function placed(board: Dashboard): readonly (Panel | RowPanel)[] {
  return board.panels ?? [];
}

/** A query and where it stands. */
export type FoundQuery = { where: string; expr: string };

/** Every query of every panel, and of the marks of each board. */
export const boardQueries: readonly FoundQuery[] = builtBoards.flatMap(({ name, board, panels }) => [
  ...panels.flatMap((panel) =>
    exprsOf(panel.targets).map((expr) => ({ where: `${name}: ${panel.title ?? 'untitled'}`, expr })),
  ),
  ...(board.annotations.list ?? []).flatMap(({ name: mark, expr = '' }) => ({
    where: `${name}: marks of ${mark}`,
    expr,
  })),
]);

function exprsOf(targets: readonly object[] = []): string[] {
  return targets.map((target) => ('expr' in target && typeof target.expr === 'string' ? target.expr : ''));
}

export type Rule = { expr: string } & (
  | { record: string; alert?: undefined }
  | { alert: string; record?: undefined; for: string; labels: Words; annotations: Words }
);
type Words = Record<string, string>;

export const ruleFiles: readonly string[] = readdirSync(`${grafanaFolder}rules`).filter((file) =>
  file.endsWith('.rules.yml'),
);
export const testFiles: readonly string[] = readdirSync(`${grafanaFolder}rules`).filter((file) =>
  file.endsWith('.test.yml'),
);

export const rules: readonly Rule[] = ruleFiles.flatMap((file) => {
  const { groups } = parse(grafanaFile(`rules/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});
export const alerts = rules.filter((rule) => rule.alert !== undefined);
export const recordings = rules.filter((rule) => rule.record !== undefined);

/** Every query of every rule. */
export const ruleQueries: readonly FoundQuery[] = rules.map((rule) => ({
  where: rule.alert ?? rule.record,
  expr: rule.expr,
}));
