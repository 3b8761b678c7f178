import type { Rng } from '../../../src/feed/index.ts';

export type Position = { readonly lat: number; readonly lon: number };

/** A round trip of straight legs that begins and ends at a depot. */
export class Route {
  readonly #stops: readonly Position[];

  /** Five to nine stops in a ring, 4 to 25 km out. */
  constructor(depot: Position, rng: Rng) {
    const count = 5 + Math.floor(5 * rng.float());
    const ring = Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * (i + rng.float())) / count;
      const km = 4 + 21 * rng.float();
      return offset(depot, km * Math.cos(angle), km * Math.sin(angle));
    });
    this.#stops = [depot, ...ring];
  }

  get legs(): number {
    return this.#stops.length;
  }

  /** Metres of the leg that starts at this stop. */
  lengthOf(leg: number): number {
    const [from, to] = this.#ends(leg);
    const north = (to.lat - from.lat) * metresPerDegree;
    const east = (to.lon - from.lon) * metresPerDegree * Math.cos((from.lat * Math.PI) / 180);
    return Math.hypot(north, east);
  }

  /** Where one is after these metres of the leg; no further than its end. */
  at(leg: number, metres: number): Position {
    const [from, to] = this.#ends(leg);
    const part = Math.min(1, metres / this.lengthOf(leg));
    return { lat: from.lat + (to.lat - from.lat) * part, lon: from.lon + (to.lon - from.lon) * part };
  }

  #ends(leg: number): [Position, Position] {
    const from = this.#stops[leg];
    const to = this.#stops[(leg + 1) % this.#stops.length];
    if (from === undefined || to === undefined) throw new RangeError(`the route has no leg ${leg}`);
    return [from, to];
  }
}

const metresPerDegree = 111_200;

function offset({ lat, lon }: Position, northKm: number, eastKm: number): Position {
  const kmPerDegree = metresPerDegree / 1000;
  return { lat: lat + northKm / kmPerDegree, lon: lon + eastKm / kmPerDegree / Math.cos((lat * Math.PI) / 180) };
}
