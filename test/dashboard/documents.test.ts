import { expect, test } from 'vitest';
import { channelsOf, operationsOf } from '../../src/dashboard/views/docs/documents.ts';

test('channels are read with their fields, through local references', () => {
  const document = {
    channels: {
      quote: {
        address: 'market.sim.{symbol}.quote',
        description: 'Best bid and ask.',
        'x-kind': 'latest',
        messages: { quote: { $ref: '#/components/messages/a~1b' } },
      },
    },
    components: {
      messages: { 'a/b': { payload: { $ref: '#/components/schemas/Quote' } } },
      schemas: {
        Quote: {
          properties: {
            bid: { type: 'number', description: 'The best.', 'x-unit': 'USD' },
            side: { enum: ['buy', 'sell'] },
            gust: { anyOf: [{ type: 'number' }, { type: 'null' }] },
            list: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    },
  };
  expect(channelsOf(document)).toEqual([
    {
      id: 'quote',
      address: 'market.sim.{symbol}.quote',
      kind: 'latest',
      description: 'Best bid and ask.',
      fields: [
        { name: 'bid', type: 'number', about: 'The best. [USD]' },
        { name: 'side', type: '"buy" | "sell"', about: '' },
        { name: 'gust', type: 'number | null', about: '' },
        { name: 'list', type: 'string[]', about: '' },
      ],
    },
  ]);
});

test('operations are read with their parameters and answers', () => {
  const get = {
    summary: 'Topics.',
    parameters: [{ name: 'pattern', in: 'query', description: 'Which.' }],
    responses: { 200: { description: 'A list.' } },
  };
  expect(operationsOf({ paths: { '/topics': { get, summary: 'no operation' } } })).toEqual([
    {
      method: 'GET',
      path: '/topics',
      summary: 'Topics.',
      description: '',
      parameters: [{ name: 'pattern', place: 'query', about: 'Which.' }],
      answers: [['200', 'A list.']],
    },
  ]);
});

test.each([undefined, null, 7, [], {}, { channels: [], paths: 'none' }, { channels: { a: null }, paths: { b: null } }])(
  'nothing is made of what is no document: %j',
  (document) => {
    expect(operationsOf(document)).toEqual([]);
    expect(channelsOf(document).filter(({ address }) => address !== '')).toEqual([]);
  },
);
