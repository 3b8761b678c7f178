/** A reader of server-sent events, by the rules of WHATWG HTML section 9.2.6, that waits for what comes and never for time. */

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

/** `data` parsed, with the id that the reader knows once it has seen the event. */
// biome-ignore lint/suspicious/noExplicitAny: events are what tests are about
export type SeenEvent = { type: string; data: any; lastEventId: string };

export class EventReader {
  readonly response: IncomingMessage;
  /** What it would send as Last-Event-ID if it came back now. */
  lastEventId: string;
  /** Everything that came, and how much of it that id covers. */
  readonly log: SeenEvent[] = [];
  covered = 0;
  readonly comments: string[] = [];
  retryMs: number | undefined;
  readonly #arrived: SeenEvent[] = [];
  #wake: () => void = () => {};
  #isClosed = false;
  #rest = '';
  #type = '';
  #data: string[] = [];
  #hasId = false;

  private constructor(response: IncomingMessage, lastEventId: string) {
    this.response = response;
    this.lastEventId = lastEventId;
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.#read(text));
    response.on('error', () => {}); // ours, when it is cut
    response.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async open(url: string, lastEventId = '', headers: Record<string, string> = {}): Promise<EventReader> {
    const returning = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId };
    const [response] = (await once(get(url, { headers: { ...returning, ...headers } }), 'response')) as [
      IncomingMessage,
    ];
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}`);
    return new EventReader(response, lastEventId);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The very next event, whatever it is. */
  async any(): Promise<SeenEvent> {
    for (;;) {
      const event = this.#arrived.shift();
      if (event !== undefined) return event;
      if (this.#isClosed) throw new Error('the stream was closed');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next event that is asked for; those before it are passed over. */
  async next(type: string, topic?: string): Promise<SeenEvent> {
    for (;;) {
      const event = await this.any();
      if (event.type === type && (topic === undefined || event.data.topic === topic)) return event;
    }
  }

  /** All events up to and including the first for which this holds. */
  async until(isLast: (event: SeenEvent) => boolean): Promise<SeenEvent[]> {
    const seen: SeenEvent[] = [];
    for (;;) {
      const event = await this.any();
      seen.push(event);
      if (isLast(event)) return seen;
    }
  }

  /** What has arrived and nobody has taken. */
  taken(): SeenEvent[] {
    return this.#arrived.splice(0);
  }

  cut(): void {
    this.response.destroy();
  }

  async closed(): Promise<void> {
    if (!this.#isClosed) await once(this.response, 'close');
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#readLine(line);
    this.#wake();
  }

  #readLine(line: string): void {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const at = line.indexOf(':');
    const field = at === -1 ? line : line.slice(0, at);
    const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === '') this.comments.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#sees(value);
    else if (field === 'retry') this.retryMs = Number(value);
    else throw new Error(`no field of an event: ${line}`);
  }

  #sees(id: string): void {
    this.lastEventId = id;
    this.#hasId = true;
  }

  #dispatch(): void {
    if (this.#data.length > 0) {
      const data = JSON.parse(this.#data.join('\n'));
      const event = { type: this.#type, data, lastEventId: this.lastEventId };
      this.#arrived.push(event);
      this.log.push(event);
    }
    if (this.#hasId) this.covered = this.log.length;
    this.#hasId = false;
    this.#type = '';
    this.#data = [];
  }
}
