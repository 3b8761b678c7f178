import { expect, test } from 'vitest';
import { openSocket, type SocketLike } from '../../src/client/socket.ts';

test('a connection that never opens is closed once, whether a close event follows the error or not', () => {
  for (const followsUp of [false, true]) {
    const { socket, told } = open();
    call(socket.onerror, { message: 'connect ECONNREFUSED' });
    if (followsUp) call(socket.onclose, { code: 1006, reason: '' });
    expect(told).toEqual(['closed 1006 connect ECONNREFUSED']);
  }
});

test('an error on an open connection waits for the close event, and gives it its reason', () => {
  const { socket, told } = open();
  call(socket.onopen, {});
  call(socket.onerror, { message: 'reset' });
  expect(told).toEqual(['opened']);
  call(socket.onclose, { code: 1006, reason: '' });
  expect(told).toEqual(['opened', 'closed 1006 reset']);
});

test('binary comes as bytes, text as text', () => {
  const { socket, told } = open();
  call(socket.onmessage, { data: new Uint8Array([1, 2]).buffer });
  call(socket.onmessage, { data: 'hello' });
  expect(told).toEqual(['message 1,2', 'message hello']);
});

function open() {
  const told: string[] = [];
  const made: SocketLike[] = [];
  class FakeSocket implements SocketLike {
    binaryType = '';
    onopen: unknown;
    onmessage: unknown;
    onclose: unknown;
    onerror: unknown;
    constructor() {
      made.push(this);
    }
    send() {}
    close() {}
  }
  openSocket(FakeSocket, 'ws://x', {
    opened: () => void told.push('opened'),
    message: (data) => void told.push(`message ${data}`),
    closed: (code, reason) => void told.push(`closed ${code} ${reason}`),
  });
  return { told, socket: made[0]! };
}

function call(handler: unknown, event: object): void {
  (handler as (event: object) => void)(event);
}
