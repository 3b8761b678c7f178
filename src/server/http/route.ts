import type { ServerParts } from '../parts.ts';
import type { HttpResponse } from '../uws.ts';

/** What a route's handler is given; the request itself is gone once the handler returns. */
export type HttpCall = {
  readonly res: HttpResponse;
  readonly parameter: string;
  readonly query: URLSearchParams;
  readonly header: (name: string) => string;
  readonly parts: ServerParts;
};

export type Route = {
  readonly method: 'get' | 'post';
  /** May end in one `/:name`, handed to the handler as `parameter`, decoded. */
  readonly path: string;
  handle(call: HttpCall): void;
};
