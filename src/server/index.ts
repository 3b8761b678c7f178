/** The server: sessions, doors and the loop they share. */

export { openApp } from './app.ts';
export type { BucketCounts } from './bucket-counts.ts';
export { type Census, takeCensus } from './census.ts';
export type { ControlledFeed, Controls } from './controls.ts';
export { ServerCounts } from './counts.ts';
export type { Exposition } from './http/route.ts';
export { type ServerOptions, serverDefaults } from './options.ts';
export { AppOutlet } from './outlet.ts';
export type { ClientPublish, Log, ServerParts } from './parts.ts';
export { type RunningServer, startServer } from './server.ts';
export type { TopicFamily } from './topic-family.ts';
export { loadUws } from './uws.ts';
