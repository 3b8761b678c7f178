/** Marks on a map that would hide each other, moved apart as little as it takes. */

export type Spot = { readonly x: number; readonly y: number };

/** The same spots in their order, no two nearer than `distance` where there is room; those that stand free stay. */
export function spread(spots: readonly Spot[], distance: number): readonly Spot[] {
  const moved = spots.map(({ x, y }) => ({ x, y }));
  for (let round = 0; round < maxRounds && pushApart(moved, distance); round++);
  return moved;
}

const maxRounds = 200;

/** False when all stood far enough from each other. */
function pushApart(spots: { x: number; y: number }[], distance: number): boolean {
  let hasMoved = false;
  for (const [i, a] of spots.entries()) {
    for (let j = i + 1; j < spots.length; j++) {
      const b = spots[j];
      if (b === undefined) continue;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const apart = Math.hypot(dx, dy);
      if (apart >= distance * (1 - tolerance)) continue;
      hasMoved = true;
      // Two on the very same spot part in a direction of their own, so that three do not stay in a line.
      const angle = apart === 0 ? i + j : Math.atan2(dy, dx);
      const push = (distance - apart) / 2;
      a.x -= push * Math.cos(angle);
      a.y -= push * Math.sin(angle);
      b.x += push * Math.cos(angle);
      b.y += push * Math.sin(angle);
    }
  }
  return hasMoved;
}

const tolerance = 0.02;
