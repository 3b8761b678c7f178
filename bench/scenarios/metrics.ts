import type { Crew } from '../load/conductor/crew.ts';
import type { Figure, RunReport } from '../load/report.ts';
import type { Stage } from '../load/scenario.ts';
import { spread } from '../support/statistics.ts';
import { feed, lower, pause, unopenedDoubts, withCrew } from './crew.ts';
import { defineScenario } from './define.ts';

const rounds = 16; // of each kind, in turns, for a machine is not the same from minute to minute
const scrapeEveryMs = 1000;
const scrapes = 10;
const many = 10_000; // connections, and topics

/** What it costs to be looked at: a scraped server to one that is not, and one scrape of a large server. */
export const metrics = defineScenario({
  name: 'metrics',
  summary: 'what /metrics costs, and one scrape of 10,000 connections',
  takes: ['connections', 'topics', 'rate', 'payloadBytes', 'durationSec', 'workers', 'encoding'],
  run: async (stage) => [await scrapedOrNot(stage), await largeScrape(stage)],
});

async function scrapedOrNot(stage: Stage): Promise<RunReport> {
  const connections = stage.wish.connections ?? 200;
  const source = feed(stage.wish, { topics: 10, rate: 20 });
  const seconds = stage.wish.durationSec ?? 2;
  return withCrew(stage, { connections, source }, async (crew) => {
    await crew.publish();
    await pause(2000, stage.signal); // code is compiled meanwhile
    const perCpuSec = { scraped: [] as number[], left: [] as number[] };
    for (let round = 0; round < 2 * rounds; round++) {
      const isScraped = (round + (round >> 1)) % 2 === 0; // so that neither kind always comes first
      stage.progress({ label: 'scraped or not', phase: 'measuring', done: round / (2 * rounds), connections });
      const value = await deliveriesPerCpuSec(crew, seconds, isScraped, stage.signal);
      perCpuSec[isScraped ? 'scraped' : 'left'].push(value);
    }
    const { sums } = await crew.silence().then(() => crew.account());
    const median = (of: readonly number[]) => spread(of).median;
    const pairs = perCpuSec.scraped.map((scraped, i) => scraped / (perCpuSec.left[i] ?? Number.NaN));
    const { min, max } = spread(pairs);
    const perSec = { unit: '1/s', better: 'higher' } as const;
    const figures: Figure[] = [
      { name: 'deliveries per server CPU-second, left alone', value: median(perCpuSec.left), ...perSec },
      { name: 'the same, scraped each second', value: median(perCpuSec.scraped), ...perSec },
      { name: 'scraped to left alone', value: median(pairs), unit: 'times', better: 'higher' },
      { name: 'of one round, least', value: min, unit: 'times' },
      { name: 'of one round, most', value: max, unit: 'times' },
      lower('lost', sums.lost),
    ];
    return { label: `${connections} connections`, figures, doubts: unopenedDoubts(connections, crew.opened) };
  });
}

async function deliveriesPerCpuSec(crew: Crew, seconds: number, isScraped: boolean, signal: AbortSignal) {
  await crew.sample();
  const before = (await crew.serverCpuSec()) ?? 0;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    if (isScraped) await scrape(crew);
    await pause(Math.min(scrapeEveryMs, Math.max(0, until - performance.now())), signal);
  }
  const { deliveries } = await crew.sample();
  return deliveries / (((await crew.serverCpuSec()) ?? 0) - before); // an own server's is always known
}

async function largeScrape(stage: Stage): Promise<RunReport> {
  const connections = stage.wish.connections ?? many;
  const topics = stage.wish.topics ?? many;
  const source = feed({}, { topics, rate: 0.1 });
  return withCrew(stage, { connections, source, patterns: ['bench.t1'] }, async (crew) => {
    stage.progress({ label: 'large scrape', phase: 'measuring', done: 0, connections });
    await crew.publish();
    await pause(12_000, stage.signal); // until each topic has spoken
    const times: number[] = [];
    let page = '';
    for (let i = 0; i < scrapes; i++) {
      page = await scrape(crew);
      times.push(seriesIn(page, 'tickwire_scrape_seconds') * 1000);
      await pause(200, stage.signal);
    }
    const { min, median, max } = spread(times.slice(1)); // the first tells of no scrape before it
    const figures: Figure[] = [
      lower('loop time of a scrape', median, 'ms'),
      lower('least', min, 'ms'),
      lower('most', max, 'ms'),
      lower('size of the page', page.length, 'bytes'),
      { name: 'connections in it', value: seriesIn(page, 'tickwire_connections{encoding="msgpack"}'), unit: '' },
      { name: 'topics in it', value: seriesIn(page, 'tickwire_topics{kind="latest"}'), unit: '' },
    ];
    return {
      label: `${connections} connections, ${topics} topics`,
      figures,
      doubts: unopenedDoubts(connections, crew.opened),
    };
  });
}

async function scrape(crew: Crew): Promise<string> {
  const url = crew.url.replace(/^ws/, 'http').replace(/\/[^/]*$/, '/metrics');
  return (await fetch(url)).text();
}

function seriesIn(page: string, series: string): number {
  const line = page.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? Number.NaN);
}
