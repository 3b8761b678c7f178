/** What goes over the wire for a pattern, byte by byte, on a connection of its own. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { clockTime, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { Panel } from '../../widgets/panel.tsx';
import { framesOf, hexDump, type WireMessage, WireTap } from './wire-tap.ts';

export function Inspector({ suggestion }: { readonly suggestion: string }) {
  const { link, settings } = useApp();
  const [pattern, setPattern] = useState('');
  const [running, setRunning] = useState<string | undefined>(undefined);
  const [messages, setMessages] = useState<readonly WireMessage[]>([]);
  const [chosen, setChosen] = useState<WireMessage | undefined>(undefined);
  const [fault, setFault] = useState('');
  const tap = useRef<WireTap | undefined>(undefined);
  useEffect(() => () => tap.current?.close(), []);
  const start = () => {
    const wanted = pattern.trim() || suggestion;
    setFault('');
    setChosen(undefined);
    try {
      tap.current?.close();
      tap.current = new WireTap(link.url, wanted, link.wish.peek().token, { show: setMessages, fail: setFault });
      setRunning(wanted);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      setRunning(undefined);
    }
  };
  const stop = () => {
    tap.current?.close();
    setRunning(undefined);
  };
  return (
    <Panel id="inspector" title="On the wire">
      <form
        class="inspect-form"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <label>
          Pattern{' '}
          <input
            value={pattern}
            placeholder={suggestion}
            spellcheck={false}
            autocomplete="off"
            onInput={({ currentTarget }) => setPattern(currentTarget.value)}
          />
        </label>
        <button type="submit">{running === undefined ? 'Subscribe' : 'Subscribe anew'}</button>
        {running !== undefined && (
          <button type="button" onClick={stop}>
            Hold
          </button>
        )}
      </form>
      {fault !== '' && <p class="fault">{shorten(fault)}</p>}
      {messages.length > 0 && (
        <ol class="wire">
          {messages.map((message) => (
            <li key={message.id}>
              <button type="button" aria-pressed={message === chosen} onClick={() => setChosen(message)}>
                <time>{clockTime(message.at * 1000, settings.zone.value)}</time>
                <span class="number">{message.size} B</span>
                <span class="ops">{message.ops}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {chosen !== undefined && (
        <>
          <h3>Bytes</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre class="hex" tabIndex={0}>
            {hexDump(chosen.bytes, chosen.size)}
          </pre>
          <h3>Values</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: likewise */}
          <pre class="values" tabIndex={0}>
            {framesOf(chosen)}
          </pre>
        </>
      )}
    </Panel>
  );
}
