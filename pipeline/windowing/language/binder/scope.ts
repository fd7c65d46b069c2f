/** Which rows an expression may read, and what a name in it means. */

import type { NameExpression } from '../parser/syntax.js';
import type { RowShape, StaticType } from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';

export interface ScopeSource {
  readonly alias: string;
  readonly shape: RowShape;
  /** What the alias stands for, where it stands for something that has a name. */
  readonly from?: { readonly name: string };
  /** Whether it is what an APPLY makes of one element. */
  readonly isElement?: boolean;
}

export type Resolved =
  | { readonly kind: 'record'; readonly source: number }
  | {
      readonly kind: 'column';
      readonly source: number;
      readonly name: string;
      readonly path: readonly string[];
      readonly exact: boolean;
      readonly type: StaticType;
    };

const NO_COLUMNS: RowShape = { columns: [], open: false };

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function hasColumn(shape: RowShape, name: string): boolean {
  return shape.columns.some((column) => same(column.name, name));
}

export class Scope {
  constructor(readonly sources: readonly ScopeSource[]) {}

  /** The source of that alias (identifiers are case-insensitive), -1 when there is none. */
  findSource(alias: string): number {
    return this.sources.findIndex((source) => same(source.alias, alias));
  }

  /**
   * The source of a join whose own name this is although it has an alias, as the documentation's examples write;
   * -1 when several are called so, or when it is rather a column.
   */
  private findNamed(name: string): number {
    if (this.sources.length < 2 || this.sources.some(({ shape }) => hasColumn(shape, name))) return -1;
    const named = this.sources.flatMap(({ from }, i) =>
      from !== undefined && same(from.name, name) ? [i] : [],
    );
    return named.length === 1 ? (named[0] ?? -1) : -1;
  }

  /**
   * `alias`, `alias.column.field…` or `column.field…`. Throws QueryError `FF_QUERY_UNKNOWN_COLUMN` or
   * `FF_QUERY_AMBIGUOUS_COLUMN`.
   */
  resolve(name: NameExpression): Resolved {
    const [first = '', ...rest] = name.parts;
    const aliased = this.findSource(first);
    const source = aliased < 0 && rest.length > 0 ? this.findNamed(first) : aliased;
    // Alone, a name is rather the column that some source surely has than a whole row, unless that is an element.
    const isColumn =
      rest.length === 0 &&
      this.sources[source]?.isElement !== true &&
      this.sources.some(({ shape }) => hasColumn(shape, first));
    if (source >= 0 && !isColumn) {
      const [column, ...path] = rest;
      return column === undefined ? { kind: 'record', source } : this.column(name, source, column, path);
    }
    return this.column(name, this.ownerOf(name, first), first, rest);
  }

  private column(name: NameExpression, source: number, column: string, path: readonly string[]): Resolved {
    const shape = this.sources[source]?.shape;
    const known = shape?.columns.find((candidate) => same(candidate.name, column));
    if (known === undefined && shape !== undefined && !shape.open) this.unknown(name, column, [source]);
    return {
      kind: 'column',
      source,
      name: known?.name ?? column,
      path,
      exact: known !== undefined && !shape?.open,
      type: path.length === 0 ? (known?.type ?? 'any') : 'any',
    };
  }

  /** The source that an unqualified column belongs to: one that surely has it, or the only one that may. */
  private ownerOf(name: NameExpression, column: string): number {
    const indexes = [...this.sources.keys()];
    const having = indexes.filter((i) => hasColumn(this.sources[i]?.shape ?? NO_COLUMNS, column));
    const candidates = having.length > 0 ? having : indexes.filter((i) => this.sources[i]?.shape.open);
    const [only] = candidates;
    if (only === undefined) this.unknown(name, column, indexes);
    if (candidates.length > 1) {
      const aliases = candidates.map((i) => this.sources[i]?.alias ?? '');
      const suggestion = name.parts.length > 1 ? suggest(column, aliases) : undefined;
      throw new QueryError({
        code: 'FF_QUERY_AMBIGUOUS_COLUMN',
        message: `${name.parts.length > 1 ? `'${column}' is no source, and column` : 'Column'} '${column}' could come from ${aliases.join(' or ')}`,
        position: name.position,
        length: name.end - name.start,
        expected: aliases.map((alias) => [alias, ...name.parts].join('.')).join(' or '),
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
    return only;
  }

  private unknown(name: NameExpression, column: string, sources: readonly number[]): never {
    const columns = sources.flatMap((i) => this.sources[i]?.shape.columns.map((known) => known.name) ?? []);
    const aliases = this.sources.map((source) => source.alias);
    const suggestion = suggest(column, [...columns, ...(name.parts.length > 1 ? aliases : [])]);
    throw new QueryError({
      code: 'FF_QUERY_UNKNOWN_COLUMN',
      message: `There is no column '${column}' in ${sources.map((i) => this.sources[i]?.alias).join(', ')}`,
      position: name.position,
      length: name.end - name.start,
      expected: `one of ${columns.join(', ')}`,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
}
