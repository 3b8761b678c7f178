import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from 'tickwire/client';
import { useTopic } from './use-topic.ts';

type Quote = { readonly bid: number; readonly ask: number };

const server = new URLSearchParams(location.search).get('server') ?? 'http://127.0.0.1:9000';
const client = connect(server); // one for the whole program: every subscription shares its connection

function QuoteLine({ symbol }: { readonly symbol: string }) {
  const { data, quality } = useTopic<Quote>(client, `market.sim.${symbol}.quote`, 4);
  return (
    <li style={{ opacity: quality === 'live' ? 1 : 0.5 }}>
      <b>{symbol}</b> {data?.bid.toFixed(2) ?? '–'} / {data?.ask.toFixed(2) ?? '–'} <i>{quality}</i>
    </li>
  );
}

function App() {
  const [symbols, setSymbols] = useState(['AAPL', 'MSFT', 'NVDA']);
  return (
    <>
      <ul>
        {symbols.map((symbol) => (
          <QuoteLine key={symbol} symbol={symbol} />
        ))}
      </ul>
      <button type="button" onClick={() => setSymbols(symbols.slice(1))}>
        One less
      </button>
    </>
  );
}

createRoot(document.getElementById('app') as HTMLElement).render(<App />);
