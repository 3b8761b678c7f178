/** Looks whether a Tickwire server answers at an address, before a load is put on it. */

import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { serverUrl } from '../../../src/client/server-url.ts';
import { BenchError } from '../scenario.ts';

const patienceMs = 10_000; // a TCP SYN lost three times still makes it
const subprotocol = 'tickwire.v1.msgpack';
const shownCharacters = 120;

/** The address in full, `ws://127.0.0.1:9000/ws`. Throws BenchError saying what is there instead. */
export async function probe(address: string, signal: AbortSignal): Promise<string> {
  const url = fullUrl(address);
  const answer = await upgrade(url, signal);
  if (answer.statusCode !== 101) throw new BenchError(await refusal(url, answer));
  const chosen = answer.headers['sec-websocket-protocol'];
  if (chosen === subprotocol) return url;
  const chose = chosen === undefined ? 'no subprotocol' : `the subprotocol "${chosen}"`;
  throw new BenchError(`${url} is no Tickwire server: it was offered ${subprotocol} and chose ${chose}`);
}

function fullUrl(address: string): string {
  try {
    return serverUrl(address);
  } catch (error) {
    throw new BenchError(error instanceof Error ? error.message : String(error));
  }
}

function upgrade(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = ask(url, signal);
    asked.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer);
    });
    asked.on('response', resolve);
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : unreachable(url, error)));
    asked.end();
  });
}

function ask(url: string, signal: AbortSignal): ClientRequest {
  const request = url.startsWith('wss:') ? requestTls : requestPlain;
  return request(url.replace(/^ws/, 'http'), {
    headers: {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': subprotocol,
    },
    rejectUnauthorized: false, // whoever's certificate it is: nothing secret is sent
    timeout: patienceMs,
    signal,
  });
}

function unreachable(url: string, error: Error): BenchError {
  const reason = error.message || ('code' in error ? String(error.code) : error.name);
  return new BenchError(`cannot connect to ${url}: ${reason}`);
}

async function refusal(url: string, answer: IncomingMessage): Promise<string> {
  const body = (await textOf(answer)).replace(/\s+/g, ' ').trim();
  const said = body === '' ? '' : `: ${body.slice(0, shownCharacters)}${body.length > shownCharacters ? '…' : ''}`;
  const status = `HTTP ${answer.statusCode} ${answer.statusMessage}`.trimEnd();
  return `${url} did not open a WebSocket, it answered ${status}${said}`;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > 10 * shownCharacters) break;
  }
  return text;
}
