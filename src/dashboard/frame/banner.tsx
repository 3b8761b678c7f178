/** What is wrong, in words that help, and what the reader can do about it; nothing while all is well. */

import { useState } from 'preact/hooks';
import type { Trouble } from '../link/trouble.ts';
import { useApp } from './app.ts';
import { keepToken } from './token.ts';

export function Banner() {
  const { link } = useApp();
  const trouble = link.trouble.value;
  return (
    <div role="alert" class="banners">
      {trouble !== undefined && <TroubleBanner trouble={trouble} />}
    </div>
  );
}

function TroubleBanner({ trouble }: { readonly trouble: Trouble }) {
  const { link } = useApp();
  switch (trouble.name) {
    case 'unreachable':
      return (
        <p class="banner" data-trouble="unreachable">
          <b>{trouble.hasBeenOpen ? 'The connection is lost.' : 'The server does not answer.'}</b> What is shown is from
          before. The page tries again by itself.
          <button type="button" onClick={() => link.restart()}>
            Try now
          </button>
        </p>
      );
    case 'draining':
      return (
        <p class="banner" data-trouble="draining">
          <b>This server is about to stop.</b> The page moves to the next one by itself.
        </p>
      );
    case 'unauthorized':
      return <TokenForm reason={trouble.reason} />;
    case 'ended':
      return (
        <p class="banner" data-trouble="ended">
          <b>The server ended the connection:</b> <bdi>{trouble.reason || 'no reason'}</bdi> ({trouble.code}).
          <button type="button" onClick={() => link.restart()}>
            Connect again
          </button>
        </p>
      );
    default:
      return unreachable(trouble);
  }
}

function TokenForm({ reason }: { readonly reason: string }) {
  const { link } = useApp();
  const [token, setToken] = useState('');
  return (
    <form
      class="banner"
      data-trouble="unauthorized"
      onSubmit={(event) => {
        event.preventDefault();
        keepToken(token);
        link.restart({ ...link.wish.peek(), token });
      }}
    >
      <label>
        <b>This server wants a token</b> (<bdi>{reason}</bdi>){' '}
        <input
          type="password"
          autocomplete="off"
          required
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit">Connect</button>
    </form>
  );
}

function unreachable(value: never): never {
  throw new TypeError(`unhandled trouble ${JSON.stringify(value)}`);
}
