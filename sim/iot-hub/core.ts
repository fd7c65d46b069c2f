/**
 * Azure IoT Hub without a protocol: identities, twins, device-to-cloud messages, direct methods, and the rates
 * and quotas of a hub's size. Fronts (`mqtt-front.ts`, `direct-client.ts`) bring devices to it through a `Door`.
 */
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import type { KernelServices } from '../kernel/services.js';
import { Configurations } from './configurations/configurations.js';
import { Connections, type SessionSettings } from './connections.js';
import { AccessPolicies } from './identities/access-policies.js';
import {
  type Authentication,
  authenticateCertificate,
  authenticateToken,
} from './identities/authentication.js';
import type { ClientCertificate } from './identities/client-certificate.js';
import { formatConnectionString } from './identities/connection-string.js';
import { nameOf } from './identities/identity.js';
import { type IdentityRecord, type IdentitySettings, Registry } from './identities/registry.js';
import { RegistryJobs } from './identities/registry-jobs.js';
import { type HubSize, limitsOf } from './limits/limits.js';
import { Throttles } from './limits/throttles.js';
import { CloudToDevice } from './messages/cloud-to-device.js';
import { FileUploads } from './messages/file-upload.js';
import { DirectMethods, type MethodOutcome } from './messages/methods.js';
import { ServiceBound } from './messages/service-bound.js';
import { TelemetryIntake, type TelemetryMessage } from './messages/telemetry.js';
import { reportHubEvents } from './routing/hub-events.js';
import { MessageRouter } from './routing/router.js';
import type { AuthenticationMethod, CloseReason, Delivery, HubSession } from './session.js';
import { Jobs } from './twins/jobs.js';
import { seenByDevice } from './twins/twin-document.js';
import { TwinStore } from './twins/twins.js';

export type { Authentication } from './identities/authentication.js';

export interface IotHubSettings {
  /** As in connection strings, e.g. `store-hub.azure-devices.net`. */
  readonly hostName: string;
  readonly size: HubSize;
}

export type TwinReply =
  | { readonly ok: true; readonly twin: { readonly desired: Json; readonly reported: Json } }
  | { readonly ok: false; readonly status: 429; readonly reason: string };

export type ReportReply =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly status: 400 | 413 | 429; readonly reason: string };

export class IotHub {
  readonly settings: IotHubSettings;
  readonly services: KernelServices;
  readonly registry: Registry;
  readonly twins: TwinStore;
  readonly telemetry: TelemetryIntake;
  readonly methods: DirectMethods;
  readonly policies: AccessPolicies;
  readonly connections: Connections;
  readonly cloudToDevice: CloudToDevice;
  readonly serviceBound: ServiceBound;
  readonly configurations: Configurations;
  readonly jobs: Jobs;
  readonly registryJobs: RegistryJobs;
  readonly fileUploads: FileUploads;
  readonly throttles: Throttles;
  readonly routing: MessageRouter;
  private readonly ordinals = new Map<string, number>();

  constructor(settings: IotHubSettings, services: KernelServices) {
    const limits = limitsOf(settings.size);
    this.settings = settings;
    this.services = services;
    this.registry = new Registry(services.rng, services.clock);
    this.twins = new TwinStore(services, (name, patch) => {
      const session = this.connections.find(name);
      if (session?.subscriptions.desired) session.delivery.desired(patch);
    });
    this.telemetry = new TelemetryIntake(services, limits);
    this.methods = new DirectMethods(services.clock);
    this.policies = new AccessPolicies(settings.hostName, services.rng);
    this.cloudToDevice = new CloudToDevice(services.clock, (name) => this.connections.deliverMessages(name));
    this.connections = new Connections(services, this.cloudToDevice);
    this.serviceBound = new ServiceBound(services, this.registry);
    this.cloudToDevice.onFeedback((feedback) => this.serviceBound.addFeedback(feedback));
    this.configurations = new Configurations(this);
    this.jobs = new Jobs(this);
    this.registryJobs = new RegistryJobs(services.clock, services.rng);
    this.fileUploads = new FileUploads(services);
    this.fileUploads.onNotification((notification) => this.serviceBound.addFileNotification(notification));
    this.throttles = new Throttles(services, limits);
    this.routing = new MessageRouter(this);
    reportHubEvents(this);
  }

  /** `contoso` of `contoso.azure-devices.net`. */
  get name(): string {
    return /^[^.:]+/.exec(this.settings.hostName)?.[0] ?? this.settings.hostName;
  }

  /** For a registered identity; throws `RegistryError` otherwise. */
  connectionString(name: string): string {
    const { identity, keys } = this.registry.get(name);
    return formatConnectionString({ hostName: this.settings.hostName, identity, key: keys.primary });
  }

  /** Checks the shared access signature that `name` presents as its password. */
  authenticate(name: string, password: string): Authentication {
    return authenticateToken(this.proofs, name, password);
  }

  /** Checks the certificate that `name` presented; whether a CA of the hub's signed it, the TLS front has found out. */
  authenticateCertificate(name: string, certificate: ClientCertificate): Authentication {
    return authenticateCertificate(this.proofs, name, certificate);
  }

  /** The last will of a session that ended without goodbye ("Use will messages"): a device-to-cloud message. */
  async acceptWill(
    record: IdentityRecord,
    method: AuthenticationMethod,
    message: TelemetryMessage,
  ): Promise<void> {
    const name = nameOf(record.identity);
    const properties = { ...message.properties, 'iothub-MessageType': 'Will' };
    const key = `${name}/${String(this.nextOrdinal(name)).padStart(8, '0')}/will`;
    await this.telemetry.accept({ name, record, method, isOpen: true }, { ...message, properties }, key);
  }

  /** Waits for a place under the connection rate; false when there is none to be had. */
  async admitConnection(name: string): Promise<boolean> {
    if (this.isConnected(name) && !(await this.throttles.takeOver(name))) return false;
    return this.throttles.turn('connections', name);
  }

  /** Opens a session; one that the identity has already is closed first. */
  open(settings: SessionSettings, delivery: Delivery): HubSession {
    return this.connections.open(settings, delivery);
  }

  close(session: HubSession, reason: CloseReason): void {
    this.connections.close(session, reason);
  }

  isConnected(name: string): boolean {
    return this.connections.find(name) !== undefined;
  }

  get connectedCount(): number {
    return this.connections.count;
  }

  async readTwin(session: HubSession, key: string): Promise<TwinReply> {
    if (!(await this.throttles.turn('twin-reads', key))) return throttled('twin reads');
    const { desired, reported } = this.twins.get(session.name);
    return { ok: true, twin: { desired: seenByDevice(desired), reported: seenByDevice(reported) } };
  }

  async report(session: HubSession, patch: Json, key: string): Promise<ReportReply> {
    if (!(await this.throttles.turn('twin-updates', key))) return throttled('twin updates');
    const outcome = this.twins.patchReported(session.name, patch);
    return outcome.ok ? { ok: true, version: outcome.half.version } : outcome;
  }

  /** Service side: calls a method of a connected device or module. */
  invokeMethod(name: string, method: string, payload: Json, timeoutMs?: number): Promise<MethodOutcome> {
    this.registry.get(name);
    return this.methods.invoke(this.connections.find(name), method, payload, timeoutMs);
  }

  /** Service side: changes an identity; one that is disabled is disconnected. */
  updateIdentity(name: string, change: IdentitySettings): IdentityRecord {
    const record = this.registry.update(name, change);
    const session = this.connections.find(name);
    if (session !== undefined && record.status === 'disabled') this.close(session, 'removed');
    return record;
  }

  /** Service side: deletes an identity, ends its sessions and drops its twins. */
  removeIdentity(name: string): void {
    for (const gone of this.registry.remove(name)) {
      this.connections.forget(gone);
      this.cloudToDevice.forget(gone);
      this.twins.remove(gone);
    }
  }

  /** The next number in the names of an identity's messages, which the links order them by. */
  nextOrdinal(name: string): number {
    const ordinal = this.ordinals.get(name) ?? 0;
    this.ordinals.set(name, ordinal + 1);
    return ordinal;
  }

  private get proofs() {
    const { policies, registry } = this;
    return { hostName: this.settings.hostName, registry, policies, clock: this.services.clock };
  }
}

function throttled(what: string): { readonly ok: false; readonly status: 429; readonly reason: string } {
  return { ok: false, status: 429, reason: `more ${what} a second than the hub takes` };
}
