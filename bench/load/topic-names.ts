/** Names that both ends of a load run know. */

/** What the load is published on. */
export function topicName(number: number): string {
  return `bench.t${number}`;
}

/** What a server must open for clients who publish the load. */
export const openPattern = 'bench.>';

/** Of `node:diagnostics_channel`: where the load feed hands over what it can be told. */
export const feedChannel = 'tickwire:load';
