import type { Board } from './board.ts';
import { capacity } from './capacity.ts';
import { clients } from './clients.ts';
import { delivery } from './delivery.ts';
import { feeds } from './feeds.ts';
import { overview } from './overview.ts';

export { type Board, buildBoard } from './board.ts';

/** Every board, Overview first. To add one: write grafana/dashboards/<name>.ts, list it here, `npm run grafana:build`. */
export const boards: Readonly<Record<string, Board>> = { overview, delivery, feeds, clients, capacity };
