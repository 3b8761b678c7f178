import type { Command } from 'commander';
import { CliError, messageOf } from './exit.ts';
import type { Io } from './io.ts';
import { checkTopic } from './patterns.ts';
import { serverAddress, urlFlag } from './server-address.ts';
import { connectToServer } from './server-client.ts';

export function setUpPub(command: Command, io: Io): void {
  urlFlag(command)
    .argument('<topic>', 'the topic')
    .argument('[json]', 'one value as JSON; "-" or nothing: one value a line from standard input', '-')
    .option('-k, --key <key>', 'the row to set, on a keyed topic')
    .addHelpText('after', examples)
    .action((topic: string, json: string, flags: Flags) => pub(topic, json, flags, io));
}

const examples = `
Which topics are open is the server's configuration ("open"); its feeds' topics never are.

Examples:
  $ tickwire pub chat.lobby '{"from":"Ada","text":"hello"}'
  $ tickwire pub lamp.kitchen true
  $ tickwire pub rooms '{"people":3}' --key lobby
  $ my-sensor | tickwire pub sensors.mine -`;

type Flags = { url?: string; key?: string };

async function pub(topic: string, json: string, flags: Flags, io: Io): Promise<void> {
  checkTopic(topic);
  const address = serverAddress(flags.url, io);
  const values = json === '-' ? linesOf(io.stdin) : [parse(json, 'the value')]; // a bad value needs no connection
  const { client, failed } = connectToServer(address, (message) => void io.stderr.write(`tickwire: ${message}\n`));
  const options = flags.key === undefined ? {} : { key: flags.key };
  try {
    for await (const value of values) await Promise.race([client.publish(topic, value, options), failed]);
  } finally {
    client.close();
  }
}

/** One JSON value a line, as they come; empty lines are passed over. */
async function* linesOf(stdin: Io['stdin']): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  for await (const chunk of stdin) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield parse(text, `line ${line}`);
    }
  }
  if (rest.trim() !== '') yield parse(rest, `line ${line + 1}`);
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new CliError('usage', `${what} is not JSON: ${JSON.stringify(shown)} (${messageOf(cause)})`, { cause });
  }
}
