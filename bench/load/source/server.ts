/** The server under test: the real one, with a real configuration, in a process of its own. */

import { channel } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, ConfigError, loadConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/logger.ts';
import { type RunningTickwire, startTickwire } from '../../../src/main.ts';
import { answerParent } from '../../support/child.ts';
import { spin } from '../../support/spin.ts';
import type { OwnServer } from '../plan.ts';
import { ownUse } from '../process-use.ts';
import { BenchError } from '../scenario.ts';
import { feedChannel, openPattern } from '../topic-names.ts';
import type { FedBy, FeedControls, Listening, ServerLook, ServerRequest } from './source-protocol.ts';

let running: { readonly tickwire: RunningTickwire; readonly feed: FeedControls | undefined } | undefined;

answerParent((request: ServerRequest) => {
  switch (request.ask) {
    case 'listen':
      return listen(request.server, request.source);
    case 'start':
      return controls().start();
    case 'measure':
      return controls().measure(request.window);
    case 'stop':
      return stopFeed();
    case 'stall':
      return spin(request.ms);
    case 'look':
      return look();
  }
});

async function listen(server: OwnServer, source: FedBy): Promise<Listening> {
  const config = await configure(server, source);
  const feed = source.by === 'load feed' ? nextControls() : undefined;
  const tickwire = await startTickwire(config, { log: createLogger(config.log, process.stderr) });
  running = { tickwire, feed: await feed };
  return { url: tickwire.url };
}

/** Throws BenchError for what the plan says wrongly, by the words of the configuration. */
async function configure(server: OwnServer, source: FedBy): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'tickwire-bench-'));
  const file = join(folder, 'tickwire.config.json');
  const settings = { server: { port: 0, ...server }, log: { level: 'error' }, ...fedBy(source) };
  try {
    await writeFile(file, JSON.stringify(settings));
    return await loadConfig({ cwd: folder, env: {}, flags: {} });
  } catch (error) {
    if (error instanceof ConfigError) throw new BenchError(error.message.replaceAll(file, "the plan's server"));
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fedBy(source: FedBy): object {
  switch (source.by) {
    case 'load feed': {
      const { fed, isCoordinated = false } = source;
      return { feeds: [{ use: feedFile, config: { ...fed, isCoordinated } }] };
    }
    case 'clients':
      return { feeds: [], open: [{ pattern: openPattern }] };
    case 'its feeds':
      return {};
  }
}

const feedFile = fileURLToPath(new URL(`./feed${extname(import.meta.url)}`, import.meta.url));

function nextControls(): Promise<FeedControls> {
  return new Promise((resolve) => {
    const handed = (controls: unknown) => {
      channel(feedChannel).unsubscribe(handed);
      resolve(controls as FeedControls); // feed.ts is at the other end
    };
    channel(feedChannel).subscribe(handed);
  });
}

function controls(): FeedControls {
  if (running?.feed === undefined) throw new Error('no load feed runs here');
  return running.feed;
}

/** What the runtime refused was never published, so nothing that is measured then means anything. */
function stopFeed() {
  const published = controls().stop();
  const stats = running?.tickwire.feeds[0]?.stats();
  if (stats !== undefined && stats.rejected > 0) throw new Error(`${stats.rejected} publications were refused`);
  return published;
}

function look(): ServerLook {
  return { sessions: running?.tickwire.server.sessions.size ?? 0, ...ownUse() };
}
