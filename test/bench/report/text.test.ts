import { expect, test } from 'vitest';
import { reportText } from '../../../bench/report/text.ts';
import { reportOf, runOf } from './fixture.ts';

test('one run is told in 80 columns, without percentiles that have too few samples', () => {
  const text = reportText(reportOf(runOf()));
  expect(text).toBe(oneRun);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

const oneRun = `Tickwire 1.2.3 with Node 20.20.0 on Chip 9 (2 cores, 8.00 GiB), Linux 6.1.

20 connections in 1 process read bench.> as msgpack; 10 topics at 100/s each,
128 bytes a publication; 5 % of them stop reading; for 5 s after 1 s of warm-up.

connected       20 of 20 within 0.25 s
published       5,000 (1,000/s)
delivered       100,000 (20,000/s)
messages        90,000 (18,000/s, 2.86 MiB/s)
per CPU-second  80,000 deliveries, of the server
fairness        4,990 to 5,000 deliveries a connection, median 5,000

                   p50      p90      p99    p99.9      max  samples
latency        0.51 ms  0.90 ms  2.04 ms        –  12.5 ms    5,000
age of newest  5.50 ms  9.10 ms  11.2 ms  14.3 ms  31.0 ms  100,000
to connect     3.50 ms        –        –        –  7.00 ms       20

              delivered  conflated  missed  lost  duplicates
publications     99,990         10       0     0           0

             CPU time  of a core  fullest second    memory
server         1.25 s       25 %            31 %  80.0 MiB
load (full)    4.75 s       95 %           100 %  60.0 MiB

The core of a load process was full.

p99 latency of each second, ms
     8.00┼                       ╭─────
     7.00┤                       │
     6.00┤                       │
     5.00┤                       │
     4.00┤                       │
     3.00┤                 ╭─────╯
     2.00┼─────────────────╯
     1.00┤
     0.00┤
           1 s                        5 s
`;

test('doubts come last, each with its sentence', () => {
  const doubts = [{ kind: 'too short', message: 'p99 would need more' } as const];
  const text = reportText(reportOf(runOf({}, { doubts })));
  expect(text.endsWith('\nDO NOT TRUST THESE NUMBERS:\n- too short: p99 would need more.\n')).toBe(true);
});

test('several runs stand side by side, the doubtful ones marked, with the figures of their scenario', () => {
  const figures = [{ name: 'all back after', value: 1234.5, unit: 'ms' }];
  const doubts = [{ kind: 'generator busy', message: 'it was' } as const];
  const { server: _, ...blind } = runOf().load ?? {};
  const runs = [
    runOf({}, { label: 'few', figures }),
    { ...runOf({}, { label: 'many', doubts }), load: blind as NonNullable<ReturnType<typeof runOf>['load']> },
  ];
  expect(
    reportText(reportOf(...runs))
      .split('\n')
      .slice(2, 7),
  ).toEqual([
    'run           p50      p99  deliveries  server  load    memory  lost',
    'few       0.51 ms  2.04 ms    20,000/s    25 %  95 %  80.0 MiB     0',
    'many (?)  0.51 ms  2.04 ms    20,000/s       –  95 %         –     0',
    '',
    'few  all back after  1,235 ms',
  ]);
});

test('a run of figures alone is told, too', () => {
  const figures = [{ name: 'memory for each', value: 2662, unit: 'bytes' }];
  const text = reportText(reportOf({ label: 'idle', figures, doubts: [] }));
  expect(text).toContain('idle.\n\nmemory for each  2.60 KiB\n');
});
