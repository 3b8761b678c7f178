/** The one log of a process. The only file that knows pino. */

import pino from 'pino';
import pretty from 'pino-pretty';
import type { LogOptions } from './config/config-input.ts';

export type { Logger } from 'pino';

/** What a log line may never show, at the top and one level down. */
const secrets = ['token', 'authorization', '*.token', '*.authorization', '*.headers.authorization'];

/** How many lines of these levels a log has written. */
export type LogLines = { warn: number; error: number; fatal: number };

const linesByLog = new WeakMap<pino.Logger, LogLines>();

/** Kept up to date. Of a log that was made elsewhere nothing is known, so it has none. */
export function linesOf(log: pino.Logger): Readonly<LogLines> {
  return linesByLog.get(log) ?? { warn: 0, error: 0, fatal: 0 };
}

/** Where lines go: standard output, unless a test looks at them. */
export type LogDestination = { write(line: string): void; isTTY?: boolean };

/** Readable lines on a terminal, one JSON object a line elsewhere; `format` can ask for either. */
export function createLogger({ level, format }: LogOptions, to: LogDestination = process.stdout): pino.Logger {
  const lines: LogLines = { warn: 0, error: 0, fatal: 0 };
  const options: pino.LoggerOptions = {
    level,
    base: null, // one process, one log: pid and host name are the collector's to add
    redact: { paths: secrets, censor: '[hidden]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: {
      logMethod(args, method, level) {
        const name = pino.levels.labels[level];
        if (name === 'warn' || name === 'error' || name === 'fatal') lines[name]++;
        method.apply(this, args);
      },
    },
  };
  const isPretty = format === 'pretty' || (format === 'auto' && to.isTTY === true);
  const log = pino(options, isPretty ? prettyStream(to) : to);
  linesByLog.set(log, lines);
  return log;
}

/** In this process and at once, so that the last line before an exit is seen. */
function prettyStream(to: LogDestination): pino.DestinationStream {
  const colorize = to.isTTY === true && pretty.isColorSupported;
  const format = pretty.prettyFactory({ colorize, singleLine: true, translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => to.write(format(withoutControls(line))) };
}

/** A terminal obeys control characters, wherever they came from; here they stay the escapes that JSON made of them. */
function withoutControls(line: string): string {
  return line
    .replace(/(?<!\\)((?:\\\\)*)\\u00(?=[01])/g, '$1\\\\u00')
    .replace(/[\u007f-\u009f]/g, (character) => `\\\\x${character.charCodeAt(0).toString(16)}`);
}
