/** One value at one path with who set it. Layers are lists of settings; a later one replaces an earlier one whole. */

export type Setting = {
  /** Dotted: `server.port`, `feeds`. */
  readonly path: string;
  readonly value: unknown;
  readonly source: string;
  /** Adds the value to the list that is there instead of replacing it. */
  readonly adds?: boolean;
};

/** Groups hold settings, everything else is one setting. */
const groups: readonly string[] = ['server', 'log'];

/** The settings in an object of the shape of ConfigInput, unknown keys included: the schema names those. */
export function fileSettings(input: object, source: string): Setting[] {
  return Object.entries(input).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (!groups.includes(key) || !isObject(value)) return [{ path: key, value, source }];
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([inner, leaf]) => ({ path: `${key}.${inner}`, value: leaf, source }));
  });
}

export type MergedSettings = { values: Record<string, unknown>; sources: Map<string, string> };

/** Lists are replaced, never joined, unless a setting `adds`. */
export function mergeSettings(settings: readonly Setting[]): MergedSettings {
  const values: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  for (const setting of settings) {
    const { holder, key } = place(values, setting.path);
    if (setting.adds) addTo(holder, key, setting, sources);
    else {
      holder[key] = setting.value;
      for (const path of sources.keys()) if (path.startsWith(`${setting.path}.`)) sources.delete(path);
      sources.set(setting.path, setting.source);
    }
  }
  return { values, sources };
}

/** The source of the longest path that leads to this one. */
export function sourceOf(path: readonly PropertyKey[], sources: ReadonlyMap<string, string>): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = sources.get(path.slice(0, length).join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function place(values: Record<string, unknown>, path: string): { holder: Record<string, unknown>; key: string } {
  const dot = path.indexOf('.');
  const group = path.slice(0, dot);
  if (dot === -1 || !groups.includes(group)) return { holder: values, key: path };
  values[group] ??= {};
  const found = values[group];
  // A group that is no object stays for the schema to name; what was meant for it goes nowhere.
  return { holder: isObject(found) ? found : {}, key: path.slice(dot + 1) };
}

function addTo(holder: Record<string, unknown>, key: string, setting: Setting, sources: Map<string, string>): void {
  const before = holder[key];
  const list = Array.isArray(before) ? before : [];
  holder[key] = [...list, setting.value];
  sources.set(`${setting.path}.${list.length}`, setting.source);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
