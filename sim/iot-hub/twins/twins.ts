import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { KernelServices } from '../../kernel/services.js';
import {
  changeTags,
  emptyTwin,
  type PatchOutcome,
  patchHalf,
  replaceHalf,
  type TagsOutcome,
  type TwinDocument,
} from './twin-document.js';

/** Called when desired properties changed, with the patch and the new `$version`. */
export type DesiredListener = (name: string, patch: Properties) => void;

/** A change to a twin, as it was asked for. */
export interface TwinChange {
  readonly part: 'desired' | 'reported' | 'tags';
  readonly how: 'updateTwin' | 'replaceTwin';
  readonly patch: Properties;
}

export type TwinListener = (name: string, change: TwinChange) => void;

/** The twins of all identities of a hub. */
export class TwinStore {
  private readonly twins = new Map<string, TwinDocument>();
  private readonly services: KernelServices;
  private readonly onDesired: DesiredListener;
  private readonly listeners: TwinListener[] = [];

  constructor(services: KernelServices, onDesired: DesiredListener) {
    this.services = services;
    this.onDesired = onDesired;
  }

  /** `listener` hears of every change to a twin. */
  onChanged(listener: TwinListener): void {
    this.listeners.push(listener);
  }

  get(name: string): TwinDocument {
    const known = this.twins.get(name);
    if (known !== undefined) return known;
    const fresh = emptyTwin(this.services.clock.now());
    this.twins.set(name, fresh);
    return fresh;
  }

  patchDesired(name: string, patch: Json): PatchOutcome {
    const outcome = patchHalf(this.get(name).desired, patch, this.services.clock.now());
    return this.keepDesired(name, outcome, patch as Properties, 'updateTwin');
  }

  /** The whole of the desired properties anew; what is missing in `properties` is deleted. */
  replaceDesired(name: string, properties: Properties): PatchOutcome {
    const before = this.get(name).desired;
    const outcome = replaceHalf(before, properties, this.services.clock.now());
    const deletions = Object.keys(before.properties).filter((key) => !(key in properties));
    const patch = { ...Object.fromEntries(deletions.map((key) => [key, null])), ...properties };
    return this.keepDesired(name, outcome, patch, 'replaceTwin');
  }

  patchReported(name: string, patch: Json): PatchOutcome {
    const twin = this.get(name);
    const outcome = patchHalf(twin.reported, patch, this.services.clock.now());
    if (outcome.ok) {
      const change = { part: 'reported', how: 'updateTwin', patch: patch as Properties } as const;
      this.keep(name, { ...twin, reported: outcome.half }, change);
      this.services.trace.record('iot-hub', name, 'reported', { version: outcome.half.version });
    }
    return outcome;
  }

  /** Merges `patch` into the tags, or puts it in their place. */
  changeTags(name: string, patch: Json, how: 'merge' | 'replace'): TagsOutcome {
    const twin = this.get(name);
    const outcome = changeTags(how === 'merge' ? twin.tags : {}, patch);
    if (outcome.ok) {
      const opType = how === 'merge' ? 'updateTwin' : 'replaceTwin';
      this.keep(
        name,
        { ...twin, tags: outcome.tags },
        { part: 'tags', how: opType, patch: patch as Properties },
      );
    }
    return outcome;
  }

  /** Puts twins back as they were saved. */
  restore(twins: readonly (readonly [string, TwinDocument])[]): void {
    for (const [name, twin] of twins) this.twins.set(name, twin);
  }

  /** All twins that were ever used, by name. */
  entries(): readonly (readonly [string, TwinDocument])[] {
    return [...this.twins];
  }

  remove(name: string): void {
    this.twins.delete(name);
  }

  private keepDesired(
    name: string,
    outcome: PatchOutcome,
    patch: Properties,
    how: TwinChange['how'],
  ): PatchOutcome {
    if (!outcome.ok) return outcome;
    this.keep(name, { ...this.get(name), desired: outcome.half }, { part: 'desired', how, patch });
    this.services.trace.record('iot-hub', name, 'desired', { version: outcome.half.version });
    this.onDesired(name, { ...patch, $version: outcome.half.version });
    return outcome;
  }

  private keep(name: string, twin: TwinDocument, change: TwinChange): void {
    this.twins.set(name, { ...twin, revision: twin.revision + 1 });
    for (const listener of this.listeners) listener(name, change);
  }
}
