/** Totals since the interface came up. */
export type NetCounters = {
  rxBytes: number;
  rxPackets: number;
  rxErrors: number;
  rxDrops: number;
  txBytes: number;
  txPackets: number;
  txErrors: number;
  txDrops: number;
};

/** Interfaces by name. */
export function parseNetDev(text: string): Map<string, NetCounters> {
  const interfaces = new Map<string, NetCounters>();
  for (const line of text.split('\n')) {
    const found = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line);
    const columns = (found?.[2] ?? '').trim().split(/\s+/).map(Number);
    if (found?.[1] !== undefined && columns.length >= 12) interfaces.set(found[1], netCounters(columns));
  }
  return interfaces;
}

/** Eight columns received, then eight sent: bytes, packets, errors, drops and four more. */
function netCounters(columns: readonly number[]): NetCounters {
  const [rxBytes = 0, rxPackets = 0, rxErrors = 0, rxDrops = 0] = columns;
  const [txBytes = 0, txPackets = 0, txErrors = 0, txDrops = 0] = columns.slice(8);
  return { rxBytes, rxPackets, rxErrors, rxDrops, txBytes, txPackets, txErrors, txDrops };
}
