/** What a server may be told, and why each default is what it is. */

export type ServerOptions = {
  host: string;
  port: number;
  /** Origins besides the server's own that browsers may connect from; exact, `https://app.example.com`. */
  allowedOrigins: readonly string[];
  maxConnections: number;
  maxFrameBytes: number;
  maxSubscriptions: number;
  maxPublishBytes: number;
  maxErrors: number;
  helloTimeoutMs: number;
  heartbeatMs: number;
  timeoutMs: number;
  evictBytes: number;
  flushIntervalMs: number;
};

export const serverDefaults: ServerOptions = {
  host: '127.0.0.1', // nothing leaves the machine until someone says so
  port: 9000,
  allowedOrigins: [], // cross-site WebSocket hijacking (CWE-1385): a page must be named to be let in
  maxConnections: 50_000, // about 200 MB of idle sessions; beyond it new ones get 503 and are told to come back
  maxFrameBytes: 64 * 1024, // the largest honest client frame is a PUBLISH; decoding 64 KiB stays under a millisecond
  maxSubscriptions: 1024, // patterns of one connection; a dashboard needs tens, and one pattern may cover thousands of topics
  maxPublishBytes: 1024 * 1024, // one HTTP body, single, batch or NDJSON
  maxErrors: 10, // frames that cannot be read before the connection is given up
  helloTimeoutMs: 5_000, // an honest client says HELLO with its first packet
  heartbeatMs: 10_000, // silence after which the server speaks, so that a dead path is noticed
  timeoutMs: 25_000, // silence after which a side may call the other dead: two heartbeats and a slow network
  evictBytes: 1024 * 1024, // unsent bytes of one socket, above which it is closed as a slow consumer
  flushIntervalMs: 0, // 0: what a loop turn collected leaves at its end
};
