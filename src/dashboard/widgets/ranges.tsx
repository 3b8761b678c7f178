/** How far back a chart looks; the choice is part of the address. */

import { useApp } from '../frame/app.ts';

export function Ranges({ of, chosen }: { readonly of: Readonly<Record<string, number>>; readonly chosen: string }) {
  const { address } = useApp();
  return (
    <fieldset class="ranges">
      <legend class="unseen">Range</legend>
      {Object.keys(of).map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={range === chosen}
          onClick={() => address.go({ params: { range } })}
        >
          {range}
        </button>
      ))}
    </fieldset>
  );
}

/** The range that the address says, where there is such a one. */
export function rangeOf<T extends Readonly<Record<string, number>>>(
  ranges: T,
  said: string | undefined,
  usual: keyof T & string,
): keyof T & string {
  return said !== undefined && Object.hasOwn(ranges, said) ? said : usual;
}
