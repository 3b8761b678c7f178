/** The one log of a process. The only file that knows pino. */

import pino from 'pino';
import pretty from 'pino-pretty';
import type { LogOptions } from './config/config-input.ts';

export type { Logger } from 'pino';

/** What a log line may never show, at the top and one level down. */
const secrets = ['token', 'authorization', '*.token', '*.authorization', '*.headers.authorization'];

/** Where lines go: standard output, unless a test looks at them. */
export type LogDestination = { write(line: string): void; isTTY?: boolean };

/** Readable lines on a terminal, one JSON object a line elsewhere; `format` can ask for either. */
export function createLogger({ level, format }: LogOptions, to: LogDestination = process.stdout): pino.Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null, // one process, one log: pid and host name are the collector's to add
    redact: { paths: secrets, censor: '[hidden]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const isPretty = format === 'pretty' || (format === 'auto' && to.isTTY === true);
  return pino(options, isPretty ? prettyStream(to) : to);
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
