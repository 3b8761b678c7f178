/** A command run in this process, with what it wrote. */

import { runCli } from '../../src/cli/program.ts';

export type CliRun = { code: number; stdout: string; stderr: string };
export type CliRunOptions = {
  cwd: string;
  env?: Record<string, string>;
  stdin?: string;
  stop?: AbortSignal;
  wrote?: (text: string) => void;
};

export async function runInProcess(
  args: readonly string[],
  { cwd, env = {}, stdin = '', stop, wrote }: CliRunOptions,
): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const write = (to: keyof typeof written, text: string) => {
    written[to] += text;
    wrote?.(text);
  };
  const code = await runCli(args, {
    stdin: (async function* () {
      yield stdin;
    })(),
    stdout: { write: (text) => write('stdout', text) },
    stderr: { write: (text) => write('stderr', text) },
    env,
    cwd,
    onKey: () => () => {},
    onResize: () => () => {},
    onStrayError: () => () => {},
    onStopSignal(handler) {
      const interrupt = () => handler('SIGINT');
      stop?.addEventListener('abort', interrupt);
      return () => stop?.removeEventListener('abort', interrupt);
    },
    exitNow(exitCode) {
      throw new Error(`exitNow(${exitCode})`);
    },
  });
  return { code, ...written };
}
