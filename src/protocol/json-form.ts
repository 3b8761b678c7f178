/** The readable form of what the server says: names for numbers. */

import type { ServerFrame } from './frames.ts';
import { fromChanges, fromPositions, type Schema } from './schema.ts';

/** What frames without numbers need to know of a topic. `stream`: that of the view it is carried for, 0 for none. */
export type NamedTopic = { readonly name: string; readonly schema: Schema; readonly stream?: number };

/** The topic's name, and the stream's number where there is one, for the topic's id; named fields for positions. */
export function toJson(frame: ServerFrame, topicOf: (tid: number) => NamedTopic): object {
  switch (frame.op) {
    case 'data': {
      const { name, schema, stream } = topicOf(frame.tid);
      const { op, seq, ts, key, values } = frame;
      return { op, topic: name, stream: shown(stream), seq, ts, key, data: fromPositions(schema, values) };
    }
    case 'patch': {
      const { name, schema, stream } = topicOf(frame.tid);
      const { op, seq, ts, base, key, changes } = frame;
      return { op, topic: name, stream: shown(stream), seq, ts, base, key, data: fromChanges(schema, changes) };
    }
    case 'snapshot': {
      const { name, schema, stream } = topicOf(frame.tid);
      const { op, tid, rows, ...rest } = frame;
      const named = rows.map(([values, key]) => ({ key, data: fromPositions(schema, values) }));
      return { op, topic: name, stream: shown(stream), ...rest, rows: named };
    }
    case 'remove':
    case 'mark':
    case 'gap':
    case 'state':
    case 'checksum': {
      const { name, stream } = topicOf(frame.tid);
      const { op, tid, ...rest } = frame;
      return { op, topic: name, stream: shown(stream), ...rest };
    }
    case 'topic': {
      const { op, name, stream, ...rest } = frame;
      return { op, topic: name, stream: shown(stream), ...rest };
    }
    default:
      return frame satisfies { op: string; tid?: never }; // a frame with a tid is to be named above
  }
}

/** JSON text leaves out what is undefined. */
function shown(stream: number | undefined): number | undefined {
  return stream === 0 ? undefined : stream;
}
