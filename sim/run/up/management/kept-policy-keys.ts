/** Keeps the changed keys of Event Hubs' policies in a file: an old key must not come back with the next start. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EventHubsCore } from '../../../event-hubs/index.js';
import { writeWhole } from '../../write-whole.js';
import { HubDataError } from '../hub-keeper.js';

const keptKey = z.strictObject({
  policy: z.string(),
  /** Null: a policy of the namespace. */
  hub: z.string().nullable(),
  which: z.enum(['primary', 'secondary']),
  key: z.string(),
});
const keptFile = z.strictObject({ version: z.literal(1), keys: z.array(keptKey) });

export type KeptKey = z.infer<typeof keptKey>;

const FILE = 'event-hubs-keys.json';

export class KeptPolicyKeys {
  private readonly path: string;
  private readonly keys = new Map<string, KeptKey>();

  /** Gives the policies of `eventHubs` the keys that `folder` holds. Throws `HubDataError` for what it cannot read. */
  constructor(eventHubs: EventHubsCore, folder: string) {
    this.path = join(folder, FILE);
    if (!existsSync(this.path)) return;
    try {
      const { keys } = keptFile.parse(JSON.parse(readFileSync(this.path, 'utf8')));
      for (const each of keys) {
        eventHubs.access.rotateKey(each.policy, each.which, each.key, each.hub);
        this.keys.set(nameOf(each), each);
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new HubDataError(
        `${this.path} cannot be read: ${why}; remove it, or choose another --data folder`,
      );
    }
  }

  /** On the disk when it returns. */
  keep(key: KeptKey): void {
    this.keys.set(nameOf(key), key);
    const file: z.infer<typeof keptFile> = { version: 1, keys: [...this.keys.values()] };
    writeWhole(this.path, JSON.stringify(file), { ownerOnly: true });
  }
}

function nameOf({ hub, policy, which }: KeptKey): string {
  return JSON.stringify([hub, policy, which]);
}
