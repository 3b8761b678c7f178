import type { Rng } from '../../src/feed/index.ts';
import type { Obs } from './messages.ts';

/** Instruments fail now and then, one group at a time; what they then say is marked by `qc`. */
export class Instruments {
  readonly #rng: Rng;
  #before: Obs | undefined;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** The observation as it leaves the station. */
  spoil(obs: Obs): Obs {
    const chance = this.#rng.float();
    const group = this.#rng.pick(groups);
    if (chance < missingRate) return blank(obs, group);
    if (chance < missingRate + suspectRate && this.#before !== undefined) return stuck(obs, this.#before);
    this.#before = obs;
    return obs;
  }
}

// One report in 500 lacks something and one in 1000 is stuck: about one of either every ten minutes of the network.
const missingRate = 1 / 500;
const suspectRate = 1 / 1000;

const groups: readonly Partial<Obs>[] = [
  { t: null, td: null, rh: null },
  { td: null, rh: null },
  { slp: null, p: null },
  { windDir: null, wind: null, gust: null },
  { vis: null },
  { ghi: null },
];

function blank(obs: Obs, group: Partial<Obs>): Obs {
  return { ...obs, ...group, qc: 'missing' };
}

/** A hung logger repeats the last good thermometer. */
function stuck(obs: Obs, { t, td, rh }: Obs): Obs {
  return { ...obs, t, td, rh, qc: 'suspect' };
}
