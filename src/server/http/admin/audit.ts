import { peerAddress } from '../../peer-address.ts';
import type { HttpCall } from '../route.ts';

/** Each thing that an admin does is a line of the log. */
export function audit({ res, id, parts }: HttpCall, action: string, what: object): void {
  const by = peerAddress(res);
  parts.log.info({ action, ...what, by, request: id }, `admin: ${action}`);
}
