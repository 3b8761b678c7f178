/** One topic in full: what it is, its fields with their newest values, and what came last. */

import { useRef, useState } from 'preact/hooks';
import type { Field, Message } from '../../../client/index.ts';
import { clockTime, field, figure, shorten, summary } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { useTap } from '../../frame/use-tap.ts';
import { Panel } from '../../widgets/panel.tsx';

export function TopicDetail({ topic }: { readonly topic: string }) {
  const { settings } = useApp();
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const waiting = useRef<Message[]>([]);
  const schemas = useRef(new Set<number>());
  const tap = useTap(topic, (message) => {
    schemas.current.add(message.schema.id);
    waiting.current.push(message);
    if (waiting.current.length > 1) {
      if (waiting.current.length > shownMessages) waiting.current.shift();
      return;
    }
    setTimeout(() => {
      const fresh = waiting.current.reverse();
      waiting.current = [];
      setMessages((before) => [...fresh, ...before].slice(0, shownMessages));
    }, showAfterMs);
  });
  const [newest] = messages;
  const isSilent = tap !== undefined && newest === undefined && tap.reading.value.quality !== 'recovering';
  return (
    <Panel id="topic" title={<bdi>{shorten(topic, 80)}</bdi>} taps={[tap]}>
      {isSilent && (
        <p class="note">No value yet: a topic of events tells from now on, one that is gone comes back by itself.</p>
      )}
      {newest !== undefined && (
        <>
          <p class="topic-line">
            {newest.kind} · schema #{newest.schema.id}
            {schemas.current.size > 1 && ' (changed since this was opened)'} · epoch <code>{newest.epoch}</code> · seq{' '}
            {figure(newest.seq)}
          </p>
          <Fields message={newest} />
          <h3>Newest first</h3>
          <ol class="messages">
            {messages.map((message) => (
              <li key={`${message.epoch} ${message.seq} ${message.key ?? ''}`}>
                <time>{clockTime(message.ts, settings.zone.value)}</time> <span class="seq faint">{message.seq}</span>{' '}
                {message.key !== undefined && <code>{shorten(message.key, 40)}</code>}{' '}
                <bdi>{message.type === 'value' ? summary(message.data) : '(removed)'}</bdi>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

const shownMessages = 20;
const showAfterMs = 100; // a topic of a thousand a second is read no better a thousand times

function Fields({ message }: { readonly message: Message }) {
  const data = message.type === 'value' ? message.data : undefined;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Unit</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {message.schema.fields.slice(0, 100).map((each) => (
            <tr key={each.name}>
              <th scope="row">
                <bdi>{shorten(each.name, 40) || '(value)'}</bdi>
              </th>
              <td>{typeText(each)}</td>
              <td>{shorten(each.unit ?? '', 16)}</td>
              <td class="wrap">
                <bdi>{valueText(each.name === '' ? data : field(data, each.name))}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function typeText({ type, scale, values }: Field): string {
  if (type === 'decimal') return `decimal, ${scale ?? 0} digits`;
  return values === undefined ? type : shorten(`enum: ${values.join(', ')}`, 60);
}

function valueText(value: unknown): string {
  return typeof value === 'object' && value !== null ? shorten(JSON.stringify(value), 400) : summary(value);
}
