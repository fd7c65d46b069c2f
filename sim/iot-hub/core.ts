/**
 * Azure IoT Hub without a protocol: identities, twins, device-to-cloud messages, direct methods, and the rates
 * and quotas of a hub's size. Fronts (`mqtt-front.ts`, `direct-client.ts`) bring devices to it through a `Door`.
 */
import type { Json } from '../../pipeline/camera-module/hub-connection.js';
import type { KernelServices } from '../kernel/services.js';
import { AccessPolicies } from './access-policies.js';
import { type ClientCertificate, provesIdentity } from './client-certificate.js';
import { CloudToDevice } from './cloud-to-device.js';
import { Configurations } from './configurations.js';
import { formatConnectionString } from './connection-string.js';
import { FileUploads } from './file-upload.js';
import { nameOf, parseName, resourceOf } from './identity.js';
import { Jobs } from './jobs.js';
import { type HubSize, limitsOf } from './limits.js';
import { DirectMethods, type MethodOutcome } from './methods.js';
import { type IdentityRecord, type IdentitySettings, Registry } from './registry.js';
import { checkSasToken, parseSasToken, type TokenProblem } from './sas-token.js';
import type { CloseReason, Delivery, HubSession } from './session.js';
import { TelemetryIntake, type TelemetryMessage } from './telemetry.js';
import { Throttle } from './throttle.js';
import { seenByDevice } from './twin-document.js';
import { TwinStore } from './twins.js';

export interface IotHubSettings {
  /** As in connection strings, e.g. `store-hub.azure-devices.net`. */
  readonly hostName: string;
  readonly size: HubSize;
}

export type Authentication =
  | { readonly ok: true; readonly record: IdentityRecord }
  | { readonly ok: false; readonly problem: TokenProblem | CertificateProblem };

type CertificateProblem = 'unknown-identity' | 'disabled' | 'wrong-certificate';

export type TwinReply =
  | { readonly ok: true; readonly twin: { readonly desired: Json; readonly reported: Json } }
  | { readonly ok: false; readonly status: 429; readonly reason: string };

export type ReportReply =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly status: 400 | 413 | 429; readonly reason: string };

const MAX_THROTTLE_WAIT_MS = 10_000;

export class IotHub {
  readonly settings: IotHubSettings;
  readonly services: KernelServices;
  readonly registry: Registry;
  readonly twins: TwinStore;
  readonly telemetry: TelemetryIntake;
  readonly methods: DirectMethods;
  readonly policies: AccessPolicies;
  readonly cloudToDevice: CloudToDevice;
  readonly configurations: Configurations;
  readonly jobs: Jobs;
  readonly fileUploads: FileUploads;
  private readonly sessions = new Map<string, HubSession>();
  private readonly connections: Throttle;
  private readonly twinReads: Throttle;
  private readonly twinUpdates: Throttle;
  private readonly ordinals = new Map<string, number>();

  constructor(settings: IotHubSettings, services: KernelServices) {
    const limits = limitsOf(settings.size);
    this.settings = settings;
    this.services = services;
    this.registry = new Registry(services.rng, services.clock);
    this.twins = new TwinStore(services, (name, patch) => {
      const session = this.sessions.get(name);
      if (session?.wantsDesired) session.delivery.desired(patch);
    });
    this.telemetry = new TelemetryIntake(services, limits);
    this.methods = new DirectMethods(services.clock);
    this.policies = new AccessPolicies(settings.hostName, services.rng);
    this.cloudToDevice = new CloudToDevice(services.clock, (name) => this.deliverMessages(name));
    this.configurations = new Configurations(this);
    this.jobs = new Jobs(this);
    this.fileUploads = new FileUploads(services);
    this.connections = new Throttle(limits.connectionsPerSecond, MAX_THROTTLE_WAIT_MS);
    this.twinReads = new Throttle(limits.twinReadsPerSecond, MAX_THROTTLE_WAIT_MS);
    this.twinUpdates = new Throttle(limits.twinUpdatesPerSecond, MAX_THROTTLE_WAIT_MS);
  }

  /** For a registered identity; throws `RegistryError` otherwise. */
  connectionString(name: string): string {
    const { identity, keys } = this.registry.get(name);
    return formatConnectionString({ hostName: this.settings.hostName, identity, key: keys.primary });
  }

  /** Checks the shared access signature that `name` presents as its password. */
  authenticate(name: string, password: string): Authentication {
    const record = this.registry.find(name);
    const identity = parseName(name);
    if (record === undefined || identity === null) return { ok: false, problem: 'unknown-identity' };
    if (record.status === 'disabled') return { ok: false, problem: 'disabled' };
    const token = parseSasToken(password);
    if (token === null) return { ok: false, problem: 'malformed' };
    const { hostName } = this.settings;
    const keys = [record.keys.primary, record.keys.secondary];
    const problem = checkSasToken(token, resourceOf(hostName, identity), keys, this.services.clock.now());
    return problem === null ? { ok: true, record } : { ok: false, problem };
  }

  /** Checks the certificate that `name` presented; whether a CA of the hub's signed it, the TLS front has found out. */
  authenticateCertificate(name: string, certificate: ClientCertificate): Authentication {
    const record = this.registry.find(name);
    if (record === undefined) return { ok: false, problem: 'unknown-identity' };
    if (record.status === 'disabled') return { ok: false, problem: 'disabled' };
    return provesIdentity(certificate, record)
      ? { ok: true, record }
      : { ok: false, problem: 'wrong-certificate' };
  }

  /** The last will of a session that ended without goodbye ("Use will messages"): a device-to-cloud message. */
  async acceptWill(record: IdentityRecord, message: TelemetryMessage): Promise<void> {
    const name = nameOf(record.identity);
    const properties = { ...message.properties, 'iothub-MessageType': 'Will' };
    const key = `${name}/${String(this.nextOrdinal(name)).padStart(8, '0')}/will`;
    await this.telemetry.accept({ name, record, isOpen: true }, { ...message, properties }, key);
  }

  /** Waits for a place under the connection rate; false when there is none to be had. */
  async admitConnection(name: string): Promise<boolean> {
    return this.turn('connections', this.connections, name);
  }

  /** Opens a session; one that the identity has already is closed first ("a second connection drops the first"). */
  open(record: IdentityRecord, name: string, delivery: Delivery): HubSession {
    const before = this.sessions.get(name);
    if (before !== undefined) this.close(before, 'taken-over');
    const session: HubSession = {
      name,
      record,
      delivery,
      isOpen: true,
      wantsDesired: false,
      wantsMethods: false,
      wantsMessages: false,
    };
    this.sessions.set(name, session);
    this.services.trace.record('iot-hub', name, 'connected');
    return session;
  }

  close(session: HubSession, reason: CloseReason): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    if (this.sessions.get(session.name) === session) this.sessions.delete(session.name);
    if (session.wantsMessages) this.cloudToDevice.abandonAll(session.name);
    this.services.trace.record('iot-hub', session.name, 'disconnected', { reason });
    session.delivery.closed(reason);
  }

  isConnected(name: string): boolean {
    return this.sessions.has(name);
  }

  get connectedCount(): number {
    return this.sessions.size;
  }

  async readTwin(session: HubSession, key: string): Promise<TwinReply> {
    if (!(await this.turn('twin-reads', this.twinReads, key))) return throttled('twin reads');
    const { desired, reported } = this.twins.get(session.name);
    return { ok: true, twin: { desired: seenByDevice(desired), reported: seenByDevice(reported) } };
  }

  async report(session: HubSession, patch: Json, key: string): Promise<ReportReply> {
    if (!(await this.turn('twin-updates', this.twinUpdates, key))) return throttled('twin updates');
    const outcome = this.twins.patchReported(session.name, patch);
    return outcome.ok ? { ok: true, version: outcome.half.version } : outcome;
  }

  /** Cloud-to-device messages go to the session from now on; those that wait go at once. */
  subscribeMessages(session: HubSession, wanted: boolean): void {
    if (session.wantsMessages && !wanted) this.cloudToDevice.abandonAll(session.name);
    session.wantsMessages = wanted;
    this.deliverMessages(session.name);
  }

  /** Service side: calls a method of a connected device or module. */
  invokeMethod(name: string, method: string, payload: Json, timeoutMs?: number): Promise<MethodOutcome> {
    this.registry.get(name);
    return this.methods.invoke(this.sessions.get(name), method, payload, timeoutMs);
  }

  /** Service side: changes an identity; one that is disabled is disconnected. */
  updateIdentity(name: string, change: IdentitySettings): IdentityRecord {
    const record = this.registry.update(name, change);
    const session = this.sessions.get(name);
    if (session !== undefined && record.status === 'disabled') this.close(session, 'removed');
    return record;
  }

  /** Service side: deletes an identity, ends its sessions and drops its twins. */
  removeIdentity(name: string): void {
    for (const gone of this.registry.remove(name)) {
      const session = this.sessions.get(gone);
      if (session !== undefined) this.close(session, 'removed');
      this.twins.remove(gone);
    }
  }

  /** The next number in the names of an identity's messages, which the links order them by. */
  nextOrdinal(name: string): number {
    const ordinal = this.ordinals.get(name) ?? 0;
    this.ordinals.set(name, ordinal + 1);
    return ordinal;
  }

  private deliverMessages(name: string): void {
    const session = this.sessions.get(name);
    if (session === undefined || !session.wantsMessages) return;
    for (;;) {
      const message = this.cloudToDevice.receive(name);
      if (message === null) return;
      session.delivery.message(message);
    }
  }

  private turn(place: string, throttle: Throttle, key: string): Promise<boolean> {
    const { arbiter, clock } = this.services;
    return new Promise((resolve) => {
      arbiter.submit(`iot-hub/${place}`, key, () => {
        const waitMs = throttle.take(clock.now());
        if (waitMs === null) resolve(false);
        else if (waitMs === 0) resolve(true);
        else clock.after(waitMs, () => resolve(true));
      });
    });
  }
}

function throttled(what: string): { readonly ok: false; readonly status: 429; readonly reason: string } {
  return { ok: false, status: 429, reason: `more ${what} a second than the hub takes` };
}
