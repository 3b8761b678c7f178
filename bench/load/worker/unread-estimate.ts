/** What unread connections got, from their bytes: exact where all connections get the same stream. */

export class UnreadEstimate {
  #deliveries = 0;
  #readBytes = 0;
  #unreadBytes = 0;
  #told = 0;

  /** All three are since the last call, the deliveries of read connections; gives those of unread ones since then. */
  take(deliveries: number, readBytes: number, unreadBytes: number): number {
    this.#deliveries += deliveries;
    this.#readBytes += readBytes;
    this.#unreadBytes += unreadBytes;
    if (this.#readBytes === 0) return 0;
    const sum = Math.round((this.#deliveries * this.#unreadBytes) / this.#readBytes);
    const taken = Math.max(0, sum - this.#told);
    this.#told += taken;
    return taken;
  }
}
