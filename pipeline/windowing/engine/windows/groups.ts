/** Groups of a window: states by key, in the order in which they came. */

import { KeyIds } from './key-ids.js';

/** The state of one group; generated code alone knows its fields. */
export interface GroupState {
  readonly [field: string]: unknown;
}

/** Groups by their last key. */
export class LastKeys {
  readonly ids = new KeyIds();
  /** By the number of the key. */
  readonly states: GroupState[] = [];
}

export interface Groups {
  /** Replaced by the first group that comes: most windows of sessions and instants have one. */
  states: GroupState[];
  /** The group, while there is no other: nothing is looked up then. */
  only: GroupState | null;
  /** Nested maps, one level a key and the last a table, once there are several groups. */
  index: Map<unknown, unknown> | LastKeys | null;
}

const NO_STATES: GroupState[] = [];

export function emptyGroups(): Groups {
  return { states: NO_STATES, only: null, index: null };
}

/** Lets go of all groups. */
export function clearGroups(groups: Groups): void {
  groups.states = NO_STATES;
  groups.only = null;
  groups.index = null;
}

/** The index of groups of which there was one so far; `keys` are its keys. */
export function indexOnly(groups: Groups, keys: readonly unknown[]): Groups['index'] {
  const last = new LastKeys();
  if (groups.only !== null) last.states[last.ids.idOf(keys.at(-1))] = groups.only;
  groups.index = keys
    .slice(0, -1)
    .reduceRight<Map<unknown, unknown> | LastKeys>((inner, key) => new Map([[key, inner]]), last);
  groups.only = null;
  return groups.index;
}

/** Values by a list of keys, without building a text of them. */
export class KeyedMap<V> {
  private readonly root = new Map<unknown, unknown>();

  get(keys: readonly unknown[]): V | undefined {
    if (keys.length === 1) return this.root.get(keys[0]) as V | undefined;
    let node: unknown = this.root;
    for (const key of keys) {
      node = (node as Map<unknown, unknown>).get(key);
      if (node === undefined) return undefined;
    }
    return keys.length === 0 ? (this.root.get(undefined) as V | undefined) : (node as V);
  }

  set(keys: readonly unknown[], value: V): void {
    let node = this.root;
    for (const key of keys.slice(0, -1)) {
      let next = node.get(key) as Map<unknown, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(key, next);
      }
      node = next;
    }
    node.set(keys[keys.length - 1], value);
  }

  delete(keys: readonly unknown[]): void {
    this.deleteFrom(this.root, keys, 0);
  }

  /** Deletes every value for which that holds. */
  removeWhere(isRemoved: (value: V) => boolean): void {
    this.removeFrom(this.root, isRemoved);
  }

  private removeFrom(node: Map<unknown, unknown>, isRemoved: (value: V) => boolean): void {
    for (const [key, item] of node) {
      if (item instanceof Map) this.removeFrom(item, isRemoved);
      if (item instanceof Map ? item.size === 0 : isRemoved(item as V)) node.delete(key);
    }
  }

  private deleteFrom(node: Map<unknown, unknown>, keys: readonly unknown[], depth: number): void {
    if (depth >= keys.length - 1) {
      node.delete(keys[depth]);
      return;
    }
    const next = node.get(keys[depth]) as Map<unknown, unknown> | undefined;
    if (next === undefined) return;
    this.deleteFrom(next, keys, depth + 1);
    if (next.size === 0) node.delete(keys[depth]);
  }
}
