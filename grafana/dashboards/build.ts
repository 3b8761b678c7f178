/** `npm run grafana:build`: writes each board as the JSON that Grafana loads. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boards, buildBoard } from './index.ts';

const folder = fileURLToPath(new URL('../provisioning/dashboards/json/', import.meta.url));

mkdirSync(folder, { recursive: true });
for (const [name, board] of Object.entries(boards)) {
  writeFileSync(`${folder}${name}.json`, `${JSON.stringify(buildBoard(board), null, 2)}\n`);
}
