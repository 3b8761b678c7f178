/** Percent of the last ten seconds in which some task, or all of them, waited; null where the kernel has no such line. */
export type Stall = { some: number | null; full: number | null };

/** One file of /proc/pressure. */
export function parsePressure(text: string): Stall {
  return { some: avg10(text, 'some'), full: avg10(text, 'full') };
}

function avg10(text: string, who: 'some' | 'full'): number | null {
  const found = new RegExp(`^${who} avg10=([\\d.]+)`, 'm').exec(text);
  return found === null ? null : Number(found[1]);
}
