/** What a plug-in author imports: `import { defineFeed } from 'tickwire/feed'`. */

export { defineFeed, type Feed, type FeedContext, type Micros, type PayloadsOf, type TopicMap } from './define-feed.ts';
export { FeedError } from './feed-error.ts';
export type { Rng } from './random.ts';
export { slug } from './slug.ts';
export { decimal, measure, micros } from './wire.ts';
