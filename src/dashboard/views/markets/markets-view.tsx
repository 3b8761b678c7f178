/** Markets: a list of what ticks, and one symbol in depth. */

import { useMemo, useState } from 'preact/hooks';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import { Panel } from '../../widgets/panel.tsx';
import { Halts } from './halts.tsx';
import { Market } from './market.ts';
import { SymbolDetail } from './symbol-detail.tsx';
import { WatchList } from './watch-list.tsx';

export const markets: View = {
  id: 'markets',
  title: 'Markets',
  icon: 'M4 20V10M4 8V5M10 20v-4M10 12V4M16 20v-6M16 10V6M21 20V9M21 6V3',
  search: 'Find a symbol',
  Component: MarketsView,
};

function MarketsView() {
  const app = useApp();
  const { item, params } = app.address.place.value;
  const [venues, setVenues] = useState<readonly string[]>([]);
  useTap('market.*.instruments', ({ topic }) => {
    const [, found = ''] = topic.split('.');
    setVenues((before) => (before.includes(found) ? before : [...before, found]));
  });
  const venue = params.venue ?? venues[0] ?? 'sim';
  return <Venue key={venue} venue={venue} venues={venues} item={item} />;
}

type VenueProps = { readonly venue: string; readonly venues: readonly string[]; readonly item: string | undefined };

function Venue({ venue, venues, item }: VenueProps) {
  const app = useApp();
  const market = useMemo(() => new Market(), []);
  const instruments = useTap(`market.${venue}.instruments`, market.hearInstrument);
  const quotes = useTap(`market.${venue}.*.quote`, market.hear);
  const tickers = useTap(`market.${venue}.*.ticker`, market.hear);
  useTap(`market.${venue}.*.status`, market.hear);
  useTap(`market.${venue}.*.bar.1m`, market.hear, { since: { last: 60 }, maxRate: 0.5 });
  const symbol = item ?? app.settings.pins.value[0] ?? market.symbols.value[0];
  return (
    <div class="markets">
      <Panel
        id="watch-list"
        title="Watch list"
        taps={[quotes, tickers]}
        className="watch"
        tools={
          venues.length > 1 && (
            <select
              aria-label="Venue"
              value={venue}
              onChange={({ currentTarget }) =>
                app.address.go({ item: undefined, params: { venue: currentTarget.value } })
              }
            >
              {venues.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )
        }
      >
        <WatchList market={market} symbol={symbol} tap={quotes} />
      </Panel>
      {symbol === undefined ? (
        <p class="note">{instruments === undefined ? '' : 'No symbol is known yet.'}</p>
      ) : (
        <SymbolDetail key={symbol} market={market} venue={venue} symbol={symbol} />
      )}
      <Panel id="halts" title="Halts" className="halts">
        <Halts market={market} />
      </Panel>
    </div>
  );
}
