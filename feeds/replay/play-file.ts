import { type FeedContext, FeedError, type Micros } from '../../src/feed/index.ts';
import type { ReplayFile } from './config.ts';
import { readRecords } from './read-records.ts';
import type { Recorded } from './recorded.ts';
import { Schedule } from './schedule.ts';

export type PlayContext = Pick<FeedContext, 'clock' | 'reject' | 'log'>;
/** A row stamped with what it is to be published as, and when. */
export type Played = Recorded & { readonly due: Micros };

/**
 * A file's rows, each with the time at which it is due; reads no further than it is asked to. Fatal when the file can't
 * be read, when a line is bad and the file says that this is fatal, and when a file that should loop has no good row.
 */
export async function* playFile(file: ReplayFile, { clock, reject, log }: PlayContext): AsyncGenerator<Played> {
  const schedule = new Schedule(file, clock.now());
  const onBadLine = file.onBadLine === 'skip' ? reject : fail;
  for (;;) {
    let rows = 0;
    for await (const record of readRecords(file, onBadLine)) {
      rows++;
      const due = schedule.dueAt(record.ts, clock.now());
      yield { ...record, ts: file.stamp === 'shift' ? due : record.ts, due };
    }
    log.debug(`replay: ${file.path} read to its end, ${rows} rows`);
    if (!file.loop) return;
    if (rows === 0) throw new FeedError.Fatal(`${file.path}: has no row that can be played`);
    schedule.restart(file.loopPauseMs, clock.now());
  }
}

function fail(reason: string): never {
  throw new FeedError.Fatal(reason);
}
