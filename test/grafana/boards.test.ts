import { describe, expect, test } from 'vitest';
import { boardQueries, builtBoards, grafanaFile, placed } from '../support/grafana-files.ts';
import { filledIn, syntaxErrorIn } from '../support/promql.ts';

test.each(builtBoards)('the JSON of $name is what the code makes; if not: npm run grafana:build', ({ name, board }) => {
  expect(JSON.parse(grafanaFile(`provisioning/dashboards/json/${name}.json`))).toEqual(
    JSON.parse(JSON.stringify(board)),
  );
});

test('the addresses of the boards stay for ever', () => {
  expect(builtBoards.map(({ board }) => board.uid)).toEqual([
    'tickwire-overview',
    'tickwire-delivery',
    'tickwire-feeds',
    'tickwire-clients',
    'tickwire-capacity',
  ]);
});

describe.each(builtBoards)('$name', ({ board, panels }) => {
  test.each(panels)('"$title" says what it shows, in which unit, and what to do', (panel) => {
    expect(panel.title).toMatch(/^[A-Z]/);
    expect(panel.description?.length).toBeGreaterThan(40);
    expect(panel.description).toMatch(/[.:]/);
    const { unit, min, thresholds } = panel.fieldConfig?.defaults ?? {};
    expect(unit).toBeTruthy();
    expect(min).toBe(0);
    expect(thresholds?.steps[0]?.value).toBeNull();
    expect(panel.datasource?.uid).toBe('$' + '{datasource}');
    expect(panel.targets?.length).toBeGreaterThan(0);
  });

  test('its panels have ids that stay', () => {
    const ids = placed(board).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('no two panels lie over each other, and none is too narrow to read', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of placed(board)) {
      const { x, y, w, h } = gridPos ?? { x: -1, y: -1, w: 0, h: 0 };
      expect(x + w, `${title} ends within the grid`).toBeLessThanOrEqual(24);
      expect(w, `${title} is wide enough`).toBeGreaterThanOrEqual(4);
      for (let column = x; column < x + w; column++)
        for (let row = y; row < y + h; row++) {
          expect(taken.has(`${column},${row}`), `${title} has ${column},${row} to itself`).toBe(false);
          taken.add(`${column},${row}`);
        }
    }
  });

  test('it can be turned to another data source, job and instances, and leads to the other boards', () => {
    const variables = board.templating.list ?? [];
    expect(variables.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
    expect(variables.at(-1)).toMatchObject({ multi: true, includeAll: true });
    expect(board.links).toMatchObject([{ type: 'dashboards', tags: board.tags, includeVars: true, keepTime: true }]);
    expect(board.tags).toEqual(['tickwire']);
  });
});

test.each(boardQueries)(
  '$where asks in PromQL, of the chosen servers, at the width of the screen',
  ({ where, expr }) => {
    expect(syntaxErrorIn(filledIn(expr))).toBeUndefined();
    expect(filledIn(expr)).not.toMatch(/\$/);
    const selectors = expr.match(/\{[^}]*\}/g) ?? [];
    for (const selector of selectors) expect(selector).toContain('job=~"$job",instance=~"$instance"');
    if (where.includes('5 min')) expect(expr).toContain('[5m]');
    else expect(expr).not.toMatch(/\[\d/);
  },
);

test('a query that is wrong is found', () => {
  expect(syntaxErrorIn('sum(rate(x[5m]) +')).toMatch(/^at \d+/);
  expect(syntaxErrorIn('sum by (a) rate(x[5m])')).toBeDefined();
});
