/** How far a benchmark is, on stderr: one line that is rewritten on a terminal, elsewhere a line for each phase. */

import type { Progress } from '../../../bench/load/report.ts';
import { showCount, showMs, showNumberOf, showShare } from '../../../bench/report/show.ts';
import type { Output } from '../io.ts';

export type ProgressLine = {
  show(progress: Progress): void;
  /** Leaves nothing on a terminal. */
  clear(): void;
};

const widestChars = 79; // in the 80th a terminal may begin a new line

export function progressLine(stderr: Output): ProgressLine {
  return stderr.isTTY === true ? rewritten(stderr) : phaseByPhase(stderr);
}

function rewritten(stderr: Output): ProgressLine {
  return {
    show: (progress) => void stderr.write(`\r${fitted(describe(progress)).padEnd(widestChars)}`),
    clear: () => void stderr.write(`\r${' '.repeat(widestChars)}\r`),
  };
}

function phaseByPhase(stderr: Output): ProgressLine {
  let before = '';
  return {
    show({ label, phase }) {
      const line = `tickwire: ${label}: ${phase}\n`;
      if (line !== before) stderr.write(line);
      before = line;
    },
    clear: () => {},
  };
}

function describe({ label, phase, done, connections, ...rates }: Progress): string {
  const { deliveriesPerSec, p99Ms, serverCpu, clientCpu } = rates;
  return [
    `${label}: ${phaseOf(phase, done)}`,
    showNumberOf(connections, 'connection'),
    ...(deliveriesPerSec === undefined ? [] : [`${showCount(deliveriesPerSec)}/s`]),
    ...(p99Ms === undefined ? [] : [`p99 ${showMs(p99Ms)}`]),
    ...(serverCpu === undefined ? [] : [`server ${showShare(serverCpu)}`]),
    ...(clientCpu === undefined ? [] : [`load ${showShare(clientCpu)}`]),
  ].join(', ');
}

/** Measuring takes the longest and has the most to say, so the word itself is left out. */
function phaseOf(phase: Progress['phase'], done: number): string {
  if (done === 0) return phase;
  return phase === 'measuring' ? showShare(done) : `${phase} ${showShare(done)}`;
}

function fitted(line: string): string {
  return line.length <= widestChars ? line : `${line.slice(0, widestChars - 1)}…`;
}
