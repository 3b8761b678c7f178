/** A subscription for as long as a component is shown. */

import { useEffect, useState } from 'preact/hooks';
import type { Message, SubscribeOptions } from '../../client/index.ts';
import type { Tap } from '../link/tap.ts';
import { useApp } from './app.ts';

/** `hear` and `options` are those of the first call with this pattern; undefined: nothing is subscribed. */
export function useTap<T = unknown>(
  pattern: string | undefined,
  hear: (message: Message<T>) => void,
  options?: SubscribeOptions,
): Tap | undefined {
  const { link } = useApp();
  const [tap, setTap] = useState<Tap | undefined>(undefined);
  useEffect(() => {
    if (pattern === undefined) return undefined;
    const opened = link.tap<T>(pattern, hear, options);
    setTap(opened);
    return () => link.untap(opened);
  }, [link, pattern]);
  return tap?.pattern === pattern ? tap : undefined;
}
