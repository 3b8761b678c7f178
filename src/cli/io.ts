/** What a command may touch of its process; tests hand in plain objects. */

import type { Environment } from '../config.ts';

export type Output = {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
};

export type StopSignal = 'SIGINT' | 'SIGTERM';

export type Io = {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  readonly cwd: string;
  /** Returns its undo. */
  onStopSignal(handler: (signal: StopSignal) => void): () => void;
  /** Each key that is pressed, as the characters that it sends; not echoed. Returns its undo. */
  onKey(handler: (key: string) => void): () => void;
  /** The terminal has another size now. Returns its undo. */
  onResize(handler: () => void): () => void;
  /** What nobody caught: a promise left alone, a throw in a callback. While there is a handler the process goes on. */
  onStrayError(handler: (error: unknown) => void): () => void;
  exitNow(code: number): void;
};

/** Colour for people only, and only where they have not said no (no-color.org). */
export function hasColour({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
