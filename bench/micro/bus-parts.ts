/** The rooms of the bus that are measured by themselves; its own door shows only the whole. */

export { parseFilter } from '../../src/bus/filter.ts';
export { HistoryStore } from '../../src/bus/history.ts';
export { createBus, OwnedTopic, type Publication, viewOf } from '../../src/bus/index.ts';
export { OutboundBatch } from '../../src/bus/outbound-batch.ts';
export { projectionOf } from '../../src/bus/projection.ts';
export { SegmentTrie } from '../../src/bus/segment-trie.ts';
