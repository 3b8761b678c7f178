/** A topic as React state: its newest value, and whether that is the present. */

import { useEffect, useState } from 'react';
import type { Client, Quality, SubscribeOptions } from 'tickwire/client';

export type TopicState<T> = {
  /** Undefined until the first value came. */
  readonly data: T | undefined;
  /** `live`, or why it is not: `degraded`, `stale`, `recovering`. */
  readonly quality: Quality;
  /** Of the event, milliseconds since 1970. */
  readonly at: number | undefined;
};

/**
 * Subscribes for as long as the component is shown, and renders once an animation frame at most, however fast the topic
 * is. `maxRate`: updates a second that are enough, so that the rest never travels.
 */
export function useTopic<T>(client: Client, topic: string, maxRate?: number): TopicState<T> {
  const [state, setState] = useState<TopicState<T>>(nothingYet);
  useEffect(() => {
    setState(nothingYet); // of the topic before, if there was one
    let frame = 0;
    let newest: Partial<TopicState<T>> = {};
    const show = (change: Partial<TopicState<T>>) => {
      newest = { ...newest, ...change };
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        setState((before) => ({ ...before, ...newest, quality: subscription.state }));
      });
    };
    const options: SubscribeOptions = maxRate === undefined ? {} : { maxRate };
    const subscription = client.subscribe<T>(
      topic,
      (message) => show({ data: message.type === 'value' ? message.data : undefined, at: message.ts / 1000 }),
      options,
    );
    const forget = client.on('quality', ({ pattern }) => {
      if (pattern === topic) show({});
    });
    return () => {
      cancelAnimationFrame(frame);
      forget();
      subscription.unsubscribe();
    };
  }, [client, topic, maxRate]);
  return state;
}

const nothingYet = { data: undefined, quality: 'recovering', at: undefined } as const;
