/** The wire, as the rooms on both of its ends import it. */

export * from './codec.ts';
export * from './codes.ts';
export * from './frames.ts';
export * from './guard.ts';
export * from './schema.ts';
export * from './text.ts';
export * from './topic.ts';
