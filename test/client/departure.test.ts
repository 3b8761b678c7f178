import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectOptions, Message } from '../../src/client/index.ts';
import type { ClientFrame, FrameOf, ServerFrame } from '../../src/protocol/index.ts';
import { type FakeConnection, FakeServer } from '../support/fake-server.ts';
import { Lab } from './lab.ts';

type Subscribe = FrameOf<ClientFrame, 'subscribe'>;

let next: FakeServer;
const labs: Lab[] = [];

beforeEach(async () => {
  next = await FakeServer.start();
});

afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.close();
  await next.stop();
});

test('in its slot it opens the next connection, and leaves the old one once the new server has welcomed it', async () => {
  const { lab, old, seqs, states } = await joined();
  await lab.said(drain(4200, 25_000));
  expect(lab.heard('draining')).toEqual([{ slotMs: 4200, deadlineMs: 25_000 }]);
  lab.time.pass(4199);
  await lab.said(event(2));
  lab.time.pass(1);
  const connection = await next.next();
  const hello = await connection.next('hello');
  await lab.said(event(3));
  expect(seqs).toEqual([1, 2, 3]);
  expect(states).toEqual([]);
  connection.welcome(hello.id);
  const { subscriptions } = await connection.next('subscribe');
  expect(subscriptions[0]).toMatchObject({ pattern: 'room.*', since: { positions: { 'room.lobby': ['life 1', 3] } } });
  expect(await old.closed).toEqual({ code: 1000, reason: 'moved' });
  expect(states).toEqual([`open ${next.url}/ws`]);
  expect(lab.client.state).toMatchObject({ name: 'open', url: `${next.url}/ws` });
});

test('what is missed on the way comes once and in order, and nothing is said to be lost', async () => {
  const { lab, seqs, subscription } = await joined();
  await lab.said(event(2));
  lab.heard();
  const { connection, id } = await moved(lab);
  expect(subscription.state).toBe('recovering');
  const at = { op: 'snapshot', tid: 9, seq: 2, ts: 0, last: true, rows: [], recovered: true } as const;
  connection.send(served(id), ...topic(9, 'life 1'), at, event(3, 9), event(4, 9), event(5, 9));
  await heard(lab, 'recovered');
  expect(seqs).toEqual([1, 2, 3, 4, 5]);
  expect(subscription.state).toBe('live');
  expect(lab.heard('gap', 'epoch', 'error')).toEqual([]);
});

test('a server that tells of another life is told as on any connection', async () => {
  const { lab, seqs } = await joined();
  const { connection, id } = await moved(lab);
  const at = { op: 'snapshot', tid: 9, seq: 0, ts: 0, last: true, rows: [], recovered: false, code: 110 } as const;
  connection.send(served(id), ...topic(9, 'life 2'), at, event(1, 9));
  await heard(lab, 'recovered');
  expect(seqs).toEqual([1, 1]);
  expect(lab.heard('epoch', 'gap')).toEqual([
    ['epoch', { topic: 'room.lobby', pattern: 'room.*', before: 'life 1', after: 'life 2' }],
    ['gap', { topic: 'room.lobby', pattern: 'room.*', epoch: 'life 2', fromSeq: 1, toSeq: 0, isNewEpoch: true }],
  ]);
});

test('a publication under way is answered first; what is published meanwhile follows on the new connection, in order', async () => {
  const { lab, old, states } = await joined();
  const first = lab.client.publish('room.lobby', 1);
  const sent = await old.next('publish');
  const connection = await called(lab);
  const hello = await connection.next('hello');
  connection.welcome(hello.id);
  await settling(lab);
  const others = [lab.client.publish('room.lobby', 2), lab.client.publish('room.lobby', 3)];
  await lab.said();
  expect(states).toEqual([]);
  lab.say({ op: 'ok', id: sent.id, result: { seq: 7 } }, event(2));
  expect(await first).toEqual({ seq: 7 });
  const { subscriptions } = await connection.next('subscribe');
  expect(subscriptions[0]?.since).toEqual({ positions: { 'room.lobby': ['life 1', 2] } }); // behind the answer, in the same message
  for (const [at, data] of [2, 3].entries()) {
    const frame = await connection.next('publish');
    expect(frame.data).toBe(data);
    connection.send({ op: 'ok', id: frame.id, result: { seq: data } });
    expect(await others[at]).toEqual({ seq: data });
  }
});

test('a publication that is not answered for a second is as on a lost connection', async () => {
  const { lab, old } = await joined();
  const publication = lab.client.publish('room.lobby', 1);
  await old.next('publish');
  const connection = await called(lab);
  connection.welcome((await connection.next('hello')).id);
  await settling(lab);
  lab.time.pass(999);
  await lab.said();
  lab.time.pass(1);
  await expect(publication).rejects.toMatchObject({ reason: 'connectionLost' });
  await connection.next('subscribe');
  expect((await old.closed).code).toBe(1000);
});

test('the old connection lost while its last publication is under way: it is on the new one at once', async () => {
  const { lab, old, states } = await joined();
  const publication = lab.client.publish('room.lobby', 1);
  await old.next('publish');
  const connection = await called(lab);
  connection.welcome((await connection.next('hello')).id);
  await settling(lab);
  old.close(1012);
  await expect(publication).rejects.toMatchObject({ reason: 'connectionLost' });
  await connection.next('subscribe');
  expect(states).toEqual([`open ${next.url}/ws`]);
});

test('a new connection that is gone before the move: the old one goes on, with what was published meanwhile', async () => {
  const { lab, old, states } = await joined();
  void lab.client.publish('room.lobby', 1).catch(() => {});
  await old.next('publish');
  const connection = await called(lab);
  connection.welcome((await connection.next('hello')).id);
  await settling(lab);
  void lab.client.publish('room.lobby', 2).catch(() => {});
  connection.cut();
  expect((await old.next('publish')).data).toBe(2);
  await lab.said(event(2));
  lab.time.pass(500);
  const second = await lab.server.next();
  second.welcome((await second.next('hello')).id);
  await settling(lab);
  lab.time.pass(1000);
  await second.next('subscribe');
  expect(states).toEqual([`open ${lab.server.url}/ws`]);
});

test('the other servers are asked in turn before any wait, then the rounds wait longer and longer', async () => {
  const third = await FakeServer.start();
  const { lab } = await joined({ random: () => 1 }, [next, third]);
  await lab.said(drain(0, 25_000));
  lab.time.pass(0);
  (await next.next()).close(1013);
  await passing(lab, 0);
  (await third.next()).close(1013);
  await passing(lab, 500);
  expect(lab.server.url).not.toBe(next.url);
  (await lab.server.next()).close(1013); // behind one name may be another server than the one that we are on
  await passing(lab, 1000);
  const connection = await next.next();
  connection.welcome((await connection.next('hello')).id);
  await connection.next('subscribe');
  await third.stop();
});

test('with one url it goes to the same again, and tries until the deadline', async () => {
  const { lab, old, seqs, states } = await joined({ random: () => 1, connectTimeoutMs: 9999 }, []);
  await lab.said(drain(0, 4000));
  lab.time.pass(0);
  for (const waitMs of [500, 1000, 2000]) {
    (await lab.server.next()).close(1013);
    await passing(lab, waitMs);
  }
  (await lab.server.next()).close(1013); // 3500 ms have passed, and 4 s more would be too many
  await until(() => !lab.time.delays.includes(9999));
  expect(lab.time.timers).toBe(1); // the heartbeat
  await lab.said(event(2));
  expect(seqs).toEqual([1, 2]);
  expect(states).toEqual([]);
  old.close(1012);
  await lab.reached('waiting');
  expect(lab.client.state).toMatchObject({ attempt: 1, until: lab.time.now() + 250 });
});

test('sent away and closed before its slot, it is back without a long wait, at the next url first', async () => {
  const { lab, old } = await joined({ random: () => 1 });
  await lab.said(drain(4200, 25_000));
  old.close(1012);
  await lab.reached('waiting');
  expect(lab.client.state).toMatchObject({ attempt: 1, until: lab.time.now() + 250 });
  lab.time.pass(250);
  const connection = await next.greeted();
  await connection.next('subscribe');
  await lab.reached('open');
  lab.time.pass(10_000);
  expect(connection.unread.filter(({ op }) => op === 'hello')).toEqual([]);
  connection.cut();
  await lab.reached('waiting');
  expect(lab.client.state).toMatchObject({ until: lab.time.now() + 500 }); // this one had sent nobody away
});

test('told twice, what was said last counts', async () => {
  const { lab } = await joined();
  await lab.said(drain(20_000, 25_000), drain(1000, 5000));
  expect(lab.heard('draining')).toHaveLength(2);
  lab.time.pass(1000);
  const connection = await next.next();
  await lab.said(drain(0, 4000));
  lab.time.pass(0);
  connection.welcome((await connection.next('hello')).id);
  await connection.next('subscribe');
  expect(await Promise.race([next.next(), lab.reached('open').then(() => 'only one')])).toBe('only one');
});

test('a new server that refuses who we are: it is said, and the old connection goes on', async () => {
  const { lab, states, seqs } = await joined({ random: () => 1 });
  const connection = await called(lab);
  const { id } = await connection.next('hello');
  connection.send({ op: 'error', id, code: 101, retryable: false, message: 'token is not known' });
  expect((await connection.closed).code).toBe(1000);
  await lab.said(event(2));
  expect(lab.heard('error')).toMatchObject([{ reason: 'unauthorized', message: `${next.url}/ws: token is not known` }]);
  expect([seqs, states]).toEqual([[1, 2], []]);
  lab.time.pass(500);
  const again = await lab.server.next();
  again.welcome((await again.next('hello')).id);
  await again.next('subscribe');
});

test('a new server that speaks nonsense is left, and said so', async () => {
  const { lab, seqs } = await joined();
  const connection = await called(lab);
  await connection.next('hello');
  connection.sendRaw('hello');
  await connection.closed;
  await lab.said(event(2));
  expect(lab.heard('error')).toMatchObject([{ reason: 'unreadable' }]);
  expect(seqs).toEqual([1, 2]);
});

test('each connection has a token of its own; a slow one holds up nothing, and one that fails is tried again', async () => {
  const tokens: ((token: string) => void)[] = [];
  let failing = false;
  const token = () => {
    if (failing) throw new Error('no network');
    return new Promise<string>((resolve) => tokens.push(resolve));
  };
  const lab = await opened({ token, random: () => 1 }, [next]);
  await until(() => tokens.length === 1);
  tokens[0]!('first');
  const { seqs } = await join(lab);
  failing = true;
  await called(lab);
  await until(() => lab.told.some(([event]) => event === 'error'));
  expect(lab.heard('error')).toMatchObject([{ reason: 'unauthorized', message: 'no token could be had: no network' }]);
  failing = false;
  lab.time.pass(500);
  const connection = await lab.server.next();
  await until(() => tokens.length === 2);
  await lab.said(event(2));
  expect(seqs).toEqual([1, 2]);
  tokens[1]!('second');
  const hello = await connection.next('hello');
  expect(hello.options.token).toBe('second');
});

test('a server that never welcomes is given up after connectTimeoutMs', async () => {
  const { lab, seqs } = await joined({ connectTimeoutMs: 2000, random: () => 1 });
  const connection = await called(lab);
  await connection.next('hello');
  lab.time.pass(2000);
  expect((await connection.closed).code).toBe(1000);
  await lab.said(event(2));
  expect(seqs).toEqual([1, 2]);
});

test('a new server that is itself going is left in its turn', async () => {
  const { lab } = await joined();
  const connection = await called(lab);
  const hello = await connection.next('hello');
  connection.welcome(hello.id, {}, drain(500, 10_000));
  await connection.next('subscribe');
  lab.time.pass(500);
  const back = await lab.server.next();
  back.welcome((await back.next('hello')).id);
  await back.next('subscribe');
  expect((await connection.closed).code).toBe(1000);
  expect(lab.heard('draining')).toHaveLength(2);
});

test('sent away before it is even welcomed, it moves, and stays with the new server', async () => {
  const lab = await opened({}, [next]);
  lab.client.subscribe('room.*');
  const old = await lab.server.next();
  await old.next('hello');
  const states = statesOf(lab);
  old.send(drain(0, 25_000));
  await heard(lab, 'draining');
  lab.time.pass(0);
  const connection = await next.greeted();
  await connection.next('subscribe');
  await lab.reached('open');
  lab.time.pass(10_000); // as long as the first server had to welcome us
  expect(states).toEqual([`open ${next.url}/ws`]);
});

/** Each gives what may ask for everything next. */
const phases: Record<string, (lab: Lab, old: FakeConnection) => Promise<Promise<Subscribe>[]>> = {
  'before its slot': async (lab) => {
    await lab.said(drain(4200, 25_000));
    return [];
  },
  'while it connects': async (lab) => {
    await lab.said(drain(0, 25_000));
    lab.time.pass(0);
    return [];
  },
  'before the welcome': async (lab) => {
    await (await called(lab)).next('hello');
    return [];
  },
  'while a publication is under way': async (lab, old) => {
    void lab.client.publish('room.lobby', 1).catch(() => {});
    await old.next('publish');
    const connection = await called(lab);
    connection.welcome((await connection.next('hello')).id);
    await settling(lab);
    return [connection.next('subscribe')];
  },
  'while it waits to try again': async (lab) => {
    (await called(lab)).close(1013);
    await until(() => lab.time.delays.some((delayMs) => delayMs >= 250 && delayMs <= 500));
    return [];
  },
};

for (const [when, reach] of Object.entries(phases)) {
  test(`closed ${when}, it is closed for good and leaves nothing behind`, async () => {
    const { lab, old } = await joined();
    for (const one of await reach(lab, old)) one.catch(() => {}); // it never comes
    lab.client.close();
    expect(lab.client.state.name).toBe('closed');
    expect((await old.closed).code).toBe(1000);
    expect(lab.time.timers).toBe(0);
    await until(() => next.open === 0 && lab.server.open === 0);
  });

  test(`the connection lost ${when}, there is one connection afterwards and all is asked for again`, async () => {
    const { lab, old, states } = await joined();
    const ready = await reach(lab, old);
    old.cut();
    await until(() => lab.client.state.name === 'waiting' || states.length > 0);
    const { subscriptions } = await Promise.race([taker(next), taker(lab.server), ...ready, passed(lab)]);
    expect(subscriptions[0]?.since).toEqual({ positions: { 'room.lobby': ['life 1', 1] } });
    await lab.reached('open');
    await until(() => next.open + lab.server.open === 1);
  });
}

test('whoever closes the client when it hears of the move has it closed', async () => {
  const { lab, old } = await joined();
  lab.client.on('quality', () => lab.client.close());
  const connection = await called(lab);
  connection.welcome((await connection.next('hello')).id);
  expect((await connection.closed).code).toBe(1000);
  expect((await old.closed).code).toBe(1000);
  expect(connection.unread).toEqual([]);
  expect(lab.client.state.name).toBe('closed');
});

test('each server has a clock of its own: the time is that of the present one', async () => {
  const { lab, old } = await joined();
  void lab.client.publish('room.lobby', 1).catch(() => {});
  await old.next('publish');
  const connection = await called(lab);
  const { id, options } = await connection.next('hello');
  const t0 = options.t0!;
  lab.time.pass(10);
  const t1 = t0 + 3_600_000_000;
  connection.welcome(id, { clock: { t0, t1, t2: t1 } });
  await settling(lab);
  lab.time.pass(1000); // which is no part of the way
  await connection.next('subscribe');
  expect(lab.client.serverNow() - lab.time.now()).toBeCloseTo(3_600_000 - 5, 0);
});

function drain(slotMs: number, deadlineMs: number): ServerFrame {
  return { op: 'drain', slotMs, deadlineMs };
}

function topic(tid: number, epoch: string): ServerFrame[] {
  return [
    { op: 'schema', schema: tid, fields: [{ name: 'n', type: 'int' }] },
    { op: 'topic', tid, name: 'room.lobby', schema: tid, epoch, kind: 'event', maxSilenceMs: 0 },
  ];
}

function event(seq: number, tid = 1): ServerFrame {
  return { op: 'data', tid, seq, ts: 0, values: [seq] };
}

function served(id: number): ServerFrame {
  return { op: 'subscribed', id, sid: 1, topics: 1, stream: 0, rate: 0 };
}

async function opened(options: ConnectOptions, others: readonly FakeServer[]): Promise<Lab> {
  const lab = await Lab.open(options, others);
  labs.push(lab);
  return lab;
}

/** Subscribed on the first server, and one event heard. */
async function joined(options: ConnectOptions = {}, others: readonly FakeServer[] = [next]) {
  return join(await opened(options, others));
}

async function join(lab: Lab) {
  const seqs: number[] = [];
  const subscription = lab.client.subscribe('room.*', ({ seq }: Message) => void seqs.push(seq));
  const old = await lab.greeted();
  await lab.joined(
    {},
    ...topic(1, 'life 1'),
    { op: 'snapshot', tid: 1, seq: 0, ts: 0, last: true, rows: [] },
    event(1),
  );
  await lab.said();
  lab.heard();
  return { lab, old, seqs, states: statesOf(lab), subscription };
}

/** Those that come from here on. */
function statesOf(lab: Lab): string[] {
  const states: string[] = [];
  lab.client.on('state', (state) => void states.push('url' in state ? `${state.name} ${state.url}` : state.name));
  return states;
}

/** Sent away, and on its way to the next server. */
async function called(lab: Lab): Promise<FakeConnection> {
  await lab.said(drain(0, 25_000));
  lab.time.pass(0);
  return next.next();
}

async function moved(lab: Lab) {
  const connection = await called(lab);
  connection.welcome((await connection.next('hello')).id);
  const { id } = await connection.next('subscribe');
  return { connection, id };
}

/** The new server's welcome is there, and the wait for what is under way has begun. */
function settling(lab: Lab): Promise<void> {
  return until(() => lab.time.delays.includes(1000));
}

/** A try came to nothing: the next one is due in so long. */
async function passing(lab: Lab, delayMs: number): Promise<void> {
  await until(() => lab.time.delays.includes(delayMs));
  lab.time.pass(delayMs);
}

/** Takes whoever comes and stays. */
async function taker(server: FakeServer): Promise<Subscribe> {
  for (;;) {
    const connection = await server.next();
    const hello = await connection.next('hello').catch(() => undefined);
    if (hello === undefined) continue;
    connection.welcome(hello.id);
    const request = await connection.next('subscribe').catch(() => undefined);
    if (request !== undefined) return request;
  }
}

/** The first wait after a loss is over; never settles. */
function passed(lab: Lab): Promise<never> {
  lab.time.pass(250);
  return new Promise(() => {});
}

async function heard(lab: Lab, event: string): Promise<void> {
  await until(() => lab.told.some(([told]) => told === event));
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
