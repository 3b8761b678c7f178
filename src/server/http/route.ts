import type { Refusal } from '../admission.ts';
import type { EventStreams } from '../event-streams.ts';
import type { ServerParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import type { Served } from '../served.ts';
import type { TopicFamily } from '../topic-family.ts';
import type { HttpResponse } from '../uws.ts';
import type { Guarding } from './guard.ts';

/** What the HTTP door is handed: the server's parts, and who is connected. */
export type HttpParts = ServerParts & {
  readonly events: EventStreams;
  /** WebSocket sessions and event streams alike. */
  readonly served: () => Iterable<Served>;
  readonly readiness: Readiness;
  /** Why no more are let in now; undefined while they are. */
  readonly refusal: () => Refusal | undefined;
  /** What `/metrics` answers; without it there is no such page. */
  readonly exposition?: Exposition | undefined;
  /** What can be published here. */
  readonly families: () => readonly TopicFamily[];
};

/** Every metric as it is now, in the format that `accept` (a request's header) asks for. */
export type Exposition = (accept: string) => Promise<{ readonly contentType: string; readonly text: string }>;

/** What a route's handler is given; the request itself is gone once the handler returns. */
export type HttpCall = {
  readonly res: HttpResponse;
  /** Of this request, in the log and in the answer (`X-Request-Id`). */
  readonly id: string;
  /** Of the table, not as it was asked for. */
  readonly route: string;
  /** The first of them. */
  readonly parameter: string;
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  readonly header: (name: string) => string;
  readonly parts: HttpParts;
};

/** What a reader of the documents is told of a route, beside what its path and guard say by themselves. */
export type RouteDoc = {
  readonly summary: string;
  readonly description?: string;
  /** What each parameter of the path, and of the query, means. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly types: readonly string[]; readonly description: string };
  /** By status; those of the guard come of themselves. */
  readonly answers: Readonly<Record<number, string>>;
  /** Of a good answer; JSON when absent. */
  readonly contentType?: string;
};

export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'del';
  /** Each `/:name` in it is handed to the handler, decoded. */
  readonly path: string;
  /** For /openapi.json. */
  readonly doc: RouteDoc;
  /** Whom it is for; absent: everybody. */
  readonly guard?: Guarding;
  /** A ProtocolError that it throws before it answers becomes the answer. */
  handle(call: HttpCall): void;
};
