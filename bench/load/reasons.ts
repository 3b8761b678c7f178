/** Why connections or requests failed, and how often each: `HTTP 503 (2), timeout (1)`; empty when none did. */
export function reasonsText(failed: Readonly<Record<string, number>>): string {
  return Object.entries(failed)
    .map(([reason, count]) => `${reason} (${count})`)
    .join(', ');
}
