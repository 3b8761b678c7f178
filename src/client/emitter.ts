/** Calls everyone who asked to hear of an event; one who throws disturbs nobody. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, readonly Listener[]>();
  readonly #onFault: (fault: unknown, event: keyof Events) => void;

  constructor(onFault: (fault: unknown, event: keyof Events) => void) {
    this.#onFault = onFault;
  }

  /** Returns its undo; undoing twice is harmless. The same function given twice is called twice. */
  on<Event extends keyof Events>(event: Event, listener: (value: Events[Event]) => void): () => void {
    const entry: Listener = (value) => listener(value as Events[Event]); // emit() only takes this event's value
    this.#listeners.set(event, [...this.#of(event), entry]);
    return () => {
      const others = this.#of(event).filter((other) => other !== entry);
      this.#listeners.set(event, others);
    };
  }

  has(event: keyof Events): boolean {
    return this.#of(event).length > 0;
  }

  emit<Event extends keyof Events>(event: Event, value: Events[Event]): void {
    for (const listener of this.#of(event)) {
      try {
        listener(value);
      } catch (fault) {
        this.#onFault(fault, event);
      }
    }
  }

  #of(event: keyof Events): readonly Listener[] {
    return this.#listeners.get(event) ?? [];
  }
}

type Listener = (value: unknown) => void;
