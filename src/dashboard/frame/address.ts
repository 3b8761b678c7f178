/** Where the reader is, as the URL says it: `#/markets/AAPL?range=4h`. A link shows another reader the same. */

import { type Signal, signal } from '@preact/signals';

export type Place = {
  readonly view: string;
  /** What of the view is looked at: a symbol, a station, a topic. */
  readonly item: string | undefined;
  readonly params: Readonly<Record<string, string>>;
};

export class Address {
  readonly place: Signal<Place>;
  readonly #defaultView: string;

  constructor(defaultView: string) {
    this.#defaultView = defaultView;
    this.place = signal(readPlace(location.hash, defaultView));
    addEventListener('hashchange', () => {
      this.place.value = readPlace(location.hash, this.#defaultView);
    });
  }

  /** Goes there; of the same view what is not said stays as it is. An empty parameter is left out of the URL. */
  go(change: Partial<Place>): void {
    const before = this.place.peek();
    const isSameView = change.view === undefined || change.view === before.view;
    const place = {
      view: change.view ?? before.view,
      item: 'item' in change ? change.item : isSameView ? before.item : undefined,
      params: isSameView ? { ...before.params, ...change.params } : (change.params ?? {}),
    };
    const hash = placeHash(place);
    // Another view is a step to come back from; another range or symbol is not.
    if (isSameView) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.place.value = readPlace(hash, this.#defaultView);
  }
}

/** Whatever stands there: what can't be read is left out. */
export function readPlace(hash: string, defaultView: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', ...rest] = path.split('/');
  const item = rest.map(decoded).join('/');
  return {
    view: decoded(view) || defaultView,
    item: item === '' ? undefined : item,
    params: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function placeHash({ view, item, params }: Place): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  const path = item === undefined ? view : `${view}/${encodeURIComponent(item)}`;
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
