import { describe, expect, test } from 'vitest';
import { dewPoint, relativeHumidity, saturationPressure } from '../../feeds/physics/humidity.ts';
import { ModelClock } from '../../feeds/physics/model-clock.ts';
import { normalCdf, round } from '../../feeds/physics/numbers.ts';
import { Ou, relax } from '../../feeds/physics/ou.ts';
import { clearSkyIrradiance, cloudTransmittance, dayOfYear, seasonal, sunAt } from '../../feeds/physics/sun.ts';
import { createRng } from '../../src/feed/random.ts';

describe('the sun', () => {
  test('a clear sky gives what Haurwitz says', () => {
    expect(clearSkyIrradiance(1)).toBeCloseTo(1035.1, 1);
    expect(clearSkyIrradiance(0.5)).toBeCloseTo(487.9, 1);
    expect(clearSkyIrradiance(0.1)).toBeCloseTo(60.9, 1);
    expect(clearSkyIrradiance(0)).toBe(0);
    expect(clearSkyIrradiance(-0.3)).toBe(0);
  });

  test('cloud takes a quarter of it to three quarters', () => {
    expect(cloudTransmittance(0)).toBe(1);
    expect(cloudTransmittance(1)).toBeCloseTo(0.25, 12);
  });

  test('stands at 90° − latitude + 23.44° at noon of the June solstice', () => {
    const noon = highest('2024-06-20', 51.48, -0.45);
    expect(degreesUp(noon.cosZenith)).toBeCloseTo(90 - 51.48 + 23.44, 1);
    expect(noon.solarHour).toBeCloseTo(12, 1);
  });

  test.each([
    ['2024-06-20', 47.45, 15.87],
    ['2024-12-21', 47.45, 8.3],
    ['2024-03-20', 1.35, 12.0],
  ])('is up as long as geometry says on %s at %f° north', (day, lat, hours) => {
    expect(Math.abs(daylight(day, lat, -122.31) - hours)).toBeLessThan(0.25);
  });

  test('stays down in the polar winter and up in the polar summer', () => {
    expect(daylight('2024-12-21', 69, 20)).toBe(0);
    expect(daylight('2024-06-20', 69, 20)).toBe(24);
  });

  test('counts the days of any year to within one', () => {
    for (const [day, expected] of [
      ['1999-07-22', 203],
      ['2026-01-01', 1],
      ['2032-12-31', 366],
    ] as const) {
      const difference = Math.abs(dayOfYear(hoursOf(day) + 12) - (expected + 0.5));
      expect(Math.min(difference, 365.2425 - difference)).toBeLessThan(1);
    }
    expect(seasonal(hoursOf('2025-07-22'), 203)).toBeGreaterThan(0.999);
  });
});

describe('humid air', () => {
  test('saturates where Sonntag says', () => {
    expect(saturationPressure(20)).toBeCloseTo(23.326, 3);
    expect(saturationPressure(-10)).toBeCloseTo(2.8703, 4);
  });

  test('has its dew point at 9.255 °C when half full at 20 °C', () => {
    expect(dewPoint(0.5 * saturationPressure(20))).toBeCloseTo(9.255, 3);
    expect(relativeHumidity(20, 9.255)).toBeCloseTo(50, 1);
  });
});

describe('noise', () => {
  test('keeps mean 0, deviation 1 and its memory whatever the step', () => {
    for (const step of [0.1, 1, 7]) {
      const noise = new Ou(5, createRng('ou', String(step)).normal);
      const values = Array.from({ length: 200_000 }, () => noise.advance(step));
      const variance = mean(values.map((x) => x * x));
      expect(variance).toBeGreaterThan(0.9);
      expect(variance).toBeLessThan(1.1);
      expect(mean(values.slice(1).map((x, i) => x * values[i]!)) / variance).toBeCloseTo(Math.exp(-step / 5), 1);
    }
  });

  test('two short relaxations are one long one', () => {
    expect(relax(relax(3, 10, 2, 7), 10, 5, 7)).toBeCloseTo(relax(3, 10, 7, 7), 12);
  });

  test('the normal distribution function is right in the middle and in the tails', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 7);
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021, 6);
    expect(normalCdf(-3)).toBeCloseTo(0.0013499, 6);
  });

  test('rounding leaves no negative zero', () => {
    expect(Object.is(round(-0.01, 1), 0)).toBe(true);
  });
});

describe('the model clock', () => {
  test('runs faster than the feed and says when its seconds were', () => {
    const start = Date.UTC(2026, 0, 1) * 1000 + 250_000;
    const clock = new ModelClock(start, 60);
    expect(clock.secondAt(start + 1e6)).toBe(clock.startSec + 60);
    expect(clock.microsOf(clock.startSec)).toBe(start);
    expect(clock.microsOf(clock.startSec + 120)).toBe(start + Math.round((120e6 - 250_000) / 60));
  });
});

function hoursOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 3.6e6;
}

function everyMinute(day: string, lat: number, lon: number) {
  return Array.from({ length: 1440 }, (_, minute) => sunAt(hoursOf(day) + minute / 60, lat, lon));
}

function highest(day: string, lat: number, lon: number) {
  return everyMinute(day, lat, lon).reduce((best, sun) => (sun.cosZenith > best.cosZenith ? sun : best));
}

function daylight(day: string, lat: number, lon: number): number {
  return everyMinute(day, lat, lon).filter(({ cosZenith }) => cosZenith > 0).length / 60;
}

function degreesUp(cosZenith: number): number {
  return 90 - (Math.acos(cosZenith) * 180) / Math.PI;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
