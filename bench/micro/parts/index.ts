import type { Part } from '../operation.ts';
import { batch } from './batch.ts';
import { checksum } from './checksum.ts';
import { codec } from './codec.ts';
import { history } from './history.ts';
import { patterns } from './patterns.ts';
import { publish } from './publish.ts';
import { quote } from './quote.ts';
import { sdk } from './sdk.ts';
import { sse } from './sse.ts';
import { views } from './views.ts';

/** Everything that has a micro-benchmark. To add one: write parts/<name>.ts, list it here. */
export const parts: readonly Part[] = [codec, quote, patterns, publish, views, sdk, history, batch, checksum, sse];
