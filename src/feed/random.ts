/** Named, seeded random streams: the same seed and name give the same numbers, whatever else runs. */

import { createHash } from 'node:crypto';

export type Rng = {
  /** 0 … 2³²−1 */
  u32(): number;
  /** Uniform in [0, 1), 53 bits. */
  float(): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential, mean 1. */
  exponential(): number;
  /** Events in one step whose mean is `mean` ≥ 0. */
  poisson(mean: number): number;
  /** Gamma with this shape > 0 and scale > 0. */
  gamma(shape: number, scale: number): number;
  /** One entry of a list that has some. */
  pick<T>(list: readonly T[]): T;
};

/**
 * sfc32 (public domain; passes PractRand, see bryc/code PRNGs.md), seeded with the first 12 bytes of
 * sha256("<seed>/<name>") little-endian, counter 1, first 15 numbers discarded.
 */
export function createRng(seed: string, name: string): Rng {
  const u32 = sfc32(createHash('sha256').update(`${seed}/${name}`).digest());
  const float = () => (u32() * 2 ** 21 + (u32() >>> 11)) / 2 ** 53;
  const normal = polarNormal(float);
  const exponential = () => -Math.log(1 - float());
  const gamma = (shape: number, scale: number) => marsagliaTsang(shape, float, normal) * scale;
  return {
    u32,
    float,
    normal,
    exponential,
    poisson: (mean) => poisson(mean, float, normal),
    gamma,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('pick needs a list with at least one entry');
      return list[Math.floor(float() * list.length)] as (typeof list)[number];
    },
  };
}

function sfc32(hash: Buffer): () => number {
  let a = hash.readInt32LE(0);
  let b = hash.readInt32LE(4);
  let c = hash.readInt32LE(8);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Marsaglia's polar method; the second number of each pair is kept for the next call. */
function polarNormal(float: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * float() - 1;
      const y = 2 * float() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
}

/** Knuth's product below a mean of 30, the rounded normal above. */
function poisson(mean: number, float: () => number, normal: () => number): number {
  if (!(mean > 0)) return 0;
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  const floor = Math.exp(-mean);
  let product = float();
  let count = 0;
  while (product > floor) {
    product *= float();
    count++;
  }
  return count;
}

/** Marsaglia & Tsang 2000, with their boost for shapes below 1. */
function marsagliaTsang(shape: number, float: () => number, normal: () => number): number {
  if (shape < 1) return marsagliaTsang(shape + 1, float, normal) * float() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = float();
    if (u < 1 - 0.0331 * x ** 4 || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}
