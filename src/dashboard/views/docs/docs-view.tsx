/** Docs: what this server publishes and answers, from its own AsyncAPI and OpenAPI documents. */

import { useEffect, useState } from 'preact/hooks';
import { shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import type { View } from '../../frame/view.ts';
import { Panel } from '../../widgets/panel.tsx';
import { type Channel, channelsOf, type Operation, operationsOf } from './documents.ts';

export const docs: View = {
  id: 'docs',
  title: 'Docs',
  icon: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  search: 'Find in the documents',
  Component: DocsView,
};

type Fetched =
  | { readonly name: 'loading' }
  | { readonly name: 'here'; readonly json: unknown }
  | { readonly name: 'failed'; readonly why: string };

function DocsView() {
  const { search } = useApp();
  const needle = search.value.trim().toLowerCase();
  const asyncapi = useJson('asyncapi.json');
  const openapi = useJson('openapi.json');
  const channels = asyncapi.name === 'here' ? channelsOf(asyncapi.json) : [];
  const operations = openapi.name === 'here' ? operationsOf(openapi.json) : [];
  return (
    <div class="docs">
      <Panel id="channels" title="Topics (AsyncAPI)" tools={<a href="asyncapi.json">asyncapi.json</a>}>
        <Loading of={asyncapi} />
        {channels
          .filter(({ address, description }) => `${address} ${description}`.toLowerCase().includes(needle))
          .map((channel) => (
            <ChannelCard key={channel.id} channel={channel} />
          ))}
      </Panel>
      <Panel id="operations" title="HTTP (OpenAPI)" tools={<a href="openapi.json">openapi.json</a>}>
        <Loading of={openapi} />
        {operations
          .filter(({ path, summary }) => `${path} ${summary}`.toLowerCase().includes(needle))
          .map((operation) => (
            <OperationCard key={`${operation.method} ${operation.path}`} operation={operation} />
          ))}
      </Panel>
    </div>
  );
}

function Loading({ of }: { readonly of: Fetched }) {
  if (of.name === 'loading') return <p class="note">Asking the server…</p>;
  return of.name === 'failed' ? <p class="fault">The server did not answer: {shorten(of.why)}</p> : null;
}

function ChannelCard({ channel: { address, kind, description, fields } }: { readonly channel: Channel }) {
  return (
    <details class="doc">
      <summary>
        <code>{shorten(address, 80)}</code> {kind !== '' && <span class="tag">{kind}</span>}{' '}
        <span>{shorten(description)}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">About</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type, about }) => (
            <tr key={name}>
              <th scope="row">{shorten(name, 40)}</th>
              <td class="wrap">{shorten(type, 80)}</td>
              <td class="wrap">{shorten(about)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function OperationCard({ operation }: { readonly operation: Operation }) {
  const { method, path, summary, description, parameters, answers } = operation;
  return (
    <details class="doc">
      <summary>
        <span class="tag">{method}</span> <code>{shorten(path, 80)}</code> <span>{shorten(summary)}</span>
      </summary>
      {description !== '' && <p>{shorten(description, 600)}</p>}
      {parameters.length > 0 && (
        <ul>
          {parameters.map(({ name, place, about }) => (
            <li key={`${place} ${name}`}>
              <code>{shorten(name, 40)}</code> <span class="faint">in {place}</span> {shorten(about)}
            </li>
          ))}
        </ul>
      )}
      <p class="faint">{answers.map(([code, about]) => `${code} ${about}`).join(' · ')}</p>
    </details>
  );
}

/** Asked for once, beside the page, wherever a proxy put it. */
function useJson(path: string): Fetched {
  const [fetched, setFetched] = useState<Fetched>({ name: 'loading' });
  useEffect(() => {
    let isWanted = true;
    const show = (next: Fetched) => {
      if (isWanted) setFetched(next);
    };
    load(path).then(
      (json) => show({ name: 'here', json }),
      (fault: unknown) => show({ name: 'failed', why: String(fault) }),
    );
    return () => {
      isWanted = false;
    };
  }, [path]);
  return fetched;
}

async function load(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
