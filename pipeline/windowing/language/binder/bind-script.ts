/** A whole script → the plan of a job. */

import type {
  CreateTableSyntax,
  Expression,
  QuerySyntax,
  ScriptSyntax,
  SelectSyntax,
  SourceSyntax,
} from '../parser/syntax.js';
import type {
  InputPlan,
  JobPlan,
  OutputPlan,
  QueryPlan,
  ReferencePlan,
  RowShape,
  SelectPlan,
  SourcePlan,
  StepPlan,
} from '../plan.js';
import { QueryError } from '../query-error.js';
import { suggest } from '../suggest.js';
import { bindExpression } from './bind-expression.js';
import { bindSelect } from './bind-select.js';
import { canonical } from './canonical.js';
import type { BindEnvironment } from './environment.js';
import { Scope } from './scope.js';

/** The output of a SELECT without INTO ("If not specified, the default output stream is 'output'"). */
const DEFAULT_OUTPUT = 'output';

/** Resolves every name of a script. Throws QueryError at the first thing that Azure would refuse. */
export function bindScript(script: ScriptSyntax, environment: BindEnvironment): JobPlan {
  return new ScriptBinder(script, environment).bind();
}

class ScriptBinder {
  private readonly steps = new Map<string, StepPlan | ReferencePlan>();
  /** Reading an input twice in the same way is reading it once. */
  private readonly inputs = new Map<string, InputPlan>();
  private readonly warnings: string[] = [];
  private readonly used = new Set<string>();

  constructor(
    private readonly script: ScriptSyntax,
    private readonly environment: BindEnvironment,
  ) {}

  bind(): JobPlan {
    for (const step of this.script.steps) {
      const key = step.name.toLowerCase();
      if (this.steps.has(key)) {
        throw new QueryError({
          code: 'FF_QUERY_DUPLICATE_STEP',
          message: `There are two steps called '${step.name}'`,
          position: step.position,
          length: step.name.length,
          expected: 'a name of its own for each step',
        });
      }
      this.steps.set(key, this.bindInner(step.name, step.query));
    }
    const outputs = this.script.outputs.map(
      (query): OutputPlan => ({
        output: outputOf(query),
        query: this.bindOutput(query),
      }),
    );
    for (const { name } of this.script.tables) {
      const known = [...[...this.inputs.values()].map((input) => input.name), ...this.environment.references];
      const isRead = known.some((candidate) => candidate.toLowerCase() === name.toLowerCase());
      if (!isRead) this.warnings.push(`CREATE TABLE '${name}' types an input that no query reads`);
    }
    for (const step of this.steps.values()) {
      if (!this.used.has(step.name.toLowerCase())) this.warnings.push(`Step '${step.name}' is never used`);
    }
    return { outputs, tables: this.script.tables, warnings: this.warnings };
  }

  private bindOutput(query: QuerySyntax): QueryPlan {
    const plan = this.bindQuery(query);
    for (const [i, { source }] of plan.selects.entries()) {
      if (source.from.kind === 'reference') throw referenceAlone(query.selects[i], source.from.name);
    }
    return plan;
  }

  /** A step, or a query in FROM. One that reads reference data alone gives reference data. */
  private bindInner(name: string, query: QuerySyntax): StepPlan | ReferencePlan {
    for (const { into } of query.selects) if (into !== undefined) throw intoInside(name, into);
    const plan = this.bindQuery(query);
    if (!plan.selects.some((select) => select.source.from.kind === 'reference')) {
      return { kind: 'step', name, query: plan, shape: plan.shape };
    }
    for (const [i, select] of plan.selects.entries()) {
      const needsTime =
        select.grouping !== undefined ||
        select.analytics.length > 0 ||
        select.combinators.some((combinator) => combinator.kind === 'streamJoin');
      if (select.source.from.kind !== 'reference' || needsTime) throw referenceAlone(query.selects[i], name);
    }
    return { kind: 'reference', name, query: plan, shape: plan.shape };
  }

  private bindQuery(query: QuerySyntax): QueryPlan {
    const selects = query.selects.map((select) =>
      bindSelect(select, this.environment, (source) => this.bindSource(source)),
    );
    refuseOtherColumns(selects);
    return { selects, shape: unionShape(selects.map((select) => select.shape)) };
  }

  private bindSource(source: SourceSyntax): SourcePlan['from'] {
    if (source.query !== undefined) {
      this.refuseTimestampBy(source, 'a subquery');
      return this.bindInner(source.alias, source.query);
    }
    const key = source.name.toLowerCase();
    const step = this.steps.get(key);
    if (step !== undefined) {
      this.used.add(key);
      this.refuseTimestampBy(source, `the step '${step.name}'`);
      return step;
    }
    const reference = this.environment.references.find((name) => name.toLowerCase() === key);
    if (reference !== undefined) {
      this.refuseTimestampBy(source, `the reference data '${reference}'`);
      return {
        kind: 'reference',
        name: reference,
        query: undefined,
        shape: { columns: this.tableOf(key)?.columns ?? [], open: true },
      };
    }
    return this.bindInput(source, key);
  }

  private tableOf(key: string): CreateTableSyntax | undefined {
    return this.script.tables.find((candidate) => candidate.name.toLowerCase() === key);
  }

  private bindInput(source: SourceSyntax, key: string): InputPlan {
    const { inputs } = this.environment;
    const name = inputs === undefined ? source.name : inputs.find((input) => input.toLowerCase() === key);
    if (name === undefined) throw this.unknownInput(source, inputs ?? []);
    const table = this.tableOf(key);
    const shape: RowShape = { columns: table?.columns ?? [], open: true };
    const context = {
      scope: new Scope([{ alias: source.alias, shape }]),
      environment: this.environment,
      analytics: undefined,
      group: undefined,
      inJoin: false,
    };
    const bind = (expression: Expression) => bindExpression(expression, context);
    const clauses = [
      source.timestampBy?.expression,
      ...(source.timestampBy?.over ?? []),
      ...source.partitionBy,
    ];
    const identity = [
      key,
      ...clauses.map((clause) => (clause === undefined ? '' : canonical(clause, context.scope))),
    ];
    const cacheKey = `${identity.join('\n')}\n${source.partitionBy.length}`;
    const known = this.inputs.get(cacheKey);
    if (known !== undefined) return known;
    const plan: InputPlan = {
      kind: 'input',
      name,
      timestampBy: source.timestampBy === undefined ? undefined : bind(source.timestampBy.expression),
      over: (source.timestampBy?.over ?? []).map(bind),
      table,
      partitionBy: source.partitionBy.map(bind),
    };
    this.inputs.set(cacheKey, plan);
    return plan;
  }

  private refuseTimestampBy(source: SourceSyntax, what: string): void {
    if (source.timestampBy === undefined) return;
    throw new QueryError({
      code: 'FF_QUERY_TIMESTAMP_BY_STEP',
      message: `TIMESTAMP BY cannot be used on ${what}: its rows already have their time`,
      position: source.timestampBy.position,
      length: 'TIMESTAMP BY'.length,
      expected: 'TIMESTAMP BY where the stream input itself is read',
    });
  }

  private unknownInput(source: SourceSyntax, inputs: readonly string[]): QueryError {
    const names = [
      ...inputs,
      ...this.environment.references,
      ...[...this.steps.values()].map((step) => step.name),
    ];
    const suggestion = suggest(source.name, names);
    return new QueryError({
      code: 'FF_QUERY_UNKNOWN_INPUT',
      message: `There is no input or step called '${source.name}'`,
      position: source.position,
      length: source.name.length,
      expected: names.length === 0 ? 'an input of the job' : `one of ${names.join(', ')}`,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
}

function outputOf(query: QuerySyntax): string {
  const [first, ...others] = query.selects.flatMap(({ into }) => (into === undefined ? [] : [into]));
  const other = others.find((into) => into.name.toLowerCase() !== first?.name.toLowerCase());
  if (other !== undefined) {
    throw new QueryError({
      code: 'FF_QUERY_INTO',
      message: `A union is one result, and cannot go to '${first?.name}' and '${other.name}'`,
      position: other.position,
      length: 'INTO'.length,
      expected: 'INTO in the first SELECT of the union alone',
    });
  }
  return first?.name ?? DEFAULT_OUTPUT;
}

/** "You cannot use SELECT … INTO in a WITH clause" (INTO page). */
function intoInside(name: string, into: NonNullable<SelectSyntax['into']>): QueryError {
  return new QueryError({
    code: 'FF_QUERY_INTO',
    message: `INTO cannot be used inside '${name}'`,
    position: into.position,
    length: 'INTO'.length,
    expected: `INTO in a SELECT of its own: SELECT * INTO ${into.name} FROM ${name}`,
  });
}

function referenceAlone(select: SelectSyntax | undefined, name: string): QueryError {
  return new QueryError({
    code: 'FF_QUERY_REFERENCE_ALONE',
    message: `'${name}' is reference data, which can only be joined to a stream`,
    position: select?.from.position ?? { line: 1, column: 1 },
    length: select?.from.name.length ?? 1,
    expected: 'a stream input in FROM, and the reference data in JOIN',
  });
}

/** What a union is known to have: the columns of all, of one type where all agree. */
/** "The number and the order of the columns must be the same in all queries" (UNION page). */
function refuseOtherColumns(selects: readonly SelectPlan[]): void {
  const [first, ...others] = selects.filter(({ shape }) => !shape.open);
  const other = others.find(({ shape }) => shape.columns.length !== first?.shape.columns.length);
  if (first === undefined || other === undefined) return;
  const counts = [first, other].map(({ shape }) => shape.columns.length);
  throw new QueryError({
    code: 'FF_QUERY_UNION',
    message: `The queries of a UNION need the same columns, and these have ${counts.join(' and ')}`,
    position: other.position,
    length: 'SELECT'.length,
    expected: `${first.shape.columns.map(({ name }) => name).join(', ')}, as in the first query`,
  });
}

function unionShape(shapes: readonly RowShape[]): RowShape {
  const [first, ...rest] = shapes;
  if (first === undefined || rest.length === 0) return first ?? { columns: [], open: true };
  const columns = new Map(first.columns.map((column) => [column.name.toLowerCase(), column]));
  let spelledAlike = true;
  for (const shape of rest) {
    for (const column of shape.columns) {
      const known = columns.get(column.name.toLowerCase());
      if (known === undefined) columns.set(column.name.toLowerCase(), column);
      else {
        spelledAlike &&= known.name === column.name;
        if (known.type !== column.type)
          columns.set(column.name.toLowerCase(), { name: known.name, type: 'any' });
      }
    }
    spelledAlike &&= shape.columns.length === first.columns.length;
  }
  // Where the queries spell a column differently, rows must be searched in any case.
  return { columns: [...columns.values()], open: shapes.some((shape) => shape.open) || !spelledAlike };
}
