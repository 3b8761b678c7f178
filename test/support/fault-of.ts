/** What the protocol says against something. */

import { readClientFrame } from '../../src/protocol/client-frame.ts';
import { ProtocolError } from '../../src/protocol/codes.ts';

/** The complaint of `run`, or undefined when it has none. Anything but a ProtocolError is a bug, and fails the test. */
export function faultOf(run: () => void): ProtocolError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** The complaint about a frame that has to be refused. */
export function refusalOf(value: unknown): ProtocolError {
  const fault = faultOf(() => readClientFrame(value));
  if (fault === undefined) throw new Error(`${JSON.stringify(value)} was read`);
  return fault;
}
