/** The bus: the origin that stamps publications and the hub that fans them out. */

export { Hub, type HubCounts, type HubParts } from './hub.ts';
export { Origin, OwnedTopic, type PublishOutcome, type Refusal, type TopicDeclaration } from './origin.ts';
export type { Backplane, Publication, Topic } from './publication.ts';
export { SchemaRegistry } from './schema-registry.ts';
export type { Stream, View } from './stream.ts';
export type { TopicState } from './topic-state.ts';
