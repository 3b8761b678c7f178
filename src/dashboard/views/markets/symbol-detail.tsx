/** One symbol in depth: price, candles, book, tape. */

import { useRef } from 'preact/hooks';
import { TextCell } from '../../draw/text-cell.ts';
import { clockTime, compact, fixed, shorten, signed } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { useDrawing } from '../../frame/use-drawing.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Panel } from '../../widgets/panel.tsx';
import { Candles } from './candles.tsx';
import { DepthLadder } from './depth-ladder.tsx';
import type { Market } from './market.ts';
import { isTrading, quoteOf, tickerOf } from './messages.ts';
import { TradeTape } from './trade-tape.tsx';

export type SymbolDetailProps = { readonly market: Market; readonly venue: string; readonly symbol: string };

export function SymbolDetail({ market, venue, symbol }: SymbolDetailProps) {
  const { settings } = useApp();
  const prefix = `market.${venue}.${symbol}`;
  const newest = useRef({ quote: quoteOf(undefined), ticker: tickerOf(undefined) });
  const cells = useRef<ReadonlyMap<string, TextCell> | undefined>(undefined);
  const { ref, touch } = useDrawing<HTMLDListElement>((list) => {
    cells.current ??= new Map(
      [...list.querySelectorAll<HTMLElement>('[data-cell]')].map((cell) => [
        cell.dataset.cell ?? '',
        new TextCell(cell),
      ]),
    );
    const { quote, ticker } = newest.current;
    cells.current.get('last')?.show(fixed(ticker.last, 2));
    cells.current.get('change')?.show(`${signed(ticker.changePct, 2)} %`);
    cells.current.get('change')?.tone(ticker.changePct < 0 ? 'down' : 'up');
    cells.current.get('bid')?.show(`${fixed(quote.bid, 2)} × ${compact(quote.bidQty)}`);
    cells.current.get('ask')?.show(`${fixed(quote.ask, 2)} × ${compact(quote.askQty)}`);
    cells.current.get('spread')?.show(`${fixed(((quote.ask - quote.bid) / quote.ask) * 1e4, 1)} bp`);
    cells.current.get('volume')?.show(compact(ticker.volume));
  });
  const quotes = useTap(`${prefix}.quote`, (message) => {
    if (message.type !== 'value') return;
    newest.current.quote = quoteOf(message.data);
    touch();
  });
  const tickers = useTap(`${prefix}.ticker`, (message) => {
    if (message.type !== 'value') return;
    newest.current.ticker = tickerOf(message.data);
    touch();
  });
  market.statusChanges.value;
  market.symbols.value;
  const listing = market.listing(symbol);
  const status = listing?.status;
  const isGone = [quotes, tickers].every((tap) => {
    const { quality, topics } = tap?.reading.value ?? { quality: 'recovering', topics: 0 };
    return quality !== 'recovering' && topics === 0;
  });
  return (
    <>
      <Panel
        id="symbol"
        title={
          <>
            <bdi>{shorten(symbol, 24)}</bdi> <small>{shorten(listing?.name ?? '', 60)}</small>
          </>
        }
        taps={[quotes, tickers]}
        className="symbol"
      >
        {status !== undefined && !isTrading(status) && (
          <p class="halted">
            {shorten(status.state, 20)} {shorten(status.reason ?? '', 20)}
            {status.until !== undefined && ` until ${clockTime(status.until, settings.zone.value)}`}
          </p>
        )}
        {isGone && (
          <p class="note">
            Nothing is published on <code>{shorten(prefix, 60)}</code> now. It is shown here as soon as something is.
          </p>
        )}
        <dl class="figures" ref={ref}>
          <div class="big">
            <dt>Last</dt>
            <dd class="cell" data-cell="last" />
          </div>
          <div>
            <dt>Day</dt>
            <dd class="cell" data-cell="change" />
          </div>
          <div>
            <dt>Bid</dt>
            <dd class="cell" data-cell="bid" />
          </div>
          <div>
            <dt>Ask</dt>
            <dd class="cell" data-cell="ask" />
          </div>
          <div>
            <dt>Spread</dt>
            <dd class="cell" data-cell="spread" />
          </div>
          <div>
            <dt>Volume</dt>
            <dd class="cell" data-cell="volume" />
          </div>
        </dl>
      </Panel>
      <Candles symbol={symbol} topic={`${prefix}.bar.1m`} openTopic={`${prefix}.bar.now`} />
      <DepthLadder topic={`${prefix}.book`} />
      <TradeTape topic={`${prefix}.trade`} />
    </>
  );
}
