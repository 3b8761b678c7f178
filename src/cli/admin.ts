import type { Command } from 'commander';
import { setUpFeedControl } from './admin/feeds.ts';
import { setUpLogLevel } from './admin/log-level.ts';
import { setUpSessions } from './admin/sessions.ts';
import type { Io } from './io.ts';

export function setUpAdmin(command: Command, io: Io): void {
  command.addHelpText('after', examples).usage('<what> [options]').helpCommand(false);
  setUpSessions(command, io);
  setUpFeedControl(command, io);
  setUpLogLevel(command, io);
}

const examples = `
The server must have a token (server.adminToken, TICKWIRE_ADMIN_TOKEN), and this shell the same in TICKWIRE_ADMIN_TOKEN.
Whatever is done is a line of the server's log.

Examples:
  $ tickwire admin sessions --sort buffered
  $ tickwire admin session mXr0yLk3Qb7d
  $ tickwire admin kick mXr0yLk3Qb7d
  $ tickwire admin unsubscribe mXr0yLk3Qb7d 2
  $ tickwire admin pause stocks
  $ tickwire admin log-level debug --url wss://feeds.example.com`;
