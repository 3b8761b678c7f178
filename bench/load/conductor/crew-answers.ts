/** The answers of several load processes as one. */

import { sum } from '../../support/statistics.ts';
import { merged } from '../histogram.ts';
import type { ProcessUse } from '../report.ts';
import type { Account, Joined, Opened, Sample } from '../worker/worker-protocol.ts';
import { connectOf, countsOf, ledgerOf } from './load-result.ts';

export function mergedOpened(answers: readonly Opened[]): Opened {
  const { opened, failed, seconds } = connectOf(0, answers);
  return { opened, failed, seconds, times: merged(answers.map(({ times }) => times)).encoded };
}

/** All are done when the slowest is. */
export function mergedJoined(answers: readonly Joined[]): Joined {
  return {
    connections: sum(answers, ({ connections }) => connections),
    failed: countsOf(answers.map(({ failed }) => failed)),
    seconds: Math.max(0, ...answers.map(({ seconds }) => seconds)),
    times: merged(answers.map(({ times }) => times)).encoded,
    recovered: sum(answers, ({ recovered }) => recovered),
    gaps: sum(answers, ({ gaps }) => gaps),
  };
}

/** `use`: memory and CPU time together, shares of the fullest. */
export function mergedSample(answers: readonly Sample[]): Sample {
  return {
    deliveries: sum(answers, ({ deliveries }) => deliveries),
    messages: sum(answers, ({ messages }) => messages),
    bytes: sum(answers, ({ bytes }) => bytes),
    latency: merged(answers.map(({ latency }) => latency)).encoded,
    age: merged(answers.map(({ age }) => age)).encoded,
    use: mergedUse(answers.map(({ use }) => use)),
    open: sum(answers, ({ open }) => open),
    lost: sum(answers, ({ lost }) => lost),
    timerLateMs: Math.max(0, ...answers.map(({ timerLateMs }) => timerLateMs)),
  };
}

export function mergedAccount(answers: readonly Account[]): Account {
  const firstLost = answers.find((answer) => answer.firstLost !== undefined)?.firstLost;
  return {
    sums: ledgerOf(answers),
    deliveriesOf: answers.flatMap(({ deliveriesOf }) => deliveriesOf),
    ...(firstLost !== undefined && { firstLost }),
  };
}

function mergedUse(uses: readonly ProcessUse[]): ProcessUse {
  return {
    cpuSec: sum(uses, ({ cpuSec }) => cpuSec),
    cpuShare: Math.max(0, ...uses.map(({ cpuShare }) => cpuShare)),
    cpuSharePeak: Math.max(0, ...uses.map(({ cpuSharePeak }) => cpuSharePeak)),
    rssBytes: sum(uses, ({ rssBytes }) => rssBytes),
  };
}
