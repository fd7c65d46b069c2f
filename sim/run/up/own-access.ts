/**
 * What the solution inside `footfall up` shows to storage and Event Hubs: credentials of its own, as a managed
 * identity would be, so that whoever rotates the keys that were handed out stops nothing of it.
 */
import type { AccountOptions, BlobConnection } from '../../blob-storage/index.js';
import { ROOT_POLICY, type SharedAccessPolicy } from '../../event-hubs/core/configuration.js';
import { ACCOUNT_CONNECTION } from '../transport/blob-service.js';
import { STORAGE_ACCOUNT } from '../world/services-of-a-world.js';

/** Not a secret: what listens on loopback has keys that everybody knows, until they are rotated. */
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const OWN_KEY = base64("the solution's own key to the storage account of footfall up");

export const OWN_CONNECTION: BlobConnection = {
  ...ACCOUNT_CONNECTION,
  secret: { kind: 'key', key: OWN_KEY },
};

export const ACCOUNT_OF_UP: AccountOptions = {
  name: STORAGE_ACCOUNT.name,
  keys: [STORAGE_ACCOUNT.keys[0], base64('the second key to the storage account of footfall up')],
  ownKey: OWN_KEY,
};

export const OWN_POLICY: SharedAccessPolicy = {
  name: 'footfall-solution',
  key: base64("the solution's own key to Event Hubs"),
  rights: ['Listen', 'Send'],
};

export const POLICIES_OF_UP: readonly SharedAccessPolicy[] = [
  { ...ROOT_POLICY, secondaryKey: base64('the second key to Event Hubs') },
  OWN_POLICY,
];

/** Nobody is told the key of the solution's own policy, or can change it. */
export function isOwnPolicy(name: string): boolean {
  return name === OWN_POLICY.name;
}
