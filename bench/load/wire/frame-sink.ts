/** What a scanner tells of a server's frames, whatever their encoding. Texts are made for rare frames only. */

export type FrameSink = {
  welcomed(): void;
  /** `request`: number of the request that this answers. */
  subscribed(request: number, topics: number): void;
  /** OK or UNSUBSCRIBED. */
  answered(request: number): void;
  /** `request` is undefined where the server could not know it. */
  refused(request: number | undefined, code: number, message: string): void;
  /** What `tid` stands for from now on. */
  named(tid: number, topic: string, epoch: string): void;
  /** The last part of a snapshot. `recovered` is undefined where no position was given. */
  positioned(tid: number, seq: number, recovered: boolean | undefined): void;
  /** DATA, PATCH or REMOVE. `dueMicros` is 0 where the frame tells no time. */
  published(tid: number, seq: number, dueMicros: number): void;
  /** MARK: replaced by newer ones, or held back as was asked. Both ends included. */
  skipped(tid: number, from: number, to: number): void;
  /** GAP: no longer in history. Both ends included. */
  missed(tid: number, from: number, to: number): void;
};

/** Tells a sink of each frame of one whole message. Throws for what is no message of a Tickwire server. */
export type Scanner = { scan(message: Uint8Array, sink: FrameSink): void };
