/** What is needed to say what the weather is like. */
export type Conditions = {
  readonly celsius: number;
  readonly humidity: number;
  readonly windMs: number;
  readonly cloud: number;
  readonly rainMmPerHour: number;
};

/** The WMO code of the present weather, as Open-Meteo uses it. */
export function weatherCode(now: Conditions): number {
  if (now.rainMmPerHour > 0) return now.celsius < snowBelowC ? snowCode(now) : rainCode(now);
  if (isFoggy(now)) return now.celsius < 0 ? 48 : 45; // 48: it leaves rime
  if (now.cloud < 0.1) return 0;
  if (now.cloud < 0.35) return 1;
  return now.cloud < 0.75 ? 2 : 3;
}

/** How far one sees, m: fog, then precipitation, then haze. At most 20 km, as stations report it. */
export function visibility(now: Conditions): number {
  const haze = 20_000 * (1 - 0.6 * (now.humidity / 100) ** 8);
  if (isFoggy(now)) return Math.max(100, 1000 - 270 * (now.humidity - 97)); // 97 % → 1 km, 100 % → 200 m
  const thickness = now.celsius < snowBelowC ? 1.2 : 0.12; // snow hides as much as ten times the rain
  return Math.max(100, haze * Math.exp(-thickness * now.rainMmPerHour));
}

/** Below this what falls is snow. */
export const snowBelowC = 1;

function isFoggy({ humidity, windMs, rainMmPerHour }: Conditions): boolean {
  return humidity > 97 && windMs < 2 && rainMmPerHour === 0;
}

function snowCode({ rainMmPerHour }: Conditions): number {
  if (rainMmPerHour < 0.5) return 71;
  return rainMmPerHour < 2 ? 73 : 75;
}

function rainCode({ rainMmPerHour, celsius }: Conditions): number {
  if (rainMmPerHour > 12 && celsius > 18) return 95;
  if (rainMmPerHour < 0.15) return 51;
  if (rainMmPerHour < 0.3) return 53;
  if (rainMmPerHour < 0.5) return 55;
  if (rainMmPerHour < 2.5) return 61;
  return rainMmPerHour < 7.6 ? 63 : 65;
}
