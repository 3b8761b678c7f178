/** Every symbol of a venue in a row that ticks. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { TextCell } from '../../draw/text-cell.ts';
import { compact, fixed, none, shorten, signed } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { moveAlong } from '../../frame/keys.ts';
import { toggled } from '../../frame/settings.ts';
import { useDrawing } from '../../frame/use-drawing.ts';
import type { Tap } from '../../link/tap.ts';
import { drawSpark, sparkHeight, sparkWidth } from '../../widgets/spark.ts';
import type { Listing, Market } from './market.ts';
import { isTrading, midOf } from './messages.ts';

export type WatchListProps = {
  readonly market: Market;
  readonly symbol: string | undefined;
  readonly tap: Tap | undefined;
};

type Order = 'symbol' | 'change' | 'volume';

export function WatchList({ market, symbol, tap }: WatchListProps) {
  const app = useApp();
  const body = useRef<HTMLTableSectionElement>(null);
  const [order, setOrder] = useState<Order>('symbol');
  const pins = app.settings.pins.value;
  const needle = app.search.value.trim().toLowerCase();
  if (order !== 'symbol') app.beat.value; // what changes moves no more than once a second
  const shown = sorted(market, order, pins).filter((each) => isFound(market.listing(each), needle));
  const go = (item: string) => app.address.go({ item });
  const head = (by: Order, title: string, look = 'number') => (
    <th scope="col" class={look} aria-sort={order === by ? (by === 'symbol' ? 'ascending' : 'descending') : undefined}>
      <button type="button" onClick={() => setOrder(by)}>
        {title}
      </button>
    </th>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the links inside, which take the focus
    <div
      class="scroll watch-scroll"
      onKeyDown={(event) => {
        if (body.current !== null) moveAlong(event, body.current);
      }}
    >
      <table class="fixed-rows">
        <colgroup>
          <col class="col-symbol" />
          <col />
          <col />
          <col class="col-change" />
          <col class="col-volume" />
          <col class="col-spark" />
        </colgroup>
        <thead>
          <tr>
            {head('symbol', 'Symbol', '')}
            <th scope="col" class="number">
              Bid
            </th>
            <th scope="col" class="number">
              Ask
            </th>
            {head('change', 'Day %')}
            {head('volume', 'Volume')}
            <th scope="col" class="spark-head">
              1 h
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((each) => (
            <WatchRow
              key={each}
              listing={market.listing(each)}
              tap={tap}
              isChosen={each === symbol}
              isPinned={pins.includes(each)}
              onChoose={go}
            />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p class="note">{needle === '' ? 'Waiting for symbols…' : 'No symbol matches.'}</p>}
    </div>
  );
}

function sorted(market: Market, order: Order, pins: readonly string[]): readonly string[] {
  const rank = (symbol: string) => (pins.includes(symbol) ? 0 : 1);
  const value = (symbol: string) => {
    const { changePct = Number.NaN, volume = Number.NaN } = market.listing(symbol)?.ticker ?? {};
    return (order === 'change' ? changePct : volume) || 0;
  };
  return market.symbols.value.toSorted(
    (a, b) => rank(a) - rank(b) || (order === 'symbol' ? 0 : value(b) - value(a)) || byName.compare(a, b),
  );
}

const byName = new Intl.Collator(undefined, { numeric: true });

function isFound(listing: Listing | undefined, needle: string): boolean {
  if (listing === undefined) return false;
  return needle === '' || `${listing.symbol} ${listing.name}`.toLowerCase().includes(needle);
}

type WatchRowProps = {
  readonly listing: Listing | undefined;
  readonly tap: Tap | undefined;
  readonly isChosen: boolean;
  readonly isPinned: boolean;
  readonly onChoose: (symbol: string) => void;
};

function WatchRow({ listing, isChosen, isPinned, onChoose }: WatchRowProps) {
  const { settings } = useApp();
  const symbol = listing?.symbol ?? '';
  const cells = useRef<RowCells | undefined>(undefined);
  const { ref, touch } = useDrawing<HTMLTableRowElement>((row) => {
    cells.current ??= cellsOf(row);
    if (listing !== undefined) drawRow(listing, cells.current);
  });
  useEffect(() => {
    if (listing === undefined) return undefined;
    listing.touch = touch;
    return () => {
      if (listing.touch === touch) listing.touch = undefined;
    };
  }, [listing, touch]);
  return (
    <tr ref={ref} class={isChosen ? 'chosen' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="pin"
          aria-pressed={isPinned}
          aria-label={`Keep ${shorten(symbol, 40)} on top`}
          onClick={() => {
            settings.pins.value = toggled(settings.pins.peek(), symbol);
          }}
        >
          ★
        </button>
        <button
          type="button"
          class="link"
          data-item={symbol}
          aria-current={isChosen ? 'true' : undefined}
          title={shorten(listing?.name ?? '', 80)}
          onClick={() => onChoose(symbol)}
        >
          <bdi>{shorten(symbol, 16)}</bdi>
        </button>
        <span class="halt-mark" data-cell="halt" />
      </th>
      <td class="number">
        <span class="cell" data-cell="bid" />
      </td>
      <td class="number">
        <span class="cell" data-cell="ask" />
      </td>
      <td class="number">
        <span class="cell" data-cell="change" />
      </td>
      <td class="number">
        <span class="cell" data-cell="volume" />
      </td>
      <td class="spark">
        <svg viewBox={`0 0 ${sparkWidth} ${sparkHeight}`} preserveAspectRatio="none" aria-hidden="true">
          <path />
        </svg>
      </td>
    </tr>
  );
}

type RowCells = {
  readonly bid: TextCell;
  readonly ask: TextCell;
  readonly change: TextCell;
  readonly volume: TextCell;
  readonly halt: TextCell;
  readonly spark: SVGPathElement | null;
  sparkAt: number;
  sparkLength: number;
};

function cellsOf(row: HTMLElement): RowCells {
  const cell = (name: string) => new TextCell(row.querySelector<HTMLElement>(`[data-cell=${name}]`) ?? row);
  return {
    bid: cell('bid'),
    ask: cell('ask'),
    change: cell('change'),
    volume: cell('volume'),
    halt: cell('halt'),
    spark: row.querySelector<SVGPathElement>('.spark path'),
    sparkAt: 0,
    sparkLength: 0,
  };
}

function drawRow(listing: Listing, cells: RowCells): void {
  const { quote, ticker, status, moved } = listing;
  const isBidNew = cells.bid.show(fixed(quote.bid, 2));
  const isAskNew = cells.ask.show(fixed(quote.ask, 2));
  if (moved !== undefined && isBidNew) cells.bid.flash(moved);
  if (moved !== undefined && isAskNew) cells.ask.flash(moved);
  listing.moved = undefined;
  cells.change.show(changeText(ticker.changePct));
  cells.change.tone(ticker.changePct > 0 ? 'up' : ticker.changePct < 0 ? 'down' : '');
  cells.volume.show(compact(ticker.volume));
  cells.halt.show(isTrading(status) ? '' : (status.reason ?? status.state).slice(0, 12));
  const now = performance.now();
  const isNew = cells.sparkLength !== listing.spark.length;
  if (cells.spark === null || (!isNew && now - cells.sparkAt < sparkEveryMs)) return;
  cells.sparkLength = listing.spark.length;
  cells.sparkAt = now;
  const [, prices = new Float64Array()] = listing.spark.columns();
  drawSpark(cells.spark, prices, midOf(quote));
}

const sparkEveryMs = 2000; // an hour in a hundred pixels: more often shows nothing new

/** The sign is a shape, too: colours are not for everyone. */
function changeText(changePct: number): string {
  if (Number.isNaN(changePct)) return none;
  return `${changePct > 0 ? '▲' : changePct < 0 ? '▼' : ' '} ${signed(changePct, 2)}`;
}
