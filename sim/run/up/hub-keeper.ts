/**
 * Keeps what a hub knows in a file, over restarts and crashes: identities, twins, messages that wait for devices,
 * configurations, persistent subscriptions, enrolments, and where the provisioning service assigned devices.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SavedConfigurations } from '../../iot-hub/configurations/configurations.js';
import type { EnrollmentRecord } from '../../iot-hub/dps/enrollment-store.js';
import type { ProvisioningService, Registration } from '../../iot-hub/dps/provisioning.js';
import type { IdentityRecord, IotHub } from '../../iot-hub/index.js';
import type { CloudToDeviceMessage } from '../../iot-hub/messages/cloud-to-device.js';
import type { Subscriptions } from '../../iot-hub/session.js';
import type { TwinDocument } from '../../iot-hub/twins/twin-document.js';
import type { Timer } from '../../kernel/services.js';
import { writeWhole } from '../write-whole.js';

interface KeptHub {
  readonly version: 1;
  readonly identities: readonly IdentityRecord[];
  readonly twins: readonly (readonly [string, TwinDocument])[];
  /** Bodies in base64. */
  readonly waiting?: readonly (readonly [
    string,
    Omit<CloudToDeviceMessage, 'body'> & { readonly body: string },
  ])[];
  readonly configurations?: SavedConfigurations;
  readonly subscriptions?: readonly (readonly [string, Subscriptions])[];
  readonly registrations?: readonly Registration[];
  readonly enrollments?: readonly EnrollmentRecord[];
}

const FILE = 'iot-hub.json';
/** Changes of one moment are written once. */
const GATHER_MS = 20;
/** A large hub takes long to write: at most a tenth of the time goes into it. */
const REST_FACTOR = 10;

export class HubDataError extends Error {
  readonly code = 'FF_UP_DATA_UNREADABLE';
}

export class HubKeeper {
  private readonly hub: IotHub;
  private readonly path: string;
  private readonly provisioning: ProvisioningService;
  private due: Timer | null = null;
  private lastSaveMs = 0;

  /** Puts back what `folder` holds, then follows every change. Throws `HubDataError` for a file it cannot read. */
  constructor(hub: IotHub, provisioning: ProvisioningService, folder: string) {
    this.hub = hub;
    this.provisioning = provisioning;
    this.path = join(folder, FILE);
    if (existsSync(this.path)) this.restore();
    const saveSoon = () => this.saveSoon();
    hub.registry.onChanged(saveSoon);
    hub.twins.onChanged(saveSoon);
    hub.cloudToDevice.onChanged(saveSoon);
    hub.configurations.onChanged(saveSoon);
    hub.connections.onChanged(saveSoon);
    provisioning.onAssigned(saveSoon);
    provisioning.enrollments.onChanged(saveSoon);
  }

  /** Writes it now. */
  save(): void {
    this.due?.cancel();
    this.due = null;
    const { clock } = this.hub.services;
    const { cloudToDevice, configurations, connections, registry, twins } = this.hub;
    const kept: KeptHub = {
      version: 1,
      identities: [...registry.devices, ...registry.modules],
      twins: twins.entries(),
      waiting: cloudToDevice.waiting.map(([name, message]) => [
        name,
        { ...message, body: Buffer.from(message.body).toString('base64') },
      ]),
      configurations: configurations.saved,
      subscriptions: connections.keptSubscriptions,
      registrations: this.provisioning.assigned,
      enrollments: [
        ...this.provisioning.enrollments.list('individual'),
        ...this.provisioning.enrollments.list('group'),
      ],
    };
    const startMs = clock.now();
    writeWhole(this.path, JSON.stringify(kept), { ownerOnly: true });
    this.lastSaveMs = clock.now() - startMs;
  }

  private saveSoon(): void {
    const restMs = Math.max(GATHER_MS, REST_FACTOR * this.lastSaveMs);
    this.due ??= this.hub.services.clock.after(restMs, () => this.save());
  }

  private restore(): void {
    try {
      const kept = JSON.parse(readFileSync(this.path, 'utf8')) as KeptHub;
      if (kept.version !== 1) throw new Error(`its version is ${String(kept.version)}, expected 1`);
      const { cloudToDevice, configurations, connections, registry, twins } = this.hub;
      registry.restore(kept.identities);
      twins.restore(kept.twins);
      if (kept.configurations !== undefined) configurations.restore(kept.configurations);
      connections.restore(kept.subscriptions ?? []);
      this.provisioning.restore(kept.registrations ?? []);
      this.provisioning.enrollments.restore(kept.enrollments ?? []);
      for (const [name, message] of kept.waiting ?? []) {
        cloudToDevice.enqueue(name, { ...message, body: Buffer.from(message.body, 'base64') });
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new HubDataError(
        `${this.path} cannot be read: ${why}; remove it, or choose another --data folder`,
      );
    }
  }
}
