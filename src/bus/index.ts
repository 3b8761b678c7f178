/** The bus: the origin that stamps publications and the hub that fans them out. */

export type { Start } from './beginning.ts';
export { type Bus, type BusOptions, createBus, type Outlet } from './bus.ts';
export type { Cell } from './cell.ts';
export { DemandBook } from './demand.ts';
export type { Fates } from './fates.ts';
export { type HistoryLimits, HistoryStore } from './history.ts';
export { type HistoryRule, historyDefaults, historyLimitsFor } from './history-rules.ts';
export { Hub, type HubCounts, type HubParts } from './hub.ts';
export { snapshotRows } from './introduction.ts';
export { addLedger, emptyLedger, imbalance, type Ledger } from './ledger.ts';
export { type CaughtUp, Member, type Sink } from './member.ts';
export { Origin, OwnedTopic, type PublishOutcome, type Refusal, type TopicDeclaration } from './origin.ts';
export type { Backplane, Publication, Topic } from './publication.ts';
export { SchemaRegistry } from './schema-registry.ts';
export type { Stream } from './stream.ts';
export type { TopicState } from './topic-state.ts';
export { isPlain, type View, viewKey, viewOf } from './view.ts';
