import { setImmediate } from 'node:timers/promises';
import { type FeedContext, FeedError, type Micros } from '../../src/feed/index.ts';
import type { ReplayFile } from './config.ts';
import { readRecords } from './read-records.ts';
import type { Recorded } from './recorded.ts';
import { Schedule } from './schedule.ts';

export type Play = Pick<FeedContext, 'clock' | 'reject' | 'remove' | 'log'>;
export type Played = { topic: string; data: unknown; ts: Micros; key?: string; kind?: ReplayFile['kind'] };

const rowsBetweenTurns = 256; // rows due at once; after so many everything else in this process gets its turn
const longestSleepMs = 3_600_000; // timers count to 2^31 ms; a decade of daily rows in real time does not end there

/**
 * A file's rows, each when it is due. Reads no further than it is asked to. Fatal when the file cannot be read, when a
 * line is bad and the file says that this is fatal, and when a file that should loop has not one good row.
 */
export async function* playFile(file: ReplayFile, { clock, reject, remove, log }: Play): AsyncGenerator<Played> {
  const schedule = new Schedule(file, clock.now());
  const onBadLine = file.onBadLine === 'skip' ? reject : fail;
  for (;;) {
    let rows = 0;
    for await (const record of readRecords(file, onBadLine)) {
      const due = schedule.dueAt(record.ts);
      await until(due, clock);
      if (++rows % rowsBetweenTurns === 0) await setImmediate();
      const ts = stampOf(file, record, due, clock.now());
      if ('isRemoval' in record) remove(record.topic, record.key ?? '');
      else yield played(record, ts);
    }
    log.debug(`replay: ${file.path} played to its end, ${rows} rows`);
    if (!file.loop) return;
    if (rows === 0) throw new FeedError.Fatal(`${file.path}: has no row that can be played`);
    schedule.restart(file.loopPauseMs, clock.now());
    await until(schedule.start, clock);
  }
}

function fail(reason: string): never {
  throw new FeedError.Fatal(reason);
}

async function until(due: Micros, clock: FeedContext['clock']): Promise<void> {
  for (let wait = due - clock.now(); wait > 0; wait = due - clock.now()) {
    await clock.sleep(Math.min(wait / 1000, longestSleepMs));
  }
}

/** Rows sent as soon as possible have no time of their own to be due at. */
function stampOf({ stamp, speed }: ReplayFile, { ts }: Recorded, due: Micros, now: Micros): Micros {
  if (stamp === 'original') return ts;
  return speed === 'asap' ? now : due;
}

function played(record: Exclude<Recorded, { isRemoval: true }>, ts: Micros): Played {
  const { topic, data, key, kind } = record;
  return { topic, data, ts, ...(key !== undefined && { key }), ...(kind !== undefined && { kind }) };
}
