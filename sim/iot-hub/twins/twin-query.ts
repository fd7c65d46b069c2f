/**
 * The query language over twins ("IoT Hub query language for device and module twins"):
 * `SELECT … FROM devices | devices.modules [WHERE …] [GROUP BY …]`, with COUNT, SUM, AVG, MIN and MAX.
 */
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import { type Condition, readCondition, readPath } from '../../../pipeline/deployment/condition/condition.js';
import { holds, propertyAt, unknownFunctions } from '../../../pipeline/deployment/condition/evaluate.js';
import { ConditionError, TokenReader } from '../../../pipeline/deployment/condition/tokens.js';
import type { IotHub } from '../core.js';
import { type TwinView, viewOf } from './twin-view.js';

type Aggregate = 'count' | 'sum' | 'avg' | 'min' | 'max';

type Column =
  | { readonly kind: 'property'; readonly path: readonly string[]; readonly name: string }
  | {
      readonly kind: 'aggregate';
      readonly how: Aggregate;
      readonly path: readonly string[];
      readonly name: string;
    };

export interface TwinQuery {
  /** Null: the whole twins. */
  readonly columns: readonly Column[] | null;
  readonly from: 'devices' | 'modules';
  readonly where: Condition | null;
  readonly groupBy: readonly (readonly string[])[];
}

/** Throws `ConditionError`. */
export function parseTwinQuery(source: string): TwinQuery {
  const reader = new TokenReader(source);
  reader.expect('select');
  const columns = reader.takeIf('*') ? null : readColumns(reader);
  reader.expect('from');
  reader.expect('devices');
  const from = readCollection(reader);
  const where = reader.takeIf('where') ? readCondition(reader) : null;
  const groupBy: (readonly string[])[] = [];
  if (reader.takeIf('group')) {
    reader.expect('by');
    do groupBy.push(readPath(reader));
    while (reader.takeIf(','));
  }
  reader.expectEnd();
  const [unknown] = where === null ? [] : unknownFunctions(where);
  if (unknown !== undefined) throw new ConditionError(`there is no function '${unknown}'`);
  return { columns, from, where, groupBy };
}

/** The rows that `query` gives now. */
export function runTwinQuery(hub: IotHub, query: TwinQuery): readonly TwinView[] {
  const records = query.from === 'devices' ? hub.registry.devices : hub.registry.modules;
  const twins = records.map((record) => viewOf(hub, record)).filter((twin) => matches(query.where, twin));
  const { columns, groupBy } = query;
  if (columns === null) return twins;
  if (groupBy.length === 0 && !columns.some(({ kind }) => kind === 'aggregate')) {
    return twins.map((twin) => rowOf(columns, [twin]));
  }
  return groupsOf(twins, groupBy).map((group) => rowOf(columns, group));
}

/** Whether a twin is in the target of `where`; everything is when there is none. */
export function matches(where: Condition | null, twin: TwinView): boolean {
  return where === null || holds(where, (segments) => propertyAt(twin, segments));
}

/** What stands after `FROM devices`. */
function readCollection(reader: TokenReader): TwinQuery['from'] {
  if (!reader.takeIf('.')) return 'devices';
  reader.expect('modules');
  return 'modules';
}

const AGGREGATES: readonly string[] = ['count', 'sum', 'avg', 'min', 'max'] satisfies readonly Aggregate[];

function readColumns(reader: TokenReader): readonly Column[] {
  const columns: Column[] = [];
  do columns.push(readColumn(reader));
  while (reader.takeIf(','));
  return columns;
}

function readColumn(reader: TokenReader): Column {
  const path = readPath(reader);
  const [word = ''] = path;
  const last = path.at(-1) ?? word;
  if (path.length === 1 && AGGREGATES.includes(word.toLowerCase()) && reader.takeIf('(')) {
    const operand = reader.takeIf(')') ? [] : readPath(reader);
    if (operand.length > 0) reader.expect(')');
    const how = word.toLowerCase() as Aggregate;
    return { kind: 'aggregate', how, path: operand, name: readAlias(reader) ?? how };
  }
  return { kind: 'property', path, name: readAlias(reader) ?? last };
}

function readAlias(reader: TokenReader): string | undefined {
  return reader.takeIf('as') ? readPath(reader).at(-1) : undefined;
}

function groupsOf(
  twins: readonly TwinView[],
  groupBy: readonly (readonly string[])[],
): readonly (readonly TwinView[])[] {
  if (groupBy.length === 0) return [twins];
  const groups = new Map<string, TwinView[]>();
  for (const twin of twins) {
    const key = JSON.stringify(groupBy.map((path) => propertyAt(twin, path) ?? null));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [twin]);
    else group.push(twin);
  }
  return [...groups.values()];
}

function rowOf(columns: readonly Column[], group: readonly TwinView[]): TwinView {
  return Object.fromEntries(
    columns.flatMap((column): [string, Json][] => {
      const value =
        column.kind === 'aggregate'
          ? aggregate(column.how, column.path, group)
          : (propertyAt(group[0] ?? {}, column.path) as Json | undefined);
      return value === undefined ? [] : [[column.name, value]];
    }),
  );
}

function aggregate(how: Aggregate, path: readonly string[], group: readonly TwinView[]): number | undefined {
  if (how === 'count' && path.length === 0) return group.length;
  const values = group.map((twin) => propertyAt(twin, path));
  if (how === 'count') return values.filter((value) => value !== undefined).length;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, number) => total + number, 0);
  switch (how) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
  }
}
