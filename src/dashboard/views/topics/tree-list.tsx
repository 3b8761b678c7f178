/** A list of any length of which only what is in sight is made. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { age, fixed, shorten, summary } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import type { TopicBook } from './topic-book.ts';
import type { Row } from './topic-tree.ts';

export type TreeListProps = {
  readonly rows: readonly Row[];
  readonly book: TopicBook;
  readonly chosen: string | undefined;
  readonly open: ReadonlySet<string>;
  /** Changes when figures may have. */
  readonly beat: number;
  readonly onToggle: (path: string) => void;
  readonly onChoose: (path: string) => void;
};

const rowHeight = 30; // as the style sheet has it
const spare = 8; // rows beyond both edges, so that scrolling meets no void

export function TreeList({ rows, book, chosen, open, onToggle, onChoose }: TreeListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [active, setActive] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const size = new ResizeObserver(() => setHeight(element.clientHeight));
    size.observe(element);
    return () => size.disconnect();
  }, []);
  const at = Math.min(active, Math.max(0, rows.length - 1));
  const from = Math.max(0, Math.floor(top / rowHeight) - spare);
  const to = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + spare);
  const act = (row: Row) => {
    if (row.isTopic) onChoose(row.path);
    if (row.isFolder) onToggle(row.path);
  };
  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    const element = box.current;
    if (element === null) return;
    if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
    const overshoot = (next + 1) * rowHeight - element.scrollTop - element.clientHeight;
    if (overshoot > 0) element.scrollTop += overshoot;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (row === undefined) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const isOpen = open.has(row.path);
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at - 1),
      PageDown: () => move(at + page),
      PageUp: () => move(at - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => act(row),
      ' ': () => act(row),
      ArrowRight: () => (row.isFolder && !isOpen ? onToggle(row.path) : move(at + 1)),
      ArrowLeft: () => (isOpen ? onToggle(row.path) : move(parentOf(rows, at))),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  return (
    <div
      ref={box}
      class="tree"
      role="tree"
      aria-label="Topics"
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? `topic-row-${at}` : undefined}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div class="tree-space" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(from, to).map((row, i) => (
          <TreeRow
            key={row.path}
            row={row}
            index={from + i}
            total={rows.length}
            book={book}
            isOpen={open.has(row.path)}
            isChosen={row.path === chosen}
            isActive={from + i === at}
            onAct={() => {
              setActive(from + i);
              act(row);
            }}
          />
        ))}
      </div>
    </div>
  );
}

function parentOf(rows: readonly Row[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let i = at - 1; i >= 0; i--) if ((rows[i]?.depth ?? 0) < depth) return i;
  return at;
}

type TreeRowProps = {
  readonly row: Row;
  readonly index: number;
  readonly total: number;
  readonly book: TopicBook;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly isActive: boolean;
  readonly onAct: () => void;
};

function TreeRow({ row, index, total, book, isOpen, isChosen, isActive, onAct }: TreeRowProps) {
  const { link } = useApp();
  const entry = row.isTopic ? book.entry(row.path) : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its rows
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and says which row is active
    <div
      id={`topic-row-${index}`}
      role="treeitem"
      class={`tree-row${isChosen ? ' chosen' : ''}${isActive ? ' active' : ''}`}
      aria-level={row.depth + 1}
      aria-setsize={total}
      aria-posinset={index + 1}
      aria-selected={isChosen}
      aria-expanded={row.isFolder ? isOpen : undefined}
      style={{ top: `${index * rowHeight}px` }}
      onClick={onAct}
    >
      <span class="tree-name" style={{ paddingInlineStart: `${row.depth * 14}px` }}>
        <span class="twist" aria-hidden="true">
          {row.isFolder ? (isOpen ? '▾' : '▸') : ''}
        </span>
        <bdi>{shorten(row.segment, 80)}</bdi>
        {row.isFolder && <small> {row.count}</small>}
      </span>
      {entry !== undefined && (
        <>
          <span class="tree-kind">{entry.kind}</span>
          <span class="tree-schema" title="Number of its schema">
            #{entry.schema.id}
          </span>
          <span class="tree-rate">{fixed(entry.perSec, 1)}/s</span>
          <span class="tree-age">{age(entry.ts, link.now())}</span>
          <span class="tree-value">
            <bdi>
              {entry.key === undefined ? '' : `[${shorten(entry.key, 24)}] `}
              {entry.value === undefined ? '(removed)' : summary(entry.value)}
            </bdi>
          </span>
        </>
      )}
    </div>
  );
}
