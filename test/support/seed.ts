/**
 * Property tests draw the same cases in each run, so that a red run is the fault of the change that it tests.
 * `TEST_SEED=random npm test` looks for others, and a number there repeats one: a failure tells its own.
 */

import fc from 'fast-check';

const { TEST_SEED: wanted = '1' } = process.env;
if (wanted !== 'random') {
  const seed = Number(wanted);
  if (!Number.isInteger(seed)) throw new Error(`TEST_SEED must be a whole number or random, got ${wanted}`);
  fc.configureGlobal({ seed });
}
