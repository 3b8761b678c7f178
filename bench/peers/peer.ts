/** What takes part in the comparison, and what each must bring along. */

export const peerNames = ['tickwire', 'bare', 'ws', 'socket.io', 'nats', 'mosquitto', 'nchan'] as const;
export type PeerName = (typeof peerNames)[number];

/** Sends all of them at once: in one loop turn of a library, in one write to a broker. */
export type Publish = (payloads: readonly string[]) => void;

/** How a subscriber comes to the topic; the same for all of them. */
export type Joining = {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isText?: boolean;
  /** Complete messages to send at once. */
  readonly hello: readonly Uint8Array[];
  /** Whether this message says that the subscription holds. Without it, the upgrade says so. */
  isJoined?(message: Buffer): boolean;
};

/** Finds the deliveries in the messages of one subscriber, given in their order. */
export type StampReader = {
  /** How many deliveries began; `stamped` is called with the stamp of each. */
  read(message: Buffer, stamped: (micros: number) => void): number;
};

export type ServeOptions = {
  /** Of Tickwire alone: joins for so long, whatever the load. */
  readonly flushIntervalMs?: number | undefined;
};

type Common = {
  readonly name: PeerName;
  readonly title: string;
  /** One sentence: what it has that a figure of speed does not show. */
  readonly offers: string;
  /** Throws when it can't be known. */
  version(): Promise<string>;
  readonly joining: Joining;
  reader(payloadBytes: number): StampReader;
};

/** Publishes from within the server's own process. */
export type Library = Common & {
  readonly kind: 'library';
  serve(options: ServeOptions): Promise<{ readonly port: number; readonly publish: Publish }>;
};

/** A program by itself; what is published comes to it over a connection. */
export type Broker = Common & {
  readonly kind: 'broker';
  readonly program: Program;
  /** Writes what it needs into `folder`. */
  configure(folder: string, ports: BrokerPorts): Promise<readonly string[]>;
  connect(ports: BrokerPorts): Promise<Publish>;
};

export type BrokerPorts = { readonly subscribers: number; readonly publishers: number };

export type Program = {
  readonly path: string;
  /** Debian packages that bring it and what it loads. */
  readonly packages: readonly string[];
  /** What else must be there. */
  readonly loads?: string;
};

export type Peer = Library | Broker;

/** The topic, whatever a peer calls it. */
export const topicName = 'bench';
