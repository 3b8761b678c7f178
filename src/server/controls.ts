/** What an admin may do to the parts of the house that the server knows nothing of. */

/** As GET /admin/feeds shows it. */
export type ControlledFeed = {
  readonly name: string;
  readonly status: string;
  readonly text?: string;
  readonly activity: string;
  readonly ticks: number;
  readonly published: number;
  readonly rejected: number;
  readonly errors: number;
  readonly restarts: number;
  readonly lastError?: string;
  readonly isRequired: boolean;
};

export type Controls = {
  feeds(): readonly ControlledFeed[];
  /** False when there is no such feed. Pausing what is paused is harmless, and so is resuming what runs. */
  pauseFeed(name: string, isPaused: boolean): boolean;
  readonly logLevels: readonly string[];
  logLevel(): string;
  /** One of `logLevels`. */
  setLogLevel(level: string): void;
};

export const noControls: Controls = {
  feeds: () => [],
  pauseFeed: () => false,
  logLevels: [],
  logLevel: () => 'unknown',
  setLogLevel: () => {},
};
