/** The newest trades of one symbol, newest on top. Rows are made once and written anew. */

import { useRef } from 'preact/hooks';
import type { Message } from '../../../client/index.ts';
import { TextCell } from '../../draw/text-cell.ts';
import { clockTime, compact, field, fixed, numberIn, textIn } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { useDrawing } from '../../frame/use-drawing.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Panel } from '../../widgets/panel.tsx';

const rows = 24;

type Trade = { readonly ts: number; readonly px: number; readonly qty: number; readonly side: string | undefined };

export function TradeTape({ topic }: { readonly topic: string }) {
  const { settings } = useApp();
  const trades = useRef<Trade[]>([]);
  const cells = useRef<readonly (readonly TextCell[])[] | undefined>(undefined);
  const { ref, touch } = useDrawing<HTMLTableSectionElement>((body) => {
    cells.current ??= [...body.rows].map((row) =>
      [...row.querySelectorAll<HTMLElement>('.cell')].map((cell) => new TextCell(cell)),
    );
    const zone = settings.zone.peek();
    for (const [i, [time, price, size]] of cells.current.entries()) {
      const trade = trades.current[i];
      const tone = trade?.side === 'buy' ? 'up' : trade?.side === 'sell' ? 'down' : '';
      time?.show(trade === undefined ? '' : clockTime(trade.ts, zone));
      price?.show(trade === undefined ? '' : `${arrows[tone]} ${fixed(trade.px, 2)}`);
      price?.tone(tone);
      size?.show(trade === undefined ? '' : compact(trade.qty));
    }
  });
  const tap = useTap(
    topic,
    (message) => {
      const trade = tradeOf(message);
      if (trade === undefined) return;
      trades.current.unshift(trade);
      if (trades.current.length > rows) trades.current.pop();
      touch();
    },
    { since: { last: rows } },
  );
  return (
    <Panel id="tape" title="Trades" taps={[tap]} className="tape">
      <table class="fixed-rows">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody ref={ref}>
          {Array.from({ length: rows }, (_, i) => (
            <tr key={i}>
              <td>
                <span class="cell" />
              </td>
              <td class="number">
                <span class="cell" />
              </td>
              <td class="number">
                <span class="cell" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

const arrows = { up: '▲', down: '▼', '': '·' };

function tradeOf(message: Message): Trade | undefined {
  if (message.type !== 'value') return undefined;
  const px = numberIn(field(message.data, 'px'));
  if (px === undefined) return undefined;
  const qty = numberIn(field(message.data, 'qty')) ?? Number.NaN;
  return { ts: message.ts, px, qty, side: textIn(field(message.data, 'side')) };
}
