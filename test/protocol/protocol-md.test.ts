import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type ClientFrame,
  clientFrames,
  closeCodes,
  decodeClientFrame,
  decodeServerFrames,
  encodeClientFrame,
  errorCodes,
  type FrameShape,
  guardLimits,
  type NamedTopic,
  type ServerFrame,
  serverCodec,
  serverFrames,
  stateChecksum,
  viewLimits,
} from '../../src/protocol/index.ts';
import { maxLast } from '../../src/protocol/since.ts';
import { serverDefaults } from '../../src/server/options.ts';
import { readPlain } from '../support/plain-msgpack.ts';
import {
  type Example,
  protocolExamples,
  protocolFrameHeadings,
  protocolLinks,
  protocolTable,
} from '../support/protocol-md.ts';

const examples = protocolExamples();
const fromClient = examples.filter(({ side, name }) => side === 'client' && name !== 'message');
const fromServer = examples.filter(({ side, name }) => side === 'server' && name !== 'message');

describe('frames from the client', () => {
  for (const example of fromClient) {
    test(`${title(example)}: the bytes are the array, the array is the frame, and the JSON is the same frame`, () => {
      const bytes = bytesOf(example);
      const frame = frameOf(example, clientFrames) as ClientFrame;

      expect(readPlain(bytes)).toEqual([arrayOf(example)]);
      expect(hex(encodeClientFrame(frame))).toBe(hex(bytes));
      expect(decodeClientFrame(bytes, 'msgpack')).toEqual(frame);
      expect(decodeClientFrame(Buffer.from(part(example, 'json')), 'json')).toEqual(frame);
      expect(JSON.parse(part(example, 'json'))).toEqual(frame);
    });
  }
});

describe('frames from the server', () => {
  for (const example of fromServer) {
    test(`${title(example)}: the bytes are the array, the array is the frame, and the JSON tells the same`, () => {
      const bytes = bytesOf(example);
      const frame = frameOf(example, serverFrames) as ServerFrame;

      expect(readPlain(bytes)).toEqual([arrayOf(example)]);
      expect(hex(serverCodec('msgpack', topicOf).encode(frame))).toBe(hex(bytes));
      expect(decodeAll(bytes)).toEqual([frame]);
      expect(JSON.parse(jsonText(frame))).toEqual(JSON.parse(part(example, 'json')));
    });
  }
});

test('several frames of one message are read in order, and are the frames of the JSON array', () => {
  const example = examples.find(({ name }) => name === 'message')!;
  const frames = decodeAll(bytesOf(example));

  expect(readPlain(bytesOf(example))).toHaveLength(2);
  expect(frames).toHaveLength(2);
  expect(frames.map((frame) => JSON.parse(jsonText(frame)))).toEqual(JSON.parse(part(example, 'json')));
});

test('a number is read the same from each of its formats', () => {
  const example = examples.find(({ side }) => side === 'numbers')!;
  const value = Number(part(example, 'value'));
  for (const format of ['float', 'uint']) {
    const number = part(example, format);
    expect(readPlain(fromHex(number))).toEqual([value]);
    expect(decodeClientFrame(fromHex(`92 09 ${number}`), 'msgpack')).toEqual({ op: 'ping', t0: value });
    expect(decodeAll(fromHex(`92 51 ${number}`))).toEqual([{ op: 'heartbeat', t: value }]);
  }
});

test('the checksum told is that of the rows, and of the text that the page makes of them', () => {
  const example = examples.find(({ side }) => side === 'checksum')!;
  const rows = JSON.parse(part(example, 'rows')) as [string, unknown[]][];
  const crc = Number(part(example, 'crc'));
  expect(crc32(JSON.parse(part(example, 'text')) as string)).toBe(crc);
  expect(stateChecksum(rows)).toEqual({ crc, rows: rows.length });
});

test('the example of CHECKSUM is the state that its text tells', () => {
  const frames = fromServer.map((example) => frameOf(example, serverFrames) as ServerFrame);
  const told = frames.find(({ op }) => op === 'checksum');
  expect(told).toMatchObject(stateChecksum([['ada', [true]]]));
});

test('every frame of the code has a section with its number and an example, and no other has', () => {
  expect(protocolFrameHeadings('client')).toEqual(Object.entries(clientFrames).map(([op, [code]]) => [op, code]));
  expect(protocolFrameHeadings('server')).toEqual(Object.entries(serverFrames).map(([op, [code]]) => [op, code]));
  expect(new Set(fromClient.map(({ name }) => name))).toEqual(new Set(Object.keys(clientFrames)));
  expect(new Set(fromServer.map(({ name }) => name))).toEqual(new Set(Object.keys(serverFrames)));
});

test('the table of error codes is that of the code', () => {
  const told = protocolTable('Error codes').map(({ name, code, retryable }) => [name, Number(code), retryable]);
  const known = Object.entries(errorCodes).map(([name, row]) => [name, row.code, row.retryable ? 'yes' : 'no']);
  expect(told).toEqual(known);
});

test('the table of close codes is that of the code, and keeps the rule of its ranges', () => {
  const told = protocolTable('Close codes').map(({ name, code, reconnect }) => [name, Number(code), reconnect]);
  const known = Object.entries(closeCodes).map(([name, row]) => [name, row.code, row.reconnect ? 'yes' : 'no']);
  expect(told).toEqual(known);
  for (const [name, code, reconnect] of told) {
    if (Number(code) >= 4000) expect([name, reconnect]).toEqual([name, Number(code) < 4500 ? 'yes' : 'no']);
  }
});

test('the limits told are those that hold', () => {
  const told = protocolTable('Limits').map((row) => row.value!.replace(',', ''));
  const { maxBytes, maxDepth, maxNodes, maxKeyBytes } = guardLimits;
  expect(told.slice(0, 4)).toEqual([maxBytes, maxDepth, maxNodes, maxKeyBytes].map(String));
  const { maxSubscriptions, maxViewTopics } = serverDefaults;
  const ofSessions = [`${maxSubscriptions} (\`maxSubscriptions\`)`, `${maxViewTopics} (\`maxViewTopics\`)`];
  expect(told.slice(-2)).toEqual(ofSessions);
  expect(maxBytes).toBe(serverDefaults.maxFrameBytes);
});

test('what a request may ask for is what is told', () => {
  const { minRate, maxRate, maxFields, maxFieldChars, maxFilterChars } = viewLimits;
  const told = protocolTable('Limits of requests').map(({ field, least, most }) => [field, least, plainNumber(most!)]);
  expect(told).toEqual([
    ['maxRate', `${minRate}`, maxRate],
    ['fields, how many', '1', maxFields],
    ['fields, characters of each', '1', maxFieldChars],
    ['filter, characters', '1', maxFilterChars],
    ['since.last', '1', maxLast],
    ['ttlMs', '1', 86_400_000],
  ]);
});

test('the numbers that make a reader slow are those of the server', () => {
  const defaults = new Map<string, unknown>(Object.entries(serverDefaults));
  const told = protocolTable('When a reader is slow').map(({ option, default: value }) => [option, Number(value)]);
  const known = told.map(([option]) => [option, defaults.get(`${option}`.replaceAll('`', ''))]);
  expect(told).toHaveLength(6);
  expect(told).toEqual(known);
});

test('every link within the page leads somewhere', () => {
  const { links, anchors } = protocolLinks();
  expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
});

/** JSON frames name topics and fields: these are the ones that the page's own TOPIC and SCHEMA examples announce. */
function topicOf(tid: number): NamedTopic {
  const frames = fromServer.map((example) => frameOf(example, serverFrames) as ServerFrame);
  const topic = frames.find((frame) => frame.op === 'topic' && frame.tid === tid);
  if (topic?.op !== 'topic') throw new Error(`PROTOCOL.md announces no topic ${tid}`);
  const schema = frames.find((frame) => frame.op === 'schema' && frame.schema === topic.schema);
  if (schema?.op !== 'schema') throw new Error(`PROTOCOL.md announces no schema ${topic.schema}`);
  const named = { name: topic.name, schema: { id: schema.schema, fields: schema.fields } };
  return topic.stream === undefined ? named : { ...named, stream: topic.stream };
}

/**
 * Built from the page alone: the names it gives, the array it shows. The code's table only has its number checked. Null
 * holds the place of what is absent, but in the two fields that may be null.
 */
function frameOf(example: Example, table: Record<string, FrameShape>): object {
  const [code, ...values] = arrayOf(example);
  expect(code).toBe(table[example.name]?.[0]);
  const names = part(example, 'fields').split(', ');
  const members = values.map((value, i): [string, unknown] => [names[i] ?? '', value]);
  const present = members.filter(([name, value]) => value !== null || name === 'id' || name === 'data');
  return Object.fromEntries([['op', example.name], ...present]);
}

function decodeAll(bytes: Uint8Array): ServerFrame[] {
  const frames: ServerFrame[] = [];
  decodeServerFrames(bytes, (frame) => frames.push(frame));
  return frames;
}

function jsonText(frame: ServerFrame): string {
  return Buffer.from(serverCodec('json', topicOf).encode(frame)).toString();
}

function arrayOf(example: Example): unknown[] {
  return JSON.parse(part(example, 'array')) as unknown[];
}

function bytesOf(example: Example): Uint8Array {
  return fromHex(part(example, 'bytes'));
}

function plainNumber(text: string): number {
  return Number(text.replaceAll(',', ''));
}

function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2} )*[0-9a-f]{2}$/.test(text)) throw new Error(`not bytes: ${text}`);
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function part({ parts, line }: Example, label: string): string {
  const text = parts.get(label);
  if (text === undefined) throw new Error(`PROTOCOL.md, block at line ${line}: no "${label}" line`);
  return text;
}

function title({ name, line }: Example): string {
  return `${name} (line ${line})`;
}
