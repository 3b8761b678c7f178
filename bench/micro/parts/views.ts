/** What a subscriber's wishes cost: by themselves, and as part of a publication. */

import { patchOf, type ViewRequest } from '../../../src/protocol/index.ts';
import { parseFilter, projectionOf } from '../bus-parts.ts';
import { publisherIn } from '../house.ts';
import type { Operation, Part } from '../operation.ts';
import { quoteSchema, quoteValues } from '../quote.ts';

const topics = 10;
const someFields = ['bid', 'ask'];
const condition = 'bid > 100 and askQty in [100, 200, 300]';

export const views: Part = {
  name: 'views',
  make: () => ({
    operations: [
      { name: 'parse a filter', run: () => parseFilter(condition) },
      filtering(),
      projecting(),
      patching(),
      publishing('a filter that matches', { filter: condition }),
      publishing('a filter that does not', { filter: 'bid < 100' }),
      publishing('2 fields of 5', { fields: someFields }),
      publishing('changes alone', { delta: true }),
      publishing('every hundredth, at a rate', { maxRate: 10 }),
    ],
  }),
};

function filtering(): Operation {
  const test = parseFilter(condition).testOf(quoteSchema);
  return { name: 'judge values by a filter', run: () => test(quoteValues) };
}

function projecting(): Operation {
  const projection = projectionOf(quoteSchema, someFields, (fields) => ({ id: 2, fields }));
  if (projection === undefined) throw new TypeError('the quote has none of the fields');
  return { name: 'take 2 fields of 5', run: () => projection.of(quoteValues) };
}

function patching(): Operation {
  const after = [...quoteValues.slice(0, -1), 123_457];
  return { name: 'find what changed', run: () => patchOf(quoteValues, after) };
}

function publishing(what: string, view: ViewRequest): Operation {
  const streams = [{ encoding: 'msgpack', view }] as const;
  return { name: `publish to one stream: ${what}`, run: publisherIn({ topics, streams }) };
}
