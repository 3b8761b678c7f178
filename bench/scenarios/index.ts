import type { Scenario } from '../load/scenario.ts';
import { compression } from './compression.ts';
import { conflation } from './conflation.ts';
import { encodings } from './encodings.ts';
import { fixedRate } from './fixed-rate.ts';
import { http } from './http/index.ts';
import { idle } from './idle/index.ts';
import { manyTopics } from './many-topics.ts';
import { metrics } from './metrics.ts';
import { patternFanOut } from './pattern-fan-out.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { rollingRestart } from './rolling-restart/index.ts';
import { saturation } from './saturation.ts';
import { slowConsumers } from './slow-consumers.ts';
import { snapshotStorm } from './snapshot-storm.ts';
import { subscribeStorm } from './subscribe-storm.ts';
import { tls } from './tls.ts';

/** Every scenario of `tickwire bench`, as the list shows them. To add one: write scenarios/<name>.ts, list it here. */
export const scenarios: readonly Scenario[] = [
  saturation,
  fixedRate,
  manyTopics,
  patternFanOut,
  slowConsumers,
  conflation,
  reconnectStorm,
  rollingRestart,
  subscribeStorm,
  snapshotStorm,
  idle,
  encodings,
  compression,
  tls,
  metrics,
  http,
];
