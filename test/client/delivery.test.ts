import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TickwireError } from '../../src/client/errors.ts';
import { sumOf } from '../../src/client/ledger.ts';
import type { LiveSubscription } from '../../src/client/live-subscription.ts';
import type { Message } from '../../src/client/message.ts';
import type { Gap, Skipped } from '../../src/client/notices.ts';
import { type Change, changed, matches, type ViewRequest } from '../../src/protocol/index.ts';
import { ModelLine } from './model-line.ts';
import { evenOnly, ModelServer, type ModelTopic } from './model-server.ts';

const topicNames = ['l.a', 'l.b', 'k.a', 'k.b', 'e.a', 'e.b'];
const patterns = ['>', 'l.*', 'k.*', 'e.*', 'k.a', 'e.a', '*.a'];
const views: readonly ViewRequest[] = [
  {},
  {},
  { delta: true },
  { filter: evenOnly },
  { fields: ['b'] },
  { delta: true, filter: evenOnly },
  { maxRate: 5, fields: ['a'], delta: true },
];
const changes: readonly Change[] = [
  { delta: true },
  { delta: false },
  { filter: evenOnly },
  { filter: null },
  { fields: ['a'], maxRate: 2 },
  { fields: null },
  { maxRate: 7 },
  { maxRate: null },
  { paused: true },
  { paused: false },
  { filter: evenOnly, fields: ['b'], paused: true },
  { delta: false, filter: null, fields: null, maxRate: null, paused: false },
];

const step = (what: string, a: number, b: number) => fc.tuple(fc.constant(what), fc.nat(a), fc.nat(b));
const schedule = fc.array(
  fc.oneof(
    { weight: 14, arbitrary: step('publish', 5, 7) },
    { weight: 2, arbitrary: step('remove', 5, 3) },
    { weight: 4, arbitrary: step('subscribe', 6, 6) },
    { weight: 1, arbitrary: step('look back', 6, 6) },
    { weight: 1, arbitrary: step('unsubscribe', 9, 0) },
    { weight: 3, arbitrary: step('change', 9, changes.length - 1) },
    { weight: 1, arbitrary: step('verify', 9, 5) },
    { weight: 2, arbitrary: step('hold', 0, 0) },
    { weight: 5, arbitrary: step('catch up', 9, 1) },
    { weight: 2, arbitrary: step('release', 0, 1) },
    { weight: 5, arbitrary: step('flush', 9, 0) },
    { weight: 1, arbitrary: step('lose', 9, 9) },
    { weight: 1, arbitrary: step('repeat', 9, 9) },
    { weight: 1, arbitrary: step('spoil', 9, 0) },
    { weight: 6, arbitrary: step('hear', 9, 0) },
    { weight: 4, arbitrary: step('serve', 3, 0) },
    { weight: 1, arbitrary: step('cut', 0, 0) },
    { weight: 1, arbitrary: step('restart', 0, 0) },
  ),
  { maxLength: 100, size: 'max' },
);

test('whatever is skipped, lost, repeated, patched and changed: the mirror is the server, and the ledger adds up', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (script) => {
      const world = new World();
      for (const [what, a, b] of script) {
        world.do(what, a, b);
        await Promise.resolve(); // what is asked for in one turn leaves at its end
      }
      await world.settle();
      expect(world.line.errors).toEqual([]);
      for (const watcher of world.watchers) watcher.check(world.server);
    }),
    { numRuns: 500 },
  );
}, 120_000);

/** A subscriber who believes the messages, and keeps the books. */
class Watcher {
  readonly subscription: LiveSubscription;
  readonly pattern: string;
  view: ViewRequest;
  isOver = false;
  readonly #state = new Map<string, Map<string, unknown>>();
  /** By epoch and topic. */
  readonly #delivered = new Map<string, number[]>();
  readonly #accounted = new Map<string, number[]>();
  #messages = 0;
  #conflated = 0;

  constructor(world: World, pattern: string, view: ViewRequest, last: number | undefined) {
    this.pattern = pattern;
    this.view = view;
    this.subscription = world.line.conversation.subscriptions.add({
      pattern,
      wantsSnapshot: true,
      listener: (message) => this.#hear(message),
      maxBufferedEvents: 1,
      view,
      since: last === undefined ? undefined : { last },
      verifyEveryMs: undefined,
    });
  }

  lost({ topic, epoch, fromSeq, toSeq }: Gap): void {
    for (let seq = fromSeq; seq <= toSeq; seq++) push(this.#accounted, `${epoch} ${topic}`, seq);
  }

  skipped({ topic, from, to }: Skipped, epoch: string): void {
    if (topic[0] === 'e') for (let seq = from; seq <= to; seq++) push(this.#accounted, `${epoch} ${topic}`, seq);
  }

  check(server: ModelServer): void {
    if (this.isOver) return;
    const { subscription } = this;
    expect(subscription.state).toBe('live');
    const selected = [...server.topics.values()].filter(({ name }) => matches(this.pattern, name));
    for (const topic of selected) {
      if (topic.kind === 'event') this.#checkEvents(topic);
      else this.#checkState(topic, server);
      expect(subscription.stateOf(topic.name)).toBe('live');
    }
    const ledger = subscription.ledger();
    expect(ledger).toEqual(sumOf(topicNames.map((name) => subscription.ledger(name))));
    const { published, delivered, conflated, filtered, missed } = ledger;
    expect(delivered + conflated + filtered + missed).toBe(published);
    expect(delivered).toBe(this.#messages);
    expect(this.#conflated).toBeLessThanOrEqual(conflated);
  }

  #checkState(topic: ModelTopic, server: ModelServer): void {
    const { name, kind } = topic;
    const shown = (values: readonly number[]) =>
      Object.fromEntries((this.view.fields ?? ['a', 'b']).map((field, i) => [field, values[i]]));
    const truth = new Map([...server.stateOf(topic, this.view)].map(([key, values]) => [key, shown(values)]));
    if (kind === 'latest') expect([name, this.subscription.get(name)]).toEqual([name, truth.get('')]);
    else expect([name, sorted(this.subscription.rows(name))]).toEqual([name, sorted(truth)]);
    const heard = this.#state.get(name) ?? new Map();
    if (kind === 'keyed') expect([name, sorted(heard)]).toEqual([name, sorted(truth)]);
    else if (truth.size > 0) expect(heard.get('')).toEqual(truth.get(''));
  }

  /** Delivered in order, and delivered or accounted for without a hole or an overlap. */
  #checkEvents({ name, epoch, log }: ModelTopic): void {
    const delivered = this.#delivered.get(`${epoch} ${name}`) ?? [];
    expect(delivered).toEqual([...new Set(delivered)].sort((a, b) => a - b));
    const all = [...delivered, ...(this.#accounted.get(`${epoch} ${name}`) ?? [])].sort((a, b) => a - b);
    const first = all[0] ?? log.length + 1;
    expect(all).toEqual(Array.from({ length: log.length - first + 1 }, (_, i) => first + i));
  }

  #hear(message: Message): void {
    expect(this.isOver).toBe(false);
    const { topic, epoch, seq, key = '', isSnapshot, conflated = 0 } = message;
    if (!isSnapshot) this.#messages++;
    this.#conflated += conflated;
    if (message.kind === 'event') push(this.#delivered, `${epoch} ${topic}`, seq);
    const state = this.#state.get(topic) ?? new Map();
    this.#state.set(topic, state);
    if (message.type === 'remove') state.delete(key);
    else state.set(key, message.data);
  }
}

class World {
  readonly server = new ModelServer();
  readonly watchers: Watcher[] = [];
  readonly line: ModelLine;
  readonly #epochs = new Map<string, string>();
  #next = 1;

  constructor() {
    this.line = new ModelLine(this.server, (event, value) => this.#note(event, value));
  }

  do(what: string, a: number, b: number): void {
    const { server } = this;
    if (what === 'publish') server.publish(topicNames[a]!, `row ${b >> 1}`, 2 * this.#next++ + (b & 1));
    if (what === 'remove' && server.topics.has(topicNames[a]!)) server.publish(topicNames[a]!, `row ${b}`, undefined);
    if (what === 'subscribe') this.#subscribe(patterns[a]!, views[b]!, undefined);
    if (what === 'look back') this.#subscribe(patterns[a]!, views[b]!, 2);
    if (what === 'unsubscribe') this.#unsubscribe(a);
    if (what === 'change') this.#change(this.#watcher(a), changes[b]!);
    if (what === 'verify')
      this.#watcher(a)
        ?.subscription.verify(topicNames[b]!)
        .catch(() => {}); // it may be unknown
    if (what === 'hold') server.hold();
    if (what === 'catch up') server.catchUp(a, b === 1);
    if (what === 'release') server.release(b === 1);
    if (what === 'flush') server.flush(a);
    if (what === 'lose') server.lose(a, b);
    if (what === 'repeat') server.repeat(a, b);
    if (what === 'spoil') server.spoil(a);
    if (what === 'hear') this.line.hear(a + 1);
    if (what === 'serve') server.serve(a + 1);
    if (what === 'cut') this.line.cut(() => server.disconnect());
    if (what === 'restart') this.line.cut(() => server.restart());
  }

  /** Everything on its way arrives, and nothing more is lost: a loss shows with the next publication at the latest. */
  async settle(): Promise<void> {
    this.line.connect();
    for (const watcher of this.watchers) if (!watcher.isOver) this.#change(watcher, { paused: false });
    await this.#quiet();
    for (const name of this.server.topics.keys()) this.server.publish(name, 'row 0', 2 * this.#next++);
    await this.#quiet();
    const verified = this.watchers.filter(({ isOver }) => !isOver).flatMap((watcher) => this.#verifyAll(watcher));
    await this.#quiet();
    for (const { ok } of await Promise.all(verified)) expect(ok).toBe(true);
  }

  async #quiet(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      await Promise.resolve();
      this.server.serve(Number.POSITIVE_INFINITY);
      this.server.release(false);
      this.line.hear(Number.POSITIVE_INFINITY);
    }
  }

  #verifyAll({ subscription, pattern }: Watcher) {
    const names = [...this.server.topics.values()].filter(
      ({ name, kind }) => kind !== 'event' && matches(pattern, name),
    );
    return names.map(({ name }) => subscription.verify(name));
  }

  #watcher(nth: number): Watcher | undefined {
    const present = this.watchers.filter(({ isOver }) => !isOver);
    return present[nth % Math.max(1, present.length)];
  }

  /** One of each pattern at a time, for notices name the pattern. */
  #subscribe(pattern: string, view: ViewRequest, last: number | undefined): void {
    if (this.watchers.some((watcher) => watcher.pattern === pattern && !watcher.isOver)) return;
    this.watchers.push(new Watcher(this, pattern, view, last));
  }

  #unsubscribe(nth: number): void {
    const watcher = this.#watcher(nth);
    watcher?.subscription.unsubscribe();
    if (watcher !== undefined) watcher.isOver = true;
  }

  #change(watcher: Watcher | undefined, change: Change): void {
    if (watcher === undefined) return;
    watcher.view = changed(watcher.view, change);
    watcher.subscription.change(change).catch(({ reason }: TickwireError) => expect(reason).toBe('closed'));
  }

  #note(event: string, value: unknown): void {
    const { topic, pattern } = value as { topic: string; pattern: string };
    const watcher = this.watchers.findLast((one) => one.subscription.pattern === pattern && !one.isOver);
    if (event === 'topic') this.#epochs.set((value as { name: string }).name, (value as { epoch: string }).epoch);
    if (watcher === undefined) return;
    if (event === 'gap') watcher.lost(value as Gap);
    if (event === 'skipped') watcher.skipped(value as Skipped, this.#epochs.get(topic)!);
  }
}

function push(lists: Map<string, number[]>, key: string, item: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(item);
}

function sorted(rows: ReadonlyMap<string, unknown>): unknown[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}
