/** How much a client that asked for a limit may be sent now: so many bytes a second, and a second's worth at once. */
export class ByteBudget {
  readonly bytesPerSec: number;
  #room: number;
  #at: number;

  /** `now`: monotonic milliseconds. */
  constructor(bytesPerSec: number, now: number) {
    this.bytesPerSec = bytesPerSec;
    this.#room = bytesPerSec;
    this.#at = now;
  }

  /** Bytes that may leave; 0 while more has left than was allowed. */
  room(now: number): number {
    this.#room = Math.min(this.bytesPerSec, this.#room + ((now - this.#at) * this.bytesPerSec) / 1000);
    this.#at = now;
    return Math.max(0, Math.floor(this.#room));
  }

  /** What has left; a message that was longer than the room is paid for by waiting. */
  spend(bytes: number): void {
    this.#room -= bytes;
  }
}
