/** Keeps a hub's identities and twins in a file, over restarts and crashes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityRecord, IotHub } from '../../iot-hub/index.js';
import type { TwinDocument } from '../../iot-hub/twin-document.js';
import type { Timer } from '../../kernel/services.js';
import { writeWhole } from '../write-whole.js';

interface KeptHub {
  readonly version: 1;
  readonly identities: readonly IdentityRecord[];
  readonly twins: readonly (readonly [string, TwinDocument])[];
}

const FILE = 'iot-hub.json';
/** Many changes come together: they are written once. */
const GATHER_MS = 200;

export class HubDataError extends Error {
  readonly code = 'FF_UP_DATA_UNREADABLE';
}

export class HubKeeper {
  private readonly hub: IotHub;
  private readonly path: string;
  private due: Timer | null = null;

  /** Puts back what `folder` holds, then follows every change. Throws `HubDataError` for a file it cannot read. */
  constructor(hub: IotHub, folder: string) {
    this.hub = hub;
    this.path = join(folder, FILE);
    if (existsSync(this.path)) this.restore();
    hub.registry.onChanged(() => this.saveSoon());
    hub.twins.onChanged(() => this.saveSoon());
  }

  /** Writes it now. */
  save(): void {
    this.due?.cancel();
    this.due = null;
    const { registry, twins } = this.hub;
    const kept: KeptHub = {
      version: 1,
      identities: [...registry.devices, ...registry.modules],
      twins: twins.entries(),
    };
    writeWhole(this.path, JSON.stringify(kept), { ownerOnly: true });
  }

  private saveSoon(): void {
    this.due ??= this.hub.services.clock.after(GATHER_MS, () => this.save());
  }

  private restore(): void {
    try {
      const kept = JSON.parse(readFileSync(this.path, 'utf8')) as KeptHub;
      if (kept.version !== 1) throw new Error(`its version is ${String(kept.version)}, expected 1`);
      this.hub.registry.restore(kept.identities);
      this.hub.twins.restore(kept.twins);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new HubDataError(
        `${this.path} cannot be read: ${why}; remove it, or choose another --data folder`,
      );
    }
  }
}
