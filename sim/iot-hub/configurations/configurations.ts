/**
 * Automatic deployments and configurations of devices and modules ("Understand IoT Edge automatic deployments for single
 * devices or at scale"): each has a target condition and a priority; the highest priority wins, ties go to the newest.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type Condition, parseCondition } from '../../../pipeline/deployment/condition/condition.js';
import type { IotHub } from '../core.js';
import { nameOf } from '../identities/identity.js';
import type { IdentityRecord } from '../identities/registry.js';
import { isObject } from '../twins/twin-document.js';
import { matches, parseTwinQuery, runTwinQuery } from '../twins/twin-query.js';
import type { TwinView } from '../twins/twin-view.js';
import { type ContentKind, desiredByModule, kindOf, laidOn, withLayers } from './content.js';
import { bringTo } from './deployment.js';

export interface ConfigurationSettings {
  readonly id: string;
  readonly labels: Properties;
  /** `modulesContent` for edge devices; `deviceContent` or `moduleContent` for twins of devices or modules. */
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
  readonly applied: readonly (readonly [name: string, readonly Applied[]])[];
}

interface Kept {
  readonly configuration: Configuration;
  readonly kind: ContentKind | null;
  readonly condition: Condition | null;
}

export class Configurations {
  private readonly hub: IotHub;
  private readonly kept = new Map<string, Kept>();
  /** Which configurations an identity has. */
  private readonly applied = new Map<string, readonly Applied[]>();
  private readonly listeners: (() => void)[] = [];
  private changes = 0;
  private reconciling = false;

  constructor(hub: IotHub) {
    this.hub = hub;
    hub.registry.onChanged(({ identity }, what) => {
      const name = nameOf(identity);
      if (what === 'deleted') this.applied.delete(name);
      else this.reconcile(name);
    });
    hub.twins.onChanged((name) => this.reconcile(name));
  }

  onChanged(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Configurations, the oldest first, and which of them each identity has. */
  get saved(): SavedConfigurations {
    return { configurations: this.list(), applied: [...this.applied] };
  }

  /** Puts them back as they were saved; nobody is given anything. */
  restore({ applied, configurations }: SavedConfigurations): void {
    for (const configuration of configurations) {
      this.keep(configuration, readTarget(configuration.targetCondition));
      this.changes++;
    }
    for (const [name, which] of applied) this.applied.set(name, which);
  }

  /**
   * Creates or replaces. Throws `ConditionError` for a target condition or metric that cannot be read, and
   * `DeploymentError` for a deployment that is neither whole nor a layer.
   */
  put(settings: ConfigurationSettings): Configuration {
    const { content, id, targetCondition } = settings;
    const condition = readTarget(targetCondition);
    if (kindOf(content) === 'base') desiredByModule(content);
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
    this.keep(configuration, condition);
    this.reconcileAll();
    return configuration;
  }

  get(id: string): Configuration | undefined {
    return this.kept.get(id)?.configuration;
  }

  list(): readonly Configuration[] {
    return [...this.kept.values()].map(({ configuration }) => configuration);
  }

  /** Devices keep what it gave them until another configuration targets them; a layer is taken off again. */
  remove(id: string): void {
    this.kept.delete(id);
    this.reconcileAll();
  }

  /** What a twin says of its configurations: `{ "<id>": { "status": "Applied" | "Targeted" } }`. */
  statusOf(name: string): Properties {
    const record = this.hub.registry.find(name);
    if (record === undefined) return {};
    const targeting = [...this.kept.values()].filter((kept) => this.targets(kept, record));
    return Object.fromEntries(
      targeting.map(({ configuration: { id } }) => [
        id,
        { status: this.hasApplied(name, id) ? 'Applied' : 'Targeted' },
      ]),
    );
  }

  metrics(id: string): ConfigurationMetrics {
    const kept = this.kept.get(id);
    if (kept === undefined) throw new RangeError(`there is no configuration '${id}'`);
    const { devices, modules } = this.hub.registry;
    const targeted = [...devices, ...modules].filter((record) => this.targets(kept, record));
    const applied = targeted.filter(({ identity }) => this.hasApplied(nameOf(identity), id));
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

  private keep(configuration: Configuration, condition: Condition | null): void {
    this.kept.set(configuration.id, { configuration, kind: kindOf(configuration.content), condition });
  }

  private hasApplied(name: string, id: string): boolean {
    return this.applied.get(name)?.some((each) => each.id === id) ?? false;
  }

  private reconcileAll(): void {
    for (const listener of this.listeners) listener();
    const { devices, modules } = this.hub.registry;
    for (const { identity } of [...devices, ...modules]) this.reconcile(nameOf(identity));
  }

  /** Gives a device or module the configurations that are due to it. */
  private reconcile(name: string): void {
    // What applying changes in twins must not start it again.
    if (this.reconciling || this.kept.size === 0) return;
    const record = this.hub.registry.find(name);
    const due = record === undefined ? [] : this.dueTo(record);
    if (due.length === 0) return;
    const applied = due.map(({ configuration: { etag, id } }) => ({ id, etag }));
    if (isDeepStrictEqual(this.applied.get(name), applied)) return;
    this.reconciling = true;
    try {
      this.apply(name, due);
      this.applied.set(name, applied);
      for (const listener of this.listeners) listener();
      for (const { id } of applied) {
        this.hub.services.trace.record('iot-hub', name, 'configured', { configuration: id });
      }
    } finally {
      this.reconciling = false;
    }
    // A deployment may have made modules that are targets themselves.
    for (const module of this.hub.registry.modulesOf(name)) this.reconcile(`${name}/${module}`);
  }

  /** In the order in which they apply: the twin's own, then the base deployment and the layers on it. */
  private dueTo(record: IdentityRecord): readonly Kept[] {
    const targeting = [...this.kept.values()]
      .filter((kept) => this.targets(kept, record))
      // Stable: of equal priorities the newer stays behind the older.
      .sort((one, other) => one.configuration.priority - other.configuration.priority);
    const last = (kind: ContentKind) => targeting.findLast((each) => each.kind === kind);
    const own = last(record.identity.moduleId === null ? 'device' : 'module');
    const base = last('base');
    // "Any layered deployments targeting a device must have a higher priority than the base deployment."
    const layers = targeting.filter(
      ({ configuration: { priority }, kind }) =>
        kind === 'layer' && base !== undefined && priority > base.configuration.priority,
    );
    return [...(own === undefined ? [] : [own]), ...(base === undefined ? [] : [base, ...layers])];
  }

  private apply(name: string, due: readonly Kept[]): void {
    const contents = (kind: ContentKind) =>
      due.filter((kept) => kept.kind === kind).map(({ configuration }) => configuration.content);
    for (const { deviceContent, moduleContent } of [...contents('device'), ...contents('module')]) {
      const content = deviceContent ?? moduleContent;
      if (isObject(content)) this.hub.twins.patchDesired(name, laidOn({}, content));
    }
    const [base] = contents('base');
    if (base !== undefined) bringTo(this.hub, name, withLayers(desiredByModule(base), contents('layer')));
  }

  private targets({ condition, configuration, kind }: Kept, record: IdentityRecord): boolean {
    const { targetCondition } = configuration;
    if (kind === null || (kind === 'module') !== (record.identity.moduleId !== null)) return false;
    // Deployments of modules are for IoT Edge devices alone.
    if ((kind === 'base' || kind === 'layer') && !record.isEdge) return false;
    if (condition === null) return targetCondition.trim() === '*';
    return matches(condition, targetView(this.hub, record));
  }

  private reportedCode(deviceId: string): number | null {
    const status = this.hub.twins.get(`${deviceId}/$edgeAgent`).reported.properties.lastDesiredStatus;
    const code = isObject(status) ? status.code : undefined;
    return typeof code === 'number' ? code : null;
  }
}

/** Of a configuration of modules, which alone is written with a FROM. */
const FROM_MODULES = /^\s*from\s+devices\.modules\s+where\s/i;

/** Throws `ConditionError` when it cannot be read; null for `''` and `'*'`. */
function readTarget(text: string): Condition | null {
  const trimmed = text.replace(FROM_MODULES, '').trim();
  return trimmed === '' || trimmed === '*' ? null : parseCondition(trimmed);
}

/** A twin without its configurations, which depend on the target conditions themselves. */
function targetView(hub: IotHub, { identity }: IdentityRecord): TwinView {
  const twin = hub.twins.get(nameOf(identity));
  const { deviceId, moduleId } = identity;
  return {
    deviceId,
    ...(moduleId === null ? {} : { moduleId }),
    tags: twin.tags,
    properties: { desired: twin.desired.properties, reported: twin.reported.properties },
  };
}
