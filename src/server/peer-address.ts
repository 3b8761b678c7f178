/** Whoever is at the other end of a response or a socket. */

/** To be asked for while it is open. */
export function peerAddress(peer: { getRemoteAddressAsText(): ArrayBuffer }): string {
  return Buffer.from(peer.getRemoteAddressAsText()).toString();
}
