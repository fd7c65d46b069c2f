/**
 * Automatic deployments and device configurations ("Understand IoT Edge automatic deployments for single devices or
 * at scale"): each has a target condition and a priority; the highest priority wins, ties go to the newest.
 */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type Condition, parseCondition } from '../../../pipeline/deployment/condition/condition.js';
import type { IotHub } from '../core.js';
import { nameOf } from '../identities/identity.js';
import type { IdentityRecord } from '../identities/registry.js';
import { applyDeployment } from './deployment.js';
import { isObject } from './twin-document.js';
import { matches, parseTwinQuery, runTwinQuery } from './twin-query.js';
import type { TwinView } from './twin-view.js';

export interface ConfigurationSettings {
  readonly id: string;
  readonly labels: Properties;
  /** `modulesContent` for edge devices, or `deviceContent` for the rest. */
  readonly content: Properties;
  /** `''` targets nothing, `'*'` everything. */
  readonly targetCondition: string;
  readonly priority: number;
  /** Queries over twins, by name. */
  readonly metricQueries: Readonly<Record<string, string>>;
}

export interface Configuration extends ConfigurationSettings {
  readonly etag: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface ConfigurationMetrics {
  readonly targeted: number;
  readonly applied: number;
  readonly reportedSuccessful: number;
  readonly reportedFailed: number;
  /** Rows of the custom metrics, by name. */
  readonly custom: Readonly<Record<string, number>>;
}

interface Applied {
  readonly id: string;
  readonly etag: string;
}

export interface SavedConfigurations {
  readonly configurations: readonly Configuration[];
  readonly applied: readonly (readonly [deviceId: string, Applied])[];
}

interface Kept {
  readonly configuration: Configuration;
  readonly condition: Condition | null;
}

export class Configurations {
  private readonly hub: IotHub;
  private readonly kept = new Map<string, Kept>();
  /** Which configuration a device has, as id and ETag. */
  private readonly applied = new Map<string, Applied>();
  private readonly listeners: (() => void)[] = [];
  private changes = 0;
  private reconciling = false;

  constructor(hub: IotHub) {
    this.hub = hub;
    hub.registry.onChanged(({ identity }, what) => {
      if (identity.moduleId !== null) return;
      if (what === 'deleted') this.applied.delete(identity.deviceId);
      else this.reconcile(identity.deviceId);
    });
    hub.twins.onChanged((name) => this.reconcile(name));
  }

  onChanged(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Configurations, the oldest first, and which of them each device has. */
  get saved(): SavedConfigurations {
    return { configurations: this.list(), applied: [...this.applied] };
  }

  /** Puts them back as they were saved; no device is given anything. */
  restore({ applied, configurations }: SavedConfigurations): void {
    for (const configuration of configurations) {
      const condition = readTarget(configuration.targetCondition);
      this.kept.set(configuration.id, { configuration, condition });
      this.changes++;
    }
    for (const [deviceId, which] of applied) this.applied.set(deviceId, which);
  }

  /** Creates or replaces. Throws `ConditionError` for a target condition or metric that cannot be read. */
  put(settings: ConfigurationSettings): Configuration {
    const { id, targetCondition } = settings;
    const condition = readTarget(targetCondition);
    for (const query of Object.values(settings.metricQueries)) parseTwinQuery(query);
    const nowMs = this.hub.services.clock.now();
    const configuration: Configuration = {
      ...settings,
      etag: Buffer.from(String(++this.changes)).toString('base64'),
      createdAtMs: this.kept.get(id)?.configuration.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
    };
    // Set anew, so that the newest stands last.
    this.kept.delete(id);
    this.kept.set(id, { configuration, condition });
    this.reconcileAll();
    return configuration;
  }

  get(id: string): Configuration | undefined {
    return this.kept.get(id)?.configuration;
  }

  list(): readonly Configuration[] {
    return [...this.kept.values()].map(({ configuration }) => configuration);
  }

  /** Devices keep what it gave them until another configuration targets them. */
  remove(id: string): void {
    this.kept.delete(id);
    this.reconcileAll();
  }

  /** What a twin says of its configurations: `{ "<id>": { "status": "Applied" | "Targeted" } }`. */
  statusOf(deviceId: string): Properties {
    const targeting = [...this.kept.values()].filter((kept) => this.isTargeted(kept, deviceId));
    const applied = this.applied.get(deviceId)?.id;
    return Object.fromEntries(
      targeting.map(({ configuration: { id } }) => [id, { status: id === applied ? 'Applied' : 'Targeted' }]),
    );
  }

  metrics(id: string): ConfigurationMetrics {
    const kept = this.kept.get(id);
    if (kept === undefined) throw new RangeError(`there is no configuration '${id}'`);
    const { devices } = this.hub.registry;
    const targeted = devices.filter((device) => this.targets(kept, device));
    const applied = targeted.filter(({ identity }) => this.applied.get(identity.deviceId)?.id === id);
    const codes = applied.map(({ identity }) => this.reportedCode(identity.deviceId));
    return {
      targeted: targeted.length,
      applied: applied.length,
      reportedSuccessful: codes.filter((code) => code === 200).length,
      reportedFailed: codes.filter((code) => code !== null && code !== 200).length,
      custom: Object.fromEntries(
        Object.entries(kept.configuration.metricQueries).map(([name, query]) => [
          name,
          runTwinQuery(this.hub, parseTwinQuery(query)).length,
        ]),
      ),
    };
  }

  private reconcileAll(): void {
    for (const listener of this.listeners) listener();
    for (const { identity } of this.hub.registry.devices) this.reconcile(identity.deviceId);
  }

  /** Gives a device the configuration that is due to it. */
  private reconcile(deviceId: string): void {
    // What applying changes in twins must not start it again.
    if (this.reconciling || this.kept.size === 0) return;
    const record = this.hub.registry.find(deviceId);
    if (record === undefined || record.identity.moduleId !== null) return;
    const winner = this.winnerFor(record);
    if (winner === null) return;
    const { id, etag } = winner;
    const before = this.applied.get(deviceId);
    if (before?.id === id && before.etag === etag) return;
    this.reconciling = true;
    try {
      this.apply(deviceId, winner);
      this.applied.set(deviceId, { id, etag });
      for (const listener of this.listeners) listener();
      this.hub.services.trace.record('iot-hub', deviceId, 'configured', { configuration: id });
    } finally {
      this.reconciling = false;
    }
  }

  private winnerFor(record: IdentityRecord): Configuration | null {
    let winner: Configuration | null = null;
    for (const kept of this.kept.values()) {
      const { configuration } = kept;
      if (!this.targets(kept, record)) continue;
      if (winner === null || configuration.priority >= winner.priority) winner = configuration;
    }
    return winner;
  }

  private apply(deviceId: string, { content }: Configuration): void {
    if (isObject(content.modulesContent)) applyDeployment(this.hub, deviceId, content);
    else if (isObject(content.deviceContent)) {
      this.hub.twins.patchDesired(deviceId, desiredIn(content.deviceContent));
    }
  }

  private isTargeted(kept: Kept, deviceId: string): boolean {
    const record = this.hub.registry.find(deviceId);
    return record !== undefined && record.identity.moduleId === null && this.targets(kept, record);
  }

  private targets({ configuration, condition }: Kept, record: IdentityRecord): boolean {
    const { content, targetCondition } = configuration;
    // Deployments of modules are for IoT Edge devices alone.
    if (isObject(content.modulesContent) && !record.isEdge) return false;
    if (condition === null) return targetCondition.trim() === '*';
    return matches(condition, targetView(this.hub, record));
  }

  private reportedCode(deviceId: string): number | null {
    const status = this.hub.twins.get(`${deviceId}/$edgeAgent`).reported.properties.lastDesiredStatus;
    const code = isObject(status) ? status.code : undefined;
    return typeof code === 'number' ? code : null;
  }
}

/** Throws `ConditionError` when it cannot be read; null for `''` and `'*'`. */
function readTarget(text: string): Condition | null {
  const trimmed = text.trim();
  return trimmed === '' || trimmed === '*' ? null : parseCondition(trimmed);
}

/** A twin without its configurations, which depend on the target conditions themselves. */
function targetView(hub: IotHub, { identity }: IdentityRecord): TwinView {
  const twin = hub.twins.get(nameOf(identity));
  return {
    deviceId: identity.deviceId,
    tags: twin.tags,
    properties: { desired: twin.desired.properties, reported: twin.reported.properties },
  };
}

const DESIRED = 'properties.desired';

/** `{ "properties.desired.a.b": … }` as a patch. */
function desiredIn(deviceContent: Properties): Properties {
  let patch: Properties = {};
  for (const [key, value] of Object.entries(deviceContent)) {
    if (key === DESIRED && isObject(value)) patch = { ...patch, ...value };
    else if (key.startsWith(`${DESIRED}.`)) {
      const path = key.slice(DESIRED.length + 1).split('.');
      patch = { ...patch, ...(nested(path, value) as Properties) };
    }
  }
  return patch;
}

function nested(path: readonly string[], value: Json): Json {
  return path.reduceRight<Json>((inner, segment) => ({ [segment]: inner }), value);
}
