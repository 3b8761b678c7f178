/** A page of metrics, read as Prometheus reads it: each series with its value, by name and labels as they are written. */
export type Series = ReadonlyMap<string, number>;

export async function scrape(http: string, headers: Record<string, string> = {}): Promise<Series> {
  return seriesOf(await (await fetch(`${http}/metrics`, { headers })).text());
}

export function seriesOf(text: string): Series {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Names of metrics with their types, as the page announces them. */
export function typesIn(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
}
