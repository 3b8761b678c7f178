/** What a server may be told, and why each default is what it is. */

export type ServerOptions = {
  host: string;
  port: number;
  /** Origins besides the server's own that browsers may connect from; exact, `https://app.example.com`. */
  allowedOrigins: readonly string[];
  /** In PEM form, the server's own certificate first; with `tlsKeyFile`, or not at all. Its absence: no TLS. */
  tlsCertFile?: string;
  tlsKeyFile?: string;
  /** Opens `/admin` to whoever presents it (RFC 6750); its absence: nobody. */
  adminToken?: string;
  /** Lets another process listen on the same port, for a restart without a pause (SO_REUSEPORT). */
  sharePort: boolean;
  maxConnections: number;
  maxFrameBytes: number;
  maxSubscriptions: number;
  maxViewTopics: number;
  maxPublishBytes: number;
  maxErrors: number;
  helloTimeoutMs: number;
  heartbeatMs: number;
  timeoutMs: number;
  flushIntervalMs: number;
  busyFlushMs: number;
  highWaterBytes: number;
  lowWaterBytes: number;
  evictBytes: number;
  lagMs: number;
  probeEveryMs: number;
  evictAfterMs: number;
  limitedRate: number;
  compressFromBytes: number;
  demandLingerMs: number;
  historyBytes: number;
  drainMs: number;
  drainPerSec: number;
  reportEveryMs: number;
};

export const serverDefaults: ServerOptions = {
  host: '127.0.0.1', // nothing leaves the machine until someone says so
  port: 9000,
  allowedOrigins: [], // cross-site WebSocket hijacking (CWE-1385): a page must be named to be let in
  sharePort: false, // two servers on one port by mistake would each get half of the clients
  maxConnections: 50_000, // about 200 MB of idle sessions; beyond it new ones get 503 and are told to come back
  maxFrameBytes: 64 * 1024, // the largest honest client frame is a PUBLISH; decoding 64 KiB stays under a millisecond
  maxSubscriptions: 1024, // patterns of one connection; a dashboard needs tens, and one pattern may cover thousands of topics
  maxViewTopics: 20_000, // topics that one connection watches through views of its own: each costs memory and work as the hub's own do
  maxPublishBytes: 1024 * 1024, // one HTTP body, single, batch or NDJSON
  maxErrors: 10, // frames that cannot be read before the connection is given up
  helloTimeoutMs: 5_000, // an honest client says HELLO with its first packet
  heartbeatMs: 10_000, // silence after which the server speaks, so that a dead path is noticed
  timeoutMs: 25_000, // silence after which a side may call the other dead: two heartbeats and a slow network
  flushIntervalMs: 0, // 0: what a loop turn collected leaves at its end
  busyFlushMs: 5, // a server that is busy sending rests up to so long between two flushes, and joins more: too short for people to see
  highWaterBytes: 32 * 1024, // unsent bytes of one socket, above which it gets only newest values, as fast as it reads: two full messages
  lowWaterBytes: 8 * 1024, // unsent bytes, below which it is given more: half a message, so that the kernel is never idle for it
  evictBytes: 1024 * 1024, // unsent bytes of one socket, above which it is closed as a slow consumer
  lagMs: 1_000, // a ping that waits so long behind data makes a laggard, though the kernel hides what is unsent
  probeEveryMs: 1_000, // how often such a ping is sent; up to four times less often to who always answers at once
  evictAfterMs: 60_000, // a laggard that reads nothing for so long is closed: it is gone, or will not miss a connection
  limitedRate: 1, // updates per second and topic on the ladder's last step: a value that people still call live
  compressFromBytes: 0, // 0: nothing is compressed, for it is done anew for each connection and costs several times the sending
  demandLingerMs: 5_000, // a feed that nobody listens to goes on for so long: a page that is loaded again finds it running
  historyBytes: 64 * 1024 * 1024, // what all topics together keep of their past, estimated; the largest give way first
  drainMs: 25_000, // after SIGTERM clients are sent away for so long at most: Kubernetes kills after 30 s
  drainPerSec: 120, // so many clients at most are told to move in each second: the server that takes them has work to do, too
  reportEveryMs: 15_000, // how often clients say what latency they see; 0: never. Of many clients only some are asked
};
