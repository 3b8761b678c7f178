/** The order book as a ladder: asks above, bids below, each level as long as it is deep. */

import { useRef } from 'preact/hooks';
import { TextCell } from '../../draw/text-cell.ts';
import { compact, field, fixed, numberIn, textIn } from '../../format.ts';
import { useDrawing } from '../../frame/use-drawing.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Panel } from '../../widgets/panel.tsx';

const levels = 10;

type Level = { readonly isBid: boolean; readonly px: number; readonly qty: number };

export function DepthLadder({ topic }: { readonly topic: string }) {
  const book = useRef(new Map<string, Level>());
  const rungs = useRef<readonly Rung[] | undefined>(undefined);
  const { ref, touch } = useDrawing<HTMLTableSectionElement>((body) => {
    rungs.current ??= [...body.rows].map(rungOf);
    drawLadder([...book.current.values()], rungs.current);
  });
  const tap = useTap(topic, (message) => {
    const key = message.key ?? '';
    const level = message.type === 'value' ? levelOf(message.data) : undefined;
    if (level === undefined) book.current.delete(key);
    else book.current.set(key, level);
    touch();
  });
  return (
    <Panel id="depth" title="Order book" taps={[tap]} className="depth">
      <table class="fixed-rows ladder">
        <thead>
          <tr>
            <th scope="col" class="number">
              Size
            </th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col" class="number">
              Sum
            </th>
          </tr>
        </thead>
        <tbody ref={ref}>
          {Array.from({ length: levels * 2 }, (_, i) => (
            <tr key={i} class={i < levels ? 'ask' : 'bid'}>
              <td class="number">
                <span class="cell" />
              </td>
              <td class="number price">
                <span class="cell" />
              </td>
              <td class="number">
                <span class="depth-bar" />
                <span class="cell" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

type Rung = { readonly cells: readonly TextCell[]; readonly bar: HTMLElement | null };

function rungOf(row: HTMLTableRowElement): Rung {
  const cells = [...row.querySelectorAll<HTMLElement>('.cell')];
  return { cells: cells.map((cell) => new TextCell(cell)), bar: row.querySelector('.depth-bar') };
}

function drawLadder(book: readonly Level[], rungs: readonly Rung[]): void {
  const asks = book
    .filter(({ isBid }) => !isBid)
    .sort((a, b) => a.px - b.px)
    .slice(0, levels);
  const bids = book
    .filter(({ isBid }) => isBid)
    .sort((a, b) => b.px - a.px)
    .slice(0, levels);
  const total = Math.max(sumOf(asks), sumOf(bids), 1);
  // The best ask stands lowest of the asks, right above the best bid.
  drawSide(asks, rungs.slice(0, levels).toReversed(), total);
  drawSide(bids, rungs.slice(levels), total);
}

function drawSide(side: readonly Level[], rungs: readonly Rung[], total: number): void {
  let sum = 0;
  for (const [i, { cells, bar }] of rungs.entries()) {
    const level = side[i];
    sum += level?.qty ?? 0;
    const [size, price, text] = cells;
    size?.show(level === undefined ? '' : compact(level.qty));
    price?.show(level === undefined ? '' : fixed(level.px, 2));
    text?.show(level === undefined ? '' : compact(sum));
    if (bar !== null) bar.style.transform = `scaleX(${level === undefined ? 0 : (sum / total).toFixed(3)})`;
  }
}

function sumOf(side: readonly Level[]): number {
  return side.reduce((sum, { qty }) => sum + qty, 0);
}

function levelOf(data: unknown): Level | undefined {
  const px = numberIn(field(data, 'px'));
  const qty = numberIn(field(data, 'qty'));
  const side = textIn(field(data, 'side'));
  return px === undefined || qty === undefined ? undefined : { isBid: side === 'bid', px, qty };
}
