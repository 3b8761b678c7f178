import { describe, expect, test } from 'vitest';
import { Battery } from '../../feeds/iot/battery.ts';
import { Device, type DeviceParts } from '../../feeds/iot/device.ts';
import type { DeviceEvent, Measurement, State } from '../../feeds/iot/messages.ts';
import { places } from '../../feeds/iot/places.ts';
import type { Profile } from '../../feeds/iot/profile.ts';
import { airQuality } from '../../feeds/iot/profiles/air-quality.ts';
import { pump } from '../../feeds/iot/profiles/pump.ts';
import { tank } from '../../feeds/iot/profiles/tank.ts';
import { Radio } from '../../feeds/iot/radio.ts';
import type { Air } from '../../feeds/weather/atmosphere.ts';
import { createRng } from '../../src/feed/random.ts';

const startSec = Date.UTC(2026, 2, 20) / 1000;
const day = 86_400;

describe('a device with a good radio', () => {
  const { states, measured, events } = live(pump, { days: 40, intervalSec: 30, radio: clearRadio });

  test('is born, then alive, with a heartbeat a minute', () => {
    expect(states.slice(0, 3).map(({ state }) => state.status)).toEqual(['birth', 'alive', 'alive']);
    expect(states[2]!.sec - states[1]!.sec).toBe(60);
    expect(states[0]!.state).toMatchObject({ online: true, bdSeq: 0, seq: 0, battery: null, heartbeatS: 60 });
    expect(states[0]!.state.metrics.map(({ name }) => name)).toEqual(pump.metrics.map(({ name }) => name));
  });

  test('counts its samples without a gap, and all metrics share the count', () => {
    for (const { name } of pump.metrics) {
      const numbers = measured.filter(({ metric }) => metric === name).map(({ measurement }) => measurement.n);
      expect(numbers[0]).toBe(1);
      expect(numbers.findIndex((n, i) => n !== i + 1)).toBe(-1);
    }
  });

  test('never calls a sample anything but good', () => {
    expect(measured.every(({ measurement }) => measurement.q === 0 && measurement.why === undefined)).toBe(true);
  });

  test('restarts about once a week, each time as a new birth', () => {
    const restarts = events.filter(({ kind }) => kind === 'reboot' || kind === 'firmware-update').length;
    expect(restarts).toBeGreaterThan(1);
    expect(restarts).toBeLessThan(20);
    expect(states.filter(({ state }) => state.status === 'birth')).toHaveLength(restarts + 1);
  });
});

describe('every life of a device', () => {
  const lives: [string, Life][] = [
    ['a strong radio', live(pump, { days: 30, intervalSec: 30, radio: clearRadio })],
    ['a hopeless radio', live(pump, { days: 2, intervalSec: 5, radio: (rng) => new Radio(rng, -97) })],
    ['a dying battery', live(tank, { days: 60, intervalSec: 60, battery: dyingCell, air: frost })],
    ['a panel in a dark winter', live(airQuality, { days: 60, intervalSec: 60, air: winter })],
  ];

  test.each(lives)('follows the rules with %s', (_, { states }) => {
    expect(states[0]!.state.status).toBe('birth');
    const breaches = states.slice(1).filter(({ state }, i) => !mayFollow(states[i]!.state, state));
    expect(breaches).toEqual([]);
    expect(states.every(({ state }) => state.online === (state.status !== 'dead'))).toBe(true);
  });

  test.each(lives)('counts on with %s', (_, { measured }) => {
    const first = measured[0]!.metric;
    const good = measured.filter(({ metric, measurement }) => metric === first && measurement.q === 0);
    expect(good.slice(1).every(({ measurement }, i) => measurement.n > good[i]!.measurement.n)).toBe(true);
  });
});

describe('a weak radio', () => {
  const { states, measured } = live(pump, { days: 2, intervalSec: 5, radio: (rng) => new Radio(rng, -97) });

  test('loses whole samples, which shows as gaps in the count', () => {
    const numbers = measured
      .filter(({ metric, measurement }) => metric === 'vibration' && measurement.q === 0)
      .map(({ measurement }) => measurement.n);
    const lost = 1 - numbers.length / numbers.at(-1)!;
    expect(lost).toBeGreaterThan(0.2);
    const running = measured.filter(({ metric, measurement }) => metric === 'running' && measurement.q === 0);
    expect(running.map(({ measurement }) => measurement.n)).toEqual(numbers);
  });

  test('makes the device count as dead after three silent heartbeats, within one more, and its values stale', () => {
    const deaths = states.filter(({ state }) => state.status === 'dead');
    expect(deaths.length).toBeGreaterThan(0);
    for (const { sec, state } of deaths) {
      const silence = sec - state.lastSeen / 1e6;
      expect(silence).toBeGreaterThan(3 * state.heartbeatS);
      expect(silence).toBeLessThanOrEqual(4 * state.heartbeatS);
      const stale = measured.filter((other) => other.sec === sec && other.measurement.q === 3);
      expect(stale.map(({ metric }) => metric)).toEqual(pump.metrics.map(({ name }) => name));
    }
  });
});

describe('a battery', () => {
  test('warns once at 20 %', () => {
    const battery = () => new Battery('cell', createRng('device', 'cell'), 20.1);
    const { events } = live(pump, { days: 3, intervalSec: 60, battery });
    expect(events.filter(({ kind }) => kind === 'battery-low')).toEqual([
      { kind: 'battery-low', level: 'warning', text: 'battery at 20 %', value: 20 },
    ]);
  });

  test('sleeps at 5 %, dies in silence, is replaced', () => {
    const { states, events } = live(tank, { days: 60, intervalSec: 60, battery: dyingCell, air: frost });
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['battery-low', 'battery-replaced']));
    const order = states.map(({ state }) => state.status).filter((status, i, all) => status !== all[i - 1]);
    expect(order.join(' ')).toMatch(/alive sleeping dead birth alive/);
    const asleep = states.find(({ state }) => state.status === 'sleeping')!;
    expect(asleep.state.battery).toBeLessThanOrEqual(5);
    expect(asleep.state.heartbeatS).toBe(600);
  });

  test('takes no samples while asleep', () => {
    const { states, measured } = live(tank, { days: 60, intervalSec: 60, battery: dyingCell, air: frost });
    const from = states.find(({ state }) => state.status === 'sleeping')!.sec;
    const until = states.find(({ state, sec }) => sec > from && state.status === 'dead')!.sec;
    expect(measured.filter(({ sec }) => sec > from && sec < until)).toEqual([]);
  });

  test('drains twice as fast in the cold, and a panel fills it', () => {
    const drained = (celsius: number) => {
      const battery = new Battery('cell', createRng('b', 'b'), 80);
      battery.advance(1000 * 3600, celsius, 0);
      return 80 - battery.percent;
    };
    expect(drained(-5)).toBeCloseTo(2 * drained(5), 9);
    const solar = new Battery('solar', createRng('b', 'b'), 50);
    solar.advance(3600, 20, 500);
    expect(solar.percent).toBeGreaterThan(50);
  });

  test('a panel wakes what fell asleep', () => {
    const { states } = live(airQuality, { days: 60, intervalSec: 60, air: winter });
    const order = states.map(({ state }) => state.status).filter((status, i, all) => status !== all[i - 1]);
    expect(order.join(' ')).toMatch(/sleeping (alive|dead birth alive)/);
  });
});

test('while the server is away devices live on, and a silence of the server is not held against them', () => {
  const life = blankLife();
  const radio = (rng: ReturnType<typeof createRng>) => new Radio(rng, -200);
  const device = new Device(partsOf(life, pump, { intervalSec: 5, radio }));
  device.begin();
  device.settle(startSec + 5 * 3600, mild());
  device.advance(startSec + 5 * 3600 + 5, mild());
  expect(life.states.map(({ state }) => state.status)).toEqual(['birth']);
});

type Life = {
  readonly states: { sec: number; state: State }[];
  readonly measured: { sec: number; metric: string; measurement: Measurement }[];
  readonly events: DeviceEvent[];
};

type LifeOptions = {
  readonly intervalSec: number;
  readonly radio?: (rng: ReturnType<typeof createRng>) => Radio;
  readonly battery?: () => Battery;
};

function live(profile: Profile, options: LifeOptions & { days: number; air?: (sec: number) => Air }): Life {
  const life = blankLife();
  const device = new Device(partsOf(life, profile, options));
  const air = options.air ?? mild;
  device.begin();
  for (let sec = startSec + options.intervalSec; sec <= startSec + options.days * day; sec += options.intervalSec) {
    device.advance(sec, air(sec));
  }
  return life;
}

function partsOf(life: Life, profile: Profile, { intervalSec, radio, battery }: LifeOptions): DeviceParts {
  const rng = (purpose: string) => createRng('device', purpose);
  return {
    identity: { place: places[0]!, name: 'one', profile },
    intervalSec,
    startSec,
    rng,
    outlet: {
      micros: (sec) => sec * 1e6,
      state: (sec, state) => void life.states.push({ sec, state }),
      measurement: (sec, metric, measurement) => void life.measured.push({ sec, metric, measurement }),
      event: (_, event) => void life.events.push(event),
    },
    ...(radio !== undefined && { radio: radio(rng('radio')) }),
    ...(battery !== undefined && { battery: battery() }),
  };
}

function blankLife(): Life {
  return { states: [], measured: [], events: [] };
}

function mayFollow(before: State, after: State): boolean {
  if (after.status === 'birth') return after.bdSeq === before.bdSeq + 1 && after.seq === 0;
  return after.bdSeq === before.bdSeq && before.status !== 'dead';
}

function clearRadio(rng: ReturnType<typeof createRng>): Radio {
  return new Radio(rng, 0);
}

/** A day of frost from sleep, a month from death. */
function dyingCell(): Battery {
  return new Battery('cell', createRng('device', 'cell'), 5.2);
}

function frost(): Air {
  return { ...mild(), celsius: -4 };
}

function mild(): Air {
  return {
    sun: { cosZenith: 0.5, solarHour: 10 },
    ...{ cloud: 0.3, irradiance: 300, celsius: 12, vapour: 9, seaLevelHpa: 1015, stationHpa: 1010 },
    ...{ windMs: 3, windFromDeg: 200, rainMmPerHour: 0 },
  };
}

/** Three weeks of dusk, then the sun is back. */
function winter(sec: number): Air {
  return { ...mild(), celsius: -4, irradiance: sec < startSec + 21 * day ? 10 : 200 };
}
