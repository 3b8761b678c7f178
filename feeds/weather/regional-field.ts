import type { Rng } from '../../src/feed/index.ts';
import { Ou } from '../physics/ou.ts';

export type RngSource = (name: string) => Rng;

/** What neighbours have in common at one moment; each is a standard normal. */
export type Regional = { readonly temperature: number; readonly cloud: number; readonly pressure: number };

/**
 * Weather systems larger than a city: noise held at the corners of a grid over the globe and interpolated between
 * them, so that two places 200 km apart share most of it and two continents none. A corner's numbers depend on the
 * seed and on the corner alone, never on who asks. Ask in the order of time: corners keep no past.
 */
export class RegionalField {
  readonly #startHours: number;
  readonly #rng: RngSource;
  readonly #corners = new Map<string, Corner>();

  constructor(startHours: number, rng: RngSource) {
    this.#startHours = startHours;
    this.#rng = rng;
  }

  /** The field as this place sees it. */
  at(lat: number, lon: number): RegionalView {
    return new RegionalView(cornersAround(lat, lon).map(({ key, weight }) => ({ corner: this.#corner(key), weight })));
  }

  #corner(key: string): Corner {
    const known = this.#corners.get(key);
    if (known !== undefined) return known;
    const corner = new Corner(key, this.#startHours, this.#rng);
    this.#corners.set(key, corner);
    return corner;
  }
}

export class RegionalView {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  now(hours: number): Regional {
    let temperature = 0;
    let cloud = 0;
    let pressure = 0;
    for (const { corner, weight } of this.#parts) {
      const share = corner.now(hours);
      temperature += weight * share.temperature;
      cloud += weight * share.cloud;
      pressure += weight * share.pressure;
    }
    return { temperature, cloud, pressure };
  }

  /** One standard normal for each local day, for what is decided once a day. */
  ofDay(day: number): number {
    return this.#parts.reduce((sum, { corner, weight }) => sum + weight * corner.ofDay(day), 0);
  }
}

type Part = { readonly corner: Corner; readonly weight: number };

// Interpolated over 600 km the correlation is about 0.8 at 200 km, 0.7 at 300, 0.4 at 500: near e^(−d/500 km).
const spacingKm = 600;
const kmPerDegree = 111.2;
const rowDegrees = spacingKm / kmPerDegree;
// Half an hour is short against every memory here, so straight lines between the marks do.
const markHours = 0.5;

class Corner {
  readonly #temperature: Ou;
  readonly #cloud: Ou;
  readonly #pressure: Ou;
  readonly #daily: Rng;
  readonly #days = new Map<number, number>();
  #nextDay: number;
  #mark: number;
  #before: Regional;
  #after: Regional;

  constructor(key: string, startHours: number, rng: RngSource) {
    const air = rng(`region/${key}/air`);
    this.#temperature = new Ou(60, air.normal); // hours: warm and cold spells of a few days
    this.#cloud = new Ou(8, air.normal);
    this.#pressure = new Ou(60, air.normal);
    this.#daily = rng(`region/${key}/day`);
    this.#nextDay = Math.floor(startHours / 24) - 2; // local time may be a day behind
    this.#mark = Math.floor(startHours / markHours);
    this.#before = this.#values();
    this.#after = this.#step();
  }

  now(hours: number): Regional {
    const position = hours / markHours;
    while (this.#mark + 1 <= position) {
      this.#before = this.#after;
      this.#after = this.#step();
      this.#mark++;
    }
    return between(this.#before, this.#after, position - this.#mark);
  }

  ofDay(day: number): number {
    while (this.#nextDay <= day) {
      this.#days.set(this.#nextDay, this.#daily.normal());
      this.#days.delete(this.#nextDay - 4);
      this.#nextDay++;
    }
    return this.#days.get(day) ?? 0;
  }

  #step(): Regional {
    for (const noise of [this.#temperature, this.#cloud, this.#pressure]) noise.advance(markHours);
    return this.#values();
  }

  #values(): Regional {
    return { temperature: this.#temperature.value, cloud: this.#cloud.value, pressure: this.#pressure.value };
  }
}

function between(a: Regional, b: Regional, part: number): Regional {
  return {
    temperature: a.temperature + (b.temperature - a.temperature) * part,
    cloud: a.cloud + (b.cloud - a.cloud) * part,
    pressure: a.pressure + (b.pressure - a.pressure) * part,
  };
}

/** The four corners of the cell, weighted so that the sum of independent normals is a standard normal again. */
function cornersAround(lat: number, lon: number): { key: string; weight: number }[] {
  const row = Math.floor((lat + 90) / rowDegrees);
  const rowPart = (lat + 90) / rowDegrees - row;
  const corners = [...cornersOfRow(row, 1 - rowPart, lon), ...cornersOfRow(row + 1, rowPart, lon)];
  const length = Math.hypot(...corners.map(({ weight }) => weight));
  return corners.map(({ key, weight }) => ({ key, weight: weight / length }));
}

function cornersOfRow(row: number, weight: number, lon: number): { key: string; weight: number }[] {
  const rowLat = Math.min(89, row * rowDegrees - 90);
  // Three at least, so that a cell's two corners near a pole are not one and the same.
  const columns = Math.max(3, Math.round((360 * kmPerDegree * Math.cos((rowLat * Math.PI) / 180)) / spacingKm));
  const position = ((lon + 180) / 360) * columns;
  const column = Math.floor(position);
  return [
    { key: `${row}.${column % columns}`, weight: weight * (column + 1 - position) },
    { key: `${row}.${(column + 1) % columns}`, weight: weight * (position - column) },
  ];
}
