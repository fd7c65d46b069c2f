import type { SessionSettings } from './connections.js';
import { nameOf } from './identities/identity.js';
import type { IdentityRecord } from './identities/registry.js';
import type { Delivery } from './session.js';

/** A device that hears nothing. */
export const DEAF: Delivery = { desired: () => {}, method: () => {}, message: () => {}, closed: () => {} };

/** As after a connection with a token of the identity's own. */
export function sessionOf(record: IdentityRecord, isPersistent = false): SessionSettings {
  const scope = record.identity.moduleId === null ? 'device' : 'module';
  return { record, name: nameOf(record.identity), method: { scope, type: 'sas' }, isPersistent };
}
