/** Frames for one receiver or one stream: encoded, joined, sent. */

import type { Encoding, ServerCodec, ServerFrame } from '../protocol/index.ts';
import { OutboundBatch, type SendMessage } from './outbound-batch.ts';

export class FrameWriter {
  /** Of all frames so far. */
  bytes = 0;
  frames = 0;
  readonly #codec: ServerCodec;
  readonly #batch: OutboundBatch;

  constructor(codec: ServerCodec, send: SendMessage) {
    this.#codec = codec;
    this.#batch = new OutboundBatch(codec.encoding, send);
  }

  get encoding(): Encoding {
    return this.#codec.encoding;
  }

  get isEmpty(): boolean {
    return this.#batch.isEmpty;
  }

  write(frame: ServerFrame): void {
    const bytes = this.#codec.encode(frame);
    this.bytes += bytes.length;
    this.frames++;
    this.#batch.add(bytes);
  }

  flush(): void {
    this.#batch.flush();
  }
}
