/** Dotted topic names and the patterns that select them; the rules are those of NATS subjects. */

export const topicLimits = {
  maxBytes: 200, // a name travels in TOPIC frames and log lines; longer ones are a mistake or an attack
  maxSegments: 16, // bounds the depth of every index walk
} as const;

export type TopicKind = 'latest' | 'event' | 'keyed' | 'ephemeral';
export const topicKinds: readonly TopicKind[] = ['latest', 'event', 'keyed', 'ephemeral'];

/** The reason why `name` is no topic, or undefined when it is one. */
export function topicFault(name: string): string | undefined {
  return segmentsFault(name, (segment) => (isPlainSegment(segment) ? undefined : badSegment(segment)));
}

/** The reason why `text` is no pattern, or undefined when it is one. `*` is one segment, a final `>` one or more. */
export function patternFault(text: string): string | undefined {
  return segmentsFault(text, (segment, isLast) => {
    if (segment === '*' || isPlainSegment(segment)) return undefined;
    if (segment === '>') return isLast ? undefined : 'has ">" before its last segment';
    return badSegment(segment);
  });
}

/** True when `pattern` holds a wildcard, so may select more than one topic. */
export function isWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.endsWith('>');
}

/** Whether a valid topic is selected by a valid pattern. */
export function matches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('.');
  const given = topic.split('.');
  for (const [i, segment] of wanted.entries()) {
    if (segment === '>') return given.length > i;
    if (i >= given.length || (segment !== '*' && segment !== given[i])) return false;
  }
  return wanted.length === given.length;
}

/**
 * Whether two valid patterns could select one same topic; a topic is a pattern, so either may be one. Splits nothing,
 * for a new subscription is held against every pattern of every feed.
 */
export function overlaps(a: string, b: string): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === '>' || b[j] === '>') return true; // it takes whatever the other has from here on
    if (a[i] === '*' || b[j] === '*') {
      i = segmentEnd(a, i);
      j = segmentEnd(b, j);
    } else if (a[i++] !== b[j++]) return false;
  }
  return i >= a.length && j >= b.length;
}

function segmentEnd(pattern: string, from: number): number {
  const dot = pattern.indexOf('.', from);
  return dot < 0 ? pattern.length : dot;
}

function segmentsFault(text: string, fault: (segment: string, isLast: boolean) => string | undefined) {
  if (text.length === 0) return 'is empty';
  if (text.length > topicLimits.maxBytes) return `is longer than ${topicLimits.maxBytes} bytes`;
  const segments = text.split('.');
  if (segments.length > topicLimits.maxSegments) return `has more than ${topicLimits.maxSegments} segments`;
  for (const [i, segment] of segments.entries()) {
    const found = fault(segment, i === segments.length - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function badSegment(segment: string): string {
  return segment === '' ? 'has an empty segment' : `has a segment with other characters than A-Z a-z 0-9 _ -`;
}

function isPlainSegment(segment: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(segment);
}
