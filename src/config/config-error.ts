/** Everything that is wrong with a config, one sentence a problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    const [only, ...more] = problems;
    const list = problems.map((problem) => `\n  ${problem}`).join('');
    super(more.length === 0 ? only : `the configuration has ${problems.length} problems:${list}`, options);
    this.problems = problems;
  }
}
