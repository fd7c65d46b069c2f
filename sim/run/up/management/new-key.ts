import { randomBytes } from 'node:crypto';

/** A key that nobody had before, in base64. `bytes`: 64 for storage accounts, 32 for Event Hubs, as in Azure. */
export function newKey(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
