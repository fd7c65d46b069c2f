/**
 * The memory of operators as plain data, so that a job can be killed and resumed. An operator names the fields
 * that are its state; everything else of it (code, settings, connections) comes from the plan again.
 */

import { NUMERIC_CLASSES } from '../functions/aggregates.js';
import { COLLECTING_CLASSES } from '../functions/collecting-aggregates.js';
import { DistinctValues } from '../functions/distinct-values.js';
import { Partitions } from './analytics.js';
import { TimeQueue } from './arrival/time-queue.js';
import { ScriptAccumulator } from './compile/scripts.js';
import { Tuple } from './event.js';
import { JoinKey, JoinKeys } from './joins/join-keys.js';
import { KeptRows } from './joins/kept-rows.js';
import { Queue } from './queue.js';
import { DateTime } from './values/date-time.js';
import { Float } from './values/values.js';
import { KeyedMap, LastKeys } from './windows/groups.js';
import { KeyIds } from './windows/key-ids.js';
import { PaneQueue } from './windows/pane-queue.js';
import { RecencyList } from './windows/recency-list.js';
import { Session } from './windows/session.js';
import { SweptMap } from './windows/swept-map.js';

/** An operator with a memory. */
export interface Stateful {
  readonly stateFields: readonly string[];
}

type AnyClass = { readonly prototype: object; readonly name: string };

const CLASSES: ReadonlyMap<string, AnyClass> = new Map(
  [
    ...[
      DateTime,
      DistinctValues,
      Float,
      JoinKey,
      JoinKeys,
      KeptRows,
      KeyIds,
      KeyedMap,
      LastKeys,
      PaneQueue,
      Partitions,
      Queue,
      RecencyList,
      ScriptAccumulator,
      Session,
      SweptMap,
      TimeQueue,
      Tuple,
    ],
    ...NUMERIC_CLASSES,
    ...COLLECTING_CLASSES,
  ].map((known: AnyClass) => [known.name, known]),
);

/** What a reference to something that is not state is written as; `index` counts the externals. */
interface External {
  readonly $: 'external';
  readonly index: number;
}
/** The object with number `id`, written before. */
interface Reference {
  readonly $: 'seen';
  readonly id: number;
}
interface Written {
  readonly $: string;
  readonly id: number;
  readonly content: unknown;
}

/**
 * Writes values as data that `v8.serialize` takes: shared objects once, instances with the name of their class.
 * `externals` are the objects that state may point to and that are there again when it is read.
 */
export class StateWriter {
  private readonly ids = new Map<object, number>();

  constructor(private readonly externals: readonly unknown[]) {}

  write(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const external = this.externals.indexOf(value);
    if (external >= 0) return { $: 'external', index: external } satisfies External;
    const known = this.ids.get(value);
    if (known !== undefined) return { $: 'seen', id: known } satisfies Reference;
    const id = this.ids.size;
    this.ids.set(value, id);
    const kind = kindOf(value);
    return { $: kind, id, content: this.content(value) } satisfies Written;
  }

  /** The state fields of an operator. */
  fields(operator: Stateful): unknown {
    const source = operator as unknown as Readonly<Record<string, unknown>>;
    return operator.stateFields.map((field) => this.write(source[field]));
  }

  private content(value: object): unknown {
    if (isNumbers(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.write(item));
    if (value instanceof Map) return [...value].map(([key, item]) => [this.write(key), this.write(item)]);
    if (value instanceof Set) return [...value].map((item) => this.write(item));
    return Object.entries(value).map(([name, item]) => [name, this.write(item)]);
  }
}

/** Arrays that `v8.serialize` takes as they are. */
function isNumbers(value: unknown): value is Int32Array | Float64Array {
  return value instanceof Int32Array || value instanceof Float64Array;
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return 'array';
  if (value instanceof Map) return 'map';
  if (value instanceof Set) return 'set';
  if (isNumbers(value)) return 'numbers';
  const { name } = value.constructor ?? Object;
  if (CLASSES.has(name)) return name;
  if (name === 'Object') return 'object';
  throw new Error(`state of class ${name} cannot be written`);
}

/** Reads what a StateWriter wrote. */
export class StateReader {
  private readonly objects: object[] = [];

  constructor(private readonly externals: readonly unknown[]) {}

  read(data: unknown): unknown {
    if (typeof data !== 'object' || data === null) return data;
    const written = data as External | Reference | Written;
    if ('index' in written) return this.externals[written.index];
    if (!('content' in written)) return this.objects[written.id];
    if (isNumbers(written.content)) {
      this.objects[written.id] = written.content;
      return written.content;
    }
    const value = blank(written.$);
    this.objects[written.id] = value;
    this.fill(value, written.content as readonly unknown[]);
    return value;
  }

  /** Gives an operator back its state. */
  fields(operator: Stateful, data: unknown): void {
    const values = data as readonly unknown[];
    const target = operator as unknown as Record<string, unknown>;
    for (const [i, field] of operator.stateFields.entries()) target[field] = this.read(values[i]);
  }

  private fill(value: object, content: readonly unknown[]): void {
    if (Array.isArray(value)) for (const item of content) value.push(this.read(item));
    else if (value instanceof Set) for (const item of content) value.add(this.read(item));
    else {
      for (const entry of content) {
        const [key, item] = entry as readonly [unknown, unknown];
        if (value instanceof Map) value.set(this.read(key), this.read(item));
        else
          Object.defineProperty(value, String(key), {
            value: this.read(item),
            writable: true,
            enumerable: true,
            configurable: true,
          });
      }
    }
  }
}

function blank(kind: string): object {
  if (kind === 'array') return [];
  if (kind === 'map') return new Map();
  if (kind === 'set') return new Set();
  const known = CLASSES.get(kind);
  return known === undefined ? {} : (Object.create(known.prototype) as object);
}
