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
} from '../../src/protocol/index.ts';
import { serverDefaults } from '../../src/server/options.ts';
import { readPlain } from '../support/plain-msgpack.ts';
import { type Example, protocolExamples, protocolFrameHeadings, protocolTable } from '../support/protocol-md.ts';

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
  expect(told.at(-1)).toBe(`${serverDefaults.maxSubscriptions} (\`maxSubscriptions\`)`);
  expect(maxBytes).toBe(serverDefaults.maxFrameBytes);
});

/** JSON frames name topics and fields: these are the ones that the page's own TOPIC and SCHEMA examples announce. */
function topicOf(tid: number): NamedTopic {
  const frames = fromServer.map((example) => frameOf(example, serverFrames) as ServerFrame);
  const topic = frames.find((frame) => frame.op === 'topic' && frame.tid === tid);
  if (topic?.op !== 'topic') throw new Error(`PROTOCOL.md announces no topic ${tid}`);
  const schema = frames.find((frame) => frame.op === 'schema' && frame.schema === topic.schema);
  if (schema?.op !== 'schema') throw new Error(`PROTOCOL.md announces no schema ${topic.schema}`);
  return { name: topic.name, schema: { id: schema.schema, fields: schema.fields } };
}

/** Built from the page alone: the names it gives, the array it shows. The code's table only has its number checked. */
function frameOf(example: Example, table: Record<string, FrameShape>): object {
  const [code, ...values] = arrayOf(example);
  expect(code).toBe(table[example.name]?.[0]);
  const names = part(example, 'fields').split(', ');
  return Object.fromEntries([['op', example.name], ...values.map((value, i) => [names[i], value])]);
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
