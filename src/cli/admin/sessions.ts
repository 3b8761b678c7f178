import type { Command } from 'commander';
import { z } from 'zod';
import {
  type Connection,
  connection,
  connectionList,
  type ListFlags,
  listFlags,
  listQuery,
  writeConnections,
} from '../connection-list.ts';
import type { Io } from '../io.ts';
import { printable } from '../printable.ts';
import { showAge, showBytes, showCount } from '../show.ts';
import { table } from '../table.ts';
import { type AdminFlags, adminFlags, askAsAdmin } from './asking.ts';

export function setUpSessions(command: Command, io: Io): void {
  listFlags(adminFlags(command.command('sessions')))
    .description('list who is connected, the slowest first')
    .action((flags: AdminFlags & ListFlags) => list(flags, io));
  adminFlags(command.command('session'))
    .description('show all there is to know of one')
    .argument('<id>', 'of the session, as "sessions" lists it')
    .action((id: string, flags: AdminFlags) => show(id, flags, io));
  adminFlags(command.command('kick'))
    .description('close its connection')
    .argument('<id>', 'of the session')
    .option('--reconnect', 'let the client come back; otherwise it is told not to')
    .action((id: string, flags: AdminFlags & { reconnect?: boolean }) => kick(id, flags, io));
  adminFlags(command.command('unsubscribe'))
    .description('end one of its subscriptions; the client is told')
    .argument('<id>', 'of the session')
    .argument('<sid>', 'number of the subscription, as "session" lists it')
    .action((id: string, sid: string, flags: AdminFlags) => unsubscribe(id, sid, flags, io));
}

async function list({ url, json = false, ...wanted }: AdminFlags & ListFlags, io: Io): Promise<void> {
  writeConnections(await askAsAdmin(`sessions?${listQuery(wanted)}`, connectionList, { url, io }), json, io);
}

async function show(id: string, { url, json }: AdminFlags, io: Io): Promise<void> {
  const one = await askAsAdmin(`sessions/${encodeURIComponent(id)}`, connection, { url, io });
  io.stdout.write(json === true ? `${JSON.stringify(one)}\n` : described(one));
}

const kicked = z.object({ kicked: z.string(), mayReturn: z.boolean() });

async function kick(id: string, { url, json, reconnect = false }: AdminFlags & { reconnect?: boolean }, io: Io) {
  const path = `sessions/${encodeURIComponent(id)}${reconnect ? '?reconnect=1' : ''}`;
  const answer = await askAsAdmin(path, kicked, { method: 'DELETE', url, io });
  if (json === true) io.stdout.write(`${JSON.stringify(answer)}\n`);
  else
    io.stdout.write(
      `${printable(answer.kicked)} is closed, and told ${reconnect ? 'to come back' : 'not to come back'}\n`,
    );
}

const unsubscribed = z.object({ session: z.string(), unsubscribed: z.int() });

async function unsubscribe(id: string, sid: string, { url, json }: AdminFlags, io: Io): Promise<void> {
  const path = `sessions/${encodeURIComponent(id)}/subscriptions/${encodeURIComponent(sid)}`;
  const answer = await askAsAdmin(path, unsubscribed, { method: 'DELETE', url, io });
  if (json === true) io.stdout.write(`${JSON.stringify(answer)}\n`);
  else io.stdout.write(`subscription ${answer.unsubscribed} of ${printable(answer.session)} is ended\n`);
}

function described({
  id,
  address,
  sdk,
  encoding,
  connectedMs,
  step,
  stepMs,
  lagMs,
  bufferedBytes,
  ...rest
}: Connection) {
  const facts = [
    ['session', printable(id)],
    ['address', printable(address)],
    ['client', printable(sdk ?? '-')],
    ['encoding', encoding],
    ['up', showAge(connectedMs)],
    ['step', `${printable(step)} for ${showAge(stepMs)}`],
    ['lag', `${showCount(Math.round(lagMs))} ms`],
    ['buffered', showBytes(bufferedBytes)],
  ];
  const lines = facts.map(([name = '', value]) => `${name.padEnd(8)}  ${value}\n`).join('');
  return rest.subscriptions.length === 0 ? lines : `${lines}\n${subscriptionTable(rest.subscriptions)}`;
}

function subscriptionTable(subscriptions: Connection['subscriptions']): string {
  const headings = ['SID', 'PATTERNS', 'VIEW', 'PUBLISHED', 'DELIVERED', 'CONFLATED', 'FILTERED', 'MISSED', 'PENDING'];
  const rows = subscriptions.map(({ sid, patterns, ledger, ...view }) => {
    const { published, delivered, conflated, filtered, missed, pending } = ledger;
    const counts = [published, delivered, conflated, filtered, missed, pending].map(showCount);
    return [String(sid), printable(patterns.join(',')), viewText(view), ...counts];
  });
  return table(headings, rows);
}

type View = Pick<Connection['subscriptions'][number], 'rate' | 'fields' | 'filter' | 'delta' | 'paused'>;

function viewText({ rate, fields, filter, delta, paused }: View): string {
  const parts = [
    ...(rate > 0 ? [`${rate}/s`] : []),
    ...(fields === undefined ? [] : [fields.join(',')]),
    ...(filter === undefined ? [] : [`where ${filter}`]),
    ...(delta === undefined ? [] : ['delta']),
    ...(paused ? ['paused'] : []),
  ];
  return parts.length === 0 ? 'plain' : printable(parts.join(' '));
}
