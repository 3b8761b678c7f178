/** How a session breathes: busy at the open, quiet at midday, busy again at the close. `u` is its fraction in [0, 1). */

/** Volatility against the day's average, scaled so that the mean of its square over a session is 1. */
export function volatilityShape(u: number): number {
  return rawVolatility(u) / rootMeanSquare;
}

/** Trading activity against the symbol's own rate; about 0.93 on average. */
export function activityShape(u: number): number {
  return 0.78 + 0.9 * Math.exp(-u / 0.06) + 1.9 * Math.exp(-(1 - u) / 0.05);
}

function rawVolatility(u: number): number {
  return 0.72 + 1.35 * Math.exp(-u / 0.055) + 0.35 * Math.exp(-(1 - u) / 0.045);
}

const rootMeanSquare = Math.sqrt(meanOverSession((u) => rawVolatility(u) ** 2));

function meanOverSession(shape: (u: number) => number): number {
  const slices = 20_000; // the midpoint rule is then exact to nine digits
  let sum = 0;
  for (let i = 0; i < slices; i++) sum += shape((i + 0.5) / slices);
  return sum / slices;
}
