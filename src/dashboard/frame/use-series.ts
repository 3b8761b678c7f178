/** One topic over time: what it published before, where that is kept, and what comes. */

import { useEffect, useMemo } from 'preact/hooks';
import type { Client, HistoryItem, Message, SubscribeOptions } from '../../client/index.ts';
import { TimeSeries } from '../draw/time-series.ts';
import type { Tap } from '../link/tap.ts';
import { useApp } from './app.ts';
import { useTap } from './use-tap.ts';

/** Milliseconds since 1970 and the values of one point; undefined where there is nothing to draw. */
export type Point = readonly [at: number, ...values: readonly number[]];

export type SeriesForm = {
  /** Values a point. */
  readonly columns: number;
  readonly spanMs: number;
  /** Publications of the past to ask for; 0: it begins with what comes. */
  readonly past: number;
  readonly read: (data: unknown, ts: number) => Point | undefined;
  readonly options?: SubscribeOptions;
};

export type LiveSeries = {
  readonly series: TimeSeries;
  readonly tap: Tap | undefined;
};

/** `form` is that of the first call with this topic. `also`: a topic of the same form that tells what is still under way. */
export function useSeries(topic: string, form: SeriesForm, also?: string): LiveSeries {
  const { link } = useApp();
  const inflow = useMemo(() => new Inflow(form, (hear) => collect(link.client, topic, form.past, hear)), [link, topic]);
  const tap = useTap(topic, inflow.hear, form.options);
  useTap(also, inflow.hearAlso, form.options);
  useEffect(() => {
    inflow.begin();
    return () => inflow.end();
  }, [inflow]);
  return { series: inflow.series, tap };
}

/** Puts the past before what comes, whichever is first; a topic that begins a new life begins a new series. */
class Inflow {
  readonly series: TimeSeries;
  readonly #form: SeriesForm;
  readonly #ask: (hear: (items: readonly HistoryItem[]) => void) => void;
  /** What came while the past is on its way; undefined once that is here. */
  #waiting: Point[] | undefined;
  #epoch: string | undefined;
  /** Which question an answer belongs to. */
  #turn = 0;

  constructor(form: SeriesForm, ask: (hear: (items: readonly HistoryItem[]) => void) => void) {
    this.#form = form;
    this.#ask = ask;
    this.series = new TimeSeries(form.columns, form.spanMs, 8192);
  }

  begin(): void {
    const turn = ++this.#turn;
    if (this.#form.past === 0) return;
    this.#waiting = [];
    this.#ask((items) => {
      if (turn === this.#turn) this.#filled(items);
    });
  }

  end(): void {
    this.#turn++;
  }

  readonly hear = (message: Message): void => {
    if (this.#epoch !== undefined && message.epoch !== this.#epoch) {
      this.series.clear();
      this.begin();
    }
    this.#epoch = message.epoch;
    this.hearAlso(message);
  };

  readonly hearAlso = (message: Message): void => {
    const point = message.type === 'value' ? this.#form.read(message.data, message.ts) : undefined;
    if (point === undefined) return;
    if (this.#waiting === undefined) this.series.push(...point);
    else this.#waiting.push(point);
  };

  #filled(items: readonly HistoryItem[]): void {
    const past = items.map(({ data, ts }) => this.#form.read(data, ts)).filter((point) => point !== undefined);
    for (const point of [...past, ...(this.#waiting ?? [])]) this.series.push(...point);
    this.#waiting = undefined;
  }
}

const pageSize = 1000; // of history, the most that a page has

async function collect(
  client: Client,
  topic: string,
  most: number,
  hear: (items: readonly HistoryItem[]) => void,
): Promise<void> {
  const items: HistoryItem[] = [];
  try {
    for (let before: number | undefined; items.length < most; ) {
      const query = { reverse: true, limit: Math.min(pageSize, most - items.length) };
      const page = await client.history(topic, before === undefined ? query : { ...query, before });
      items.push(...page.items);
      before = page.items.at(-1)?.seq;
      if (!page.more || before === undefined) break;
    }
  } catch {
    // No history is kept, or the client was closed meanwhile: the chart begins with what comes.
  }
  hear(items.reverse());
}
