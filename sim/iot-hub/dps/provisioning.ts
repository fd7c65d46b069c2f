/**
 * The Device Provisioning Service without a protocol: a device that knows an id scope, its registration id and a key
 * or certificate is assigned to a hub and registered there.
 */
import { createHash } from 'node:crypto';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { KernelServices } from '../../kernel/services.js';
import type { IotHub } from '../core.js';
import { withoutPort } from '../identities/identity.js';
import type { IdentityKeys, IdentityProof } from '../identities/registry.js';
import { type Allocation, type AskWebhook, allocationOf } from './custom-allocation.js';
import { type AllocationPolicy, attest, type Credential, type Enrollment } from './enrollment.js';
import { enrollmentDocument } from './enrollment-document.js';
import { type EnrollmentRecord, EnrollmentStore, idOf } from './enrollment-store.js';

/** A hub that devices may be assigned to. */
export interface LinkedHub {
  readonly hub: IotHub;
  /** As seen from the devices: what the geo-latency policy goes by. */
  readonly latencyMs: number;
}

export type Substatus = 'initialAssignment' | 'deviceDataMigrated' | 'deviceDataReset';

export interface Registration {
  readonly registrationId: string;
  readonly deviceId: string;
  readonly assignedHub: string;
  readonly substatus: Substatus;
  /** Of the group that it was registered by; null: by an enrolment of its own. */
  readonly groupId: string | null;
  /** What a custom allocation has for the device. */
  readonly payload?: Json;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type OperationState =
  | { readonly status: 'assigning' }
  | { readonly status: 'assigned'; readonly registration: Registration }
  | { readonly status: 'failed' | 'disabled'; readonly reason: string };

interface Attested {
  readonly enrollment: Enrollment;
  readonly proof: IdentityProof;
  readonly keys?: IdentityKeys;
}

/** How long an assignment takes: a device sees `assigning` once. */
const ASSIGNMENT_MS = 500;
/** "retry-after" of an answer 202. */
export const RETRY_AFTER_SECONDS = 1;

export class ProvisioningService {
  readonly idScope: string;
  readonly services: KernelServices;
  private readonly hubs: readonly LinkedHub[];
  readonly enrollments: EnrollmentStore;
  private readonly ask: AskWebhook;
  private readonly listeners: (() => void)[] = [];
  private readonly registrations = new Map<string, Registration>();
  private readonly operations = new Map<string, { readonly registrationId: string; state: OperationState }>();

  /** `hubs` has at least one. `ask`: how custom allocations are asked for. */
  constructor(
    idScope: string,
    hubs: readonly LinkedHub[],
    services: KernelServices,
    ask: AskWebhook = () => Promise.reject(new Error('nothing can be asked here')),
  ) {
    this.idScope = idScope;
    this.hubs = hubs;
    this.services = services;
    this.ask = ask;
    this.enrollments = new EnrollmentStore(services.clock);
  }

  /** Creates or replaces an enrolment. Throws `RangeError` when it names a hub that is not linked. */
  enroll(enrollment: Enrollment): EnrollmentRecord {
    const { allocation, hubNames } = enrollment;
    if (allocation.kind === 'static') this.hubNamed(allocation.hubName);
    for (const name of hubNames ?? []) this.hubNamed(name);
    return this.enrollments.put(enrollment);
  }

  /** Forgets where a device was assigned; it will be assigned anew. */
  forget(registrationId: string): void {
    this.registrations.delete(registrationId);
    for (const listener of this.listeners) listener();
  }

  /** Puts registrations back as they were saved. */
  restore(registrations: readonly Registration[]): void {
    for (const each of registrations) this.registrations.set(each.registrationId, each);
  }

  /** All that were ever assigned. */
  get assigned(): readonly Registration[] {
    return [...this.registrations.values()];
  }

  onAssigned(listener: () => void): void {
    this.listeners.push(listener);
  }

  registration(registrationId: string): Registration | undefined {
    return this.registrations.get(registrationId);
  }

  /** Null: no enrolment fits who the device says it is. An individual enrolment stands before any group. */
  authenticate(registrationId: string, credential: Credential): Attested | null {
    const individual = this.enrollments.find('individual', registrationId);
    const candidates = individual === undefined ? this.enrollments.list('group') : [individual];
    const nowMs = this.services.clock.now();
    for (const { enrollment } of candidates) {
      const attested = attest(enrollment, this.idScope, registrationId, credential, nowMs);
      if (attested !== null) return { enrollment, ...attested };
    }
    return null;
  }

  /** Begins an assignment; its operation's id. `payload`: what the device has to say to a custom allocation. */
  register(registrationId: string, attested: Attested, payload: Json = null): string {
    const { clock, rng } = this.services;
    const operationId = rng(`dps/${registrationId}/${this.operations.size}`).uuid();
    const operation: { readonly registrationId: string; state: OperationState } = {
      registrationId,
      state: { status: 'assigning' },
    };
    this.operations.set(operationId, operation);
    clock.after(ASSIGNMENT_MS, () => {
      void this.assign(registrationId, attested, payload).then((state) => {
        operation.state = state;
      });
    });
    return operationId;
  }

  /** Undefined: this device has no such operation. */
  operation(registrationId: string, operationId: string): OperationState | undefined {
    const operation = this.operations.get(operationId);
    return operation?.registrationId === registrationId ? operation.state : undefined;
  }

  private async assign(registrationId: string, attested: Attested, payload: Json): Promise<OperationState> {
    const { enrollment } = attested;
    if (!enrollment.isEnabled) return { status: 'disabled', reason: 'the enrolment is disabled' };
    const before = this.registrations.get(registrationId);
    if (before !== undefined && enrollment.reprovision === 'never') {
      return { status: 'assigned', registration: before };
    }
    let allocation: Allocation;
    let hub: IotHub;
    try {
      allocation = await this.allocate(enrollment, registrationId, payload);
      hub = this.hubNamed(allocation.hubName).hub;
    } catch (error) {
      return { status: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
    const deviceId = (enrollment.kind === 'individual' ? enrollment.deviceId : null) ?? registrationId;
    const initialTwin = allocation.initialTwin ?? enrollment.initialTwin;
    this.moveTo(hub, deviceId, { ...attested, enrollment: { ...enrollment, initialTwin } }, before);
    const nowMs = this.services.clock.now();
    const registration: Registration = {
      registrationId,
      deviceId,
      assignedHub: hub.settings.hostName,
      substatus: substatusOf(enrollment, before),
      groupId: enrollment.kind === 'group' ? enrollment.groupId : null,
      ...(allocation.payload === undefined ? {} : { payload: allocation.payload }),
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
    };
    this.registrations.set(registrationId, registration);
    for (const listener of this.listeners) listener();
    this.services.trace.record('dps', registrationId, 'assigned', { hub: registration.assignedHub });
    return { status: 'assigned', registration };
  }

  /** Registers the device with its hub, with the twin it had (`migrate`) or the enrolment's own. */
  private moveTo(
    hub: IotHub,
    deviceId: string,
    { enrollment, proof, keys }: Attested,
    before: Registration | undefined,
  ): void {
    const old = before === undefined ? undefined : this.hubNamed(before.assignedHub).hub;
    const kept = old?.registry.find(deviceId) === undefined ? undefined : old.twins.get(deviceId);
    const isSameHub = old === hub && kept !== undefined;
    if (old !== undefined && old !== hub && kept !== undefined) old.removeIdentity(deviceId);
    const settings = { proof, isEdge: enrollment.isEdge, ...(keys === undefined ? {} : { keys }) };
    if (hub.registry.find(deviceId) === undefined) {
      hub.registry.create({ deviceId, moduleId: null }, settings);
    } else hub.updateIdentity(deviceId, settings);
    if (kept !== undefined && enrollment.reprovision === 'migrate') {
      if (!isSameHub) this.writeTwin(hub, deviceId, kept.tags, kept.desired.properties);
      return;
    }
    const { desired, tags } = enrollment.initialTwin;
    this.writeTwin(hub, deviceId, tags, desired);
  }

  private writeTwin(
    hub: IotHub,
    deviceId: string,
    tags: Enrollment['initialTwin']['tags'],
    desired: Enrollment['initialTwin']['desired'],
  ): void {
    // Desired properties first: what the tags bring, such as an automatic deployment, comes on top.
    if (Object.keys(desired).length > 0) hub.twins.replaceDesired(deviceId, desired);
    hub.twins.changeTags(deviceId, tags, 'replace');
  }

  /** Which hub a device comes to. Throws, or rejects, when there is none for it. */
  private async allocate(enrollment: Enrollment, registrationId: string, payload: Json): Promise<Allocation> {
    const { allocation: policy, hubNames } = enrollment;
    const hubs = hubNames === null ? this.hubs : hubNames.map((name) => this.hubNamed(name));
    if (policy.kind !== 'custom')
      return { hubName: nameOf(choose(policy, hubs, registrationId)), initialTwin: null };
    const record = this.enrollments.find(enrollment.kind, idOf(enrollment));
    const answer = await this.ask(policy.webhookUrl, {
      [enrollment.kind === 'group' ? 'enrollmentGroup' : 'individualEnrollment']:
        record === undefined ? null : enrollmentDocument(record),
      deviceRuntimeContext: {
        registrationId,
        [enrollment.attestation.kind === 'symmetricKey' ? 'symmetricKey' : 'x509']: {},
        ...(payload === null ? {} : { payload }),
      },
      linkedHubs: hubs.map(nameOf),
    });
    return allocationOf(answer);
  }

  private hubNamed(name: string): LinkedHub {
    const linked = this.hubs.find(({ hub }) => withoutPort(hub.settings.hostName) === withoutPort(name));
    if (linked !== undefined) return linked;
    throw new RangeError(`no hub '${name}' is linked to the provisioning service`);
  }
}

function choose(
  policy: Exclude<AllocationPolicy, { readonly kind: 'custom' }>,
  hubs: readonly LinkedHub[],
  registrationId: string,
): LinkedHub | { readonly hubName: string } {
  switch (policy.kind) {
    case 'static':
      return policy;
    case 'geoLatency':
      return hubs.reduce((best, each) => (each.latencyMs < best.latencyMs ? each : best));
    case 'hashed': {
      // "Evenly weighted distribution": the same device always comes to the same hub.
      const hash = createHash('sha256').update(registrationId).digest().readUInt32BE(0);
      return hubs[hash % hubs.length] ?? hubs.reduce((first) => first);
    }
  }
}

function nameOf(hub: LinkedHub | { readonly hubName: string }): string {
  return 'hubName' in hub ? hub.hubName : hub.hub.settings.hostName;
}

function substatusOf({ reprovision }: Enrollment, before: Registration | undefined): Substatus {
  if (before === undefined) return 'initialAssignment';
  return reprovision === 'migrate' ? 'deviceDataMigrated' : 'deviceDataReset';
}
