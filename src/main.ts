/** Puts the house together; the only place that knows everyone. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ZodType } from 'zod';
import { feeds as builtIn } from '../feeds/index.ts';
import { type Bus, createBus, historyLimitsFor, type Topic } from './bus/index.ts';
import { catalogueOf } from './catalogue.ts';
import { type ChosenFeed, chooseFeeds } from './config/choose-feeds.ts';
import { checkedTls } from './config/tls-files.ts';
import type { Config } from './config.ts';
import { controlsOf } from './controls.ts';
import { type Clock, systemClock } from './feed/clock.ts';
import { declarationOf, topicPatterns } from './feed/declared-topics.ts';
import { type RunningFeed, runFeed } from './feed/feed-runner.ts';
import { feedSink } from './feed-sink.ts';
import { createLogger, type Logger, linesOf } from './logger.ts';
import { createExposition, type MeasuredHouse } from './metrics.ts';
import { openTopics } from './open-topics.ts';
import { requiredDemand, requiredFeedFault } from './required-feed.ts';
import {
  AppOutlet,
  loadUws,
  openApp,
  type RunningServer,
  ServerCounts,
  startServer,
  takeCensus,
} from './server/index.ts';
import { version } from './version.ts';

export { type Config, type ConfigInput, defineConfig, loadConfig } from './config.ts';

export type RunningTickwire = {
  readonly url: string;
  readonly port: number;
  readonly server: RunningServer;
  readonly feeds: readonly RunningFeed[];
  /** Sends all clients away, each in its own moment, while feeds go on; `stop` is the next step. Twice is harmless. */
  drain(): Promise<void>;
  /** Feeds first, so that nothing is published into a closing house. Twice is harmless. */
  stop(): Promise<void>;
};

/**
 * Starts the server and its feeds. Rejects, before anything listens, when a feed can't be loaded or its config is
 * wrong, and when the port can't be had.
 */
export async function startTickwire(
  config: Config,
  { log = createLogger(config.log) }: { log?: Logger } = {},
): Promise<RunningTickwire> {
  const tls = checkedTls(config);
  const chosen = await chooseFeeds(config);
  const uws = await loadUws();
  const app = openApp(uws, tls ?? {});
  const { historyBytes, demandLingerMs } = config.server;
  const outlet = new AppOutlet(app, config.server);
  const counts = new ServerCounts();
  const clock = systemClock();
  const { now } = clock;
  const historyLimitsOf = (topic: Topic) => historyLimitsFor(config.history, topic);
  const bus = createBus(outlet, { now, historyLimitsOf, historyBytes, demandLingerMs });
  const { hub, origin, schemas, demand } = bus;
  const publish = openTopics(config.open, origin, now);
  const name = `tickwire/${version}`;
  const feeds: RunningFeed[] = [];
  const faultOf = (i: number) => feeds[i] && requiredFeedFault(feeds[i]);
  const conditions = [
    () => (feeds.length < chosen.length ? 'the server is starting' : undefined),
    ...chosen.flatMap(({ isRequired }, i) => (isRequired ? [() => faultOf(i)] : [])),
  ];
  const parts = { options: config.server, hub, outlet, counts, demand, schemas, publish, log, conditions, now, name };
  let house: (() => MeasuredHouse) | undefined;
  const exposition = createExposition(() => house?.());
  const requiredFeeds = new Set(chosen.flatMap(({ isRequired, name }) => (isRequired ? [name] : [])));
  const redeclared = new Map(chosen.map((one) => [one, new Map<string, ZodType>()] as const));
  const families = () => catalogueOf(chosen, config.open, (one) => redeclared.get(one) ?? new Map());
  const controls = controlsOf({ feeds, requiredFeeds, log });
  const server = await startServer(uws, app, parts, { pageFolder: pageFolder(), exposition, controls, families });

  for (const [i, one] of chosen.entries()) {
    const isUnwell = () => faultOf(i) !== undefined;
    feeds.push(startFeed(one, { config, bus, clock, log, isUnwell, redeclared: redeclared.get(one) ?? new Map() }));
  }
  house = () => ({
    version,
    hub,
    counts,
    publishToSocket: outlet.publishToSocket,
    census: takeCensus(server.served()),
    maxConnections: config.server.maxConnections,
    feeds,
    requiredFeeds,
    logLines: linesOf(log),
    isReady: server.readiness.isReady(),
    isDraining: server.isDraining,
  });
  if (tls !== undefined && tls.validTo.getTime() < Date.now()) {
    log.warn({ file: tls.tlsCertFile, validTo: tls.validTo }, 'the certificate has expired: clients will refuse it');
  }
  log.info({ feeds: feeds.map(({ name }) => name) }, 'feeds run');

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all(feeds.map((feed) => feed.stop()));
    await server.stop();
    bus.stop();
  };
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${urlHost(config.server.host)}:${server.port}`,
    port: server.port,
    server,
    feeds,
    drain: () => server.drain(),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

type FeedHouse = {
  readonly config: Config;
  readonly bus: Pick<Bus, 'origin' | 'demand'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** What it has redeclared, by pattern. */
  readonly redeclared: Map<string, ZodType>;
  /** Whether the server is not ready because of it. */
  readonly isUnwell: () => boolean;
};

function startFeed({ feed, name, settings, isRequired }: ChosenFeed, house: FeedHouse): RunningFeed {
  const { config, bus, clock, log, isUnwell, redeclared } = house;
  const wanted = bus.demand.of(topicPatterns(feed.topicsOf(settings)));
  return runFeed(feed, {
    name,
    config: settings,
    seed: config.seed,
    clock,
    sink: feedSink(bus.origin, {
      owner: `feed ${name}`,
      isTrusted: builtIn.includes(feed),
      declaredFor: (topic) => declarationOf(feed, settings, topic),
      redeclared,
    }),
    demand: isRequired ? requiredDemand(wanted, isUnwell) : wanted,
    log: feedLog(log, name),
  });
}

function feedLog(log: Logger, feed: string) {
  return {
    debug: (message: string) => log.debug({ feed }, message),
    info: (message: string) => log.info({ feed }, message),
    warn: (message: string) => log.warn({ feed }, message),
    error: (message: string) => log.error({ feed }, message),
  };
}

/** The built page, seen from the sources as from the build. */
function pageFolder(): string | undefined {
  const candidates = ['../dashboard', '../dist/dashboard'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find((folder) => existsSync(`${folder}/index.html`));
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
