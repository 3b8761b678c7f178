/** What stands between the page and its values, as a banner tells it. */

export type Trouble =
  | { readonly name: 'unreachable'; readonly hasBeenOpen: boolean; readonly until: number }
  | { readonly name: 'draining' }
  | { readonly name: 'unauthorized'; readonly reason: string }
  | { readonly name: 'ended'; readonly code: number; readonly reason: string };

/** ERROR 101 of the protocol. */
export const unauthorizedCode = 101;

/** The client gave up with this code: of an ERROR that answered HELLO, or of the close frame. */
export function troubleOf({ code, reason }: { readonly code: number; readonly reason: string }): Trouble {
  return code === unauthorizedCode ? { name: 'unauthorized', reason } : { name: 'ended', code, reason };
}
