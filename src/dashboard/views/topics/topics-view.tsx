/** Topics: all there are as a tree; one of them in full; and what goes over the wire for any pattern. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import type { View } from '../../frame/view.ts';
import { Panel } from '../../widgets/panel.tsx';
import { Inspector } from './inspector.tsx';
import { TopicBook } from './topic-book.ts';
import { TopicDetail } from './topic-detail.tsx';
import { foundRows, type Node, rowsOf, treeOf } from './topic-tree.ts';
import { TreeList } from './tree-list.tsx';

export const topics: View = {
  id: 'topics',
  title: 'Topics',
  icon: 'M5 4v14h5M5 10h5M12 8h8v4h-8zM12 16h8v4h-8zM3 2h6v3H3z',
  search: 'Find topics, or *.sim.>',
  Component: TopicsView,
};

function TopicsView() {
  const app = useApp();
  const book = useMemo(() => new TopicBook(), []);
  const [size, setSize] = useState(0);
  const chosen = app.address.place.value.item;
  const [opened, setOpen] = useState<ReadonlySet<string> | undefined>(undefined);
  const tap = useTap('>', book.hear, { maxRate: 1 });
  const beat = app.beat.value;
  useEffect(() => {
    book.measure(1);
    setSize(book.size);
  }, [book, beat]);
  // The first ones are shown as soon as they are there, not with the next beat.
  useEffect(() => {
    const timer = setInterval(() => setSize(book.size), firstLooksMs);
    const stop = setTimeout(() => clearInterval(timer), 2000);
    return () => {
      clearInterval(timer);
      clearTimeout(stop);
    };
  }, [book]);
  const tree = useMemo(() => treeOf(book.names()), [book, size]);
  const open = opened ?? openAtFirst(tree, chosen);
  const text = app.search.value.trim();
  const rows = useMemo(() => (text === '' ? rowsOf(tree, open) : foundRows(book.names(), text)), [tree, open, text]);
  return (
    <div class="topics">
      <Panel id="tree" title={`Topics (${tree.count})`} taps={[tap]} className="tree-panel">
        <TreeList
          rows={rows}
          book={book}
          chosen={chosen}
          open={open}
          beat={beat}
          onToggle={(path) => setOpen(withToggled(open, path))}
          onChoose={(path) => app.address.go({ item: path })}
        />
        {rows.length === 0 && <p class="note">{text === '' ? 'Waiting for topics…' : 'No topic matches.'}</p>}
      </Panel>
      <div class="topics-side">
        {chosen === undefined ? (
          <p class="note panel">Choose a topic to see what it holds.</p>
        ) : (
          <TopicDetail key={chosen} topic={chosen} />
        )}
        <Inspector suggestion={chosen ?? 'host.>'} />
      </div>
    </div>
  );
}

const firstLooksMs = 100;

/** The roots, and the way to what is looked at. */
function openAtFirst(tree: Node, chosen = ''): ReadonlySet<string> {
  const segments = chosen.split('.');
  const way = segments.map((_, i) => segments.slice(0, i + 1).join('.'));
  return new Set([...tree.children.keys(), ...way]);
}

function withToggled(open: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(path)) next.add(path);
  return next;
}
