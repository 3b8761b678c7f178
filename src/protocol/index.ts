/** The wire, as the rooms on both of its ends import it. */

export * from './checksum.ts';
export * from './codec.ts';
export * from './codes.ts';
export * from './frames.ts';
export * from './guard.ts';
export type { NamedTopic } from './json-form.ts';
export * from './patch.ts';
export * from './schema.ts';
export * from './text.ts';
export * from './topic.ts';
export { changed, readViewRequest, viewLimits } from './view-request.ts';
