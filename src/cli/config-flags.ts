import { type Command, Option } from 'commander';
import { usualCompressFromBytes } from '../config/flags.ts';

/** The flags of every command that reads a config. Values stay text: the config's schema judges all layers alike. */
export function configFlags(command: Command): Command {
  return command
    .option('-c, --config <path>', 'config file (default: tickwire.config.ts, .js or .json in this folder)')
    .option('--feeds <names>', 'run these feeds and no others: comma list of names and ./paths')
    .addOption(feedOption())
    .option('--seed <text>', 'what generated feeds draw their numbers from')
    .option('--host <address>', 'address to listen on; 0.0.0.0 for every network (default: 127.0.0.1)')
    .option('-p, --port <number>', 'port to listen on; 0 for any that is free (default: 9000)')
    .option('--allowed-origins <list>', 'web pages that may connect besides our own: comma list of https://…')
    .option('--tls-cert <path>', 'speak TLS (https, wss) with this certificate: a PEM file, the issuers behind it')
    .option('--tls-key <path>', 'its private key: a PEM file without a passphrase')
    .option(
      '--compress [bytes]',
      `compress messages from so many bytes up for clients that can inflate them (default: nothing; alone: ${usualCompressFromBytes})`,
    )
    .option('--share-port', 'let another server listen on the same port, for a restart without a pause')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent (default: info)')
    .option('--log-format <format>', 'pretty, json or auto: pretty on a terminal (default: auto)');
}

function feedOption(): Option {
  return new Option('--feed <name>', 'run this feed too: a name or a ./path; may be repeated').argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
