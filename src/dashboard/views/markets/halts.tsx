/** Which symbols do not trade as usual now, and until when. */

import { clockTime, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import type { Market } from './market.ts';

export function Halts({ market }: { readonly market: Market }) {
  const { settings, address } = useApp();
  market.statusChanges.value;
  const halted = market.halted();
  if (halted.length === 0) return <p class="note">Every symbol trades.</p>;
  return (
    <ul class="halt-list">
      {halted.slice(0, 50).map(({ symbol, status }) => (
        <li key={symbol}>
          <button type="button" class="link" onClick={() => address.go({ item: symbol })}>
            <bdi>{shorten(symbol, 16)}</bdi>
          </button>
          <span class="tag" data-tone="warn">
            {shorten(status.state, 20)}
          </span>
          <span>{status.reason !== undefined && shorten(status.reason, 20)}</span>
          <span class="faint">
            {status.until !== undefined && `until ${clockTime(status.until, settings.zone.value)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
