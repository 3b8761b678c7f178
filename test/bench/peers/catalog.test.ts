import { afterAll, describe, expect, test } from 'vitest';
import { startBroker } from '../../../bench/peers/broker.ts';
import { catalog } from '../../../bench/peers/catalog/index.ts';
import { Member } from '../../../bench/peers/member.ts';
import { type Peer, type Publish, peerNames } from '../../../bench/peers/peer.ts';
import { stampedText } from '../../../bench/support/stamp.ts';
import { needs, type SystemPackage } from '../../support/system-packages.ts';

const packageOf = { nats: 'natsServer', mosquitto: 'mosquitto', nchan: 'nchan' } as const satisfies Record<
  string,
  SystemPackage
>;
const undo: (() => unknown)[] = [];

afterAll(async () => {
  for (const stop of undo.reverse()) await stop();
});

describe.each(peerNames)('%s', (name) => {
  const peer = catalog[name];
  const needed = Object.entries(packageOf).find(([broker]) => broker === name)?.[1];
  const isAbsent = needed !== undefined && needs(needed) !== undefined;

  test.skipIf(isAbsent)(
    'brings each payload to every subscriber, in order, whatever was published at once',
    async () => {
      const { port, publish } = await start(peer);
      for (const payloadBytes of [128, 32]) {
        const members = await Promise.all([join(peer, port), join(peer, port)]);
        const text = stampedText(payloadBytes);
        const stamps = Array.from({ length: 60 }, (_, i) => 1_000_000 + i);
        const seen = members.map((member) => readAll(peer, member, payloadBytes, stamps.length));
        publish(stamps.slice(0, 50).map(text));
        for (const stamp of stamps.slice(50)) publish([text(stamp)]);
        expect(await Promise.all(seen)).toEqual([stamps, stamps]);
        expect(members[0]?.bytes()).toBe(members[1]?.bytes());
        expect(members[0]?.deliveries).toBe(60);
        for (const member of members) member.leave();
      }
    },
  );

  test.skipIf(isAbsent)('says which version it is', async () => {
    expect(await peer.version()).toMatch(/\d+\.\d+\.\d+/);
  });

  test.skipIf(isAbsent)('keeps a connection that says pong unasked', async () => {
    const { port, publish } = await start(peer);
    const member = await join(peer, port);
    for (const stamp of [1, 2, 3]) {
      member.owePong();
      const seen = readAll(peer, member, 64, 1);
      publish([stampedText(64)(stamp)]);
      expect(await seen).toEqual([stamp]);
    }
    expect(member.isClosed).toBe(false);
    member.leave();
  });
});

const started = new Map<Peer, Promise<{ readonly port: number; readonly publish: Publish }>>();

function start(peer: Peer) {
  const running = started.get(peer) ?? serve(peer);
  started.set(peer, running);
  return running;
}

async function serve(peer: Peer): Promise<{ readonly port: number; readonly publish: Publish }> {
  if (peer.kind === 'library') return peer.serve({});
  const broker = await startBroker(peer);
  undo.push(() => broker.stop());
  return { port: broker.ports.subscribers, publish: await peer.connect(broker.ports) };
}

async function join(peer: Peer, port: number): Promise<Member> {
  const member = await Member.open(peer.joining, port);
  await member.joined;
  return member;
}

function readAll(peer: Peer, member: Member, payloadBytes: number, count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const seen: number[] = [];
    member.begin(peer.reader(payloadBytes), (micros) => {
      seen.push(micros);
      if (seen.length === count) setImmediate(resolve, seen);
    });
  });
}
