/** A whole script → the plan of a job. */

import { bindExpression } from './bind-expression.js';
import { bindSelect } from './bind-select.js';
import { canonical } from './canonical.js';
import type { BindEnvironment } from './environment.js';
import type { InputPlan, JobPlan, OutputPlan, QueryPlan, RowShape, SourcePlan, StepPlan } from './plan.js';
import { QueryError } from './query-error.js';
import { Scope } from './scope.js';
import { suggest } from './suggest.js';
import type { Expression, QuerySyntax, ScriptSyntax, SourceSyntax } from './syntax.js';

/** The output of a SELECT without INTO ("If not specified, the default output stream is 'output'"). */
const DEFAULT_OUTPUT = 'output';

/** Resolves every name of a script. Throws QueryError at the first thing that Azure would refuse. */
export function bindScript(script: ScriptSyntax, environment: BindEnvironment): JobPlan {
  return new ScriptBinder(script, environment).bind();
}

class ScriptBinder {
  private readonly steps = new Map<string, StepPlan>();
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
      const query = this.bindQuery(step.query);
      this.steps.set(key, { kind: 'step', name: step.name, query, shape: query.shape });
    }
    const outputs = this.script.outputs.map(
      (query): OutputPlan => ({
        output: outputOf(query),
        query: this.bindQuery(query),
      }),
    );
    for (const step of this.steps.values()) {
      if (!this.used.has(step.name.toLowerCase())) this.warnings.push(`Step '${step.name}' is never used`);
    }
    return { outputs, warnings: this.warnings };
  }

  private bindQuery(query: QuerySyntax): QueryPlan {
    const selects = query.selects.map((select) =>
      bindSelect(select, this.environment, (source) => this.bindSource(source)),
    );
    return { selects, shape: unionShape(selects.map((select) => select.shape)) };
  }

  private bindSource(source: SourceSyntax): SourcePlan['from'] {
    if (source.query !== undefined) {
      this.refuseTimestampBy(source, 'a subquery');
      const query = this.bindQuery(source.query);
      return { kind: 'step', name: source.alias, query, shape: query.shape };
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
      return { kind: 'reference', name: reference };
    }
    return this.bindInput(source, key);
  }

  private bindInput(source: SourceSyntax, key: string): InputPlan {
    const { inputs } = this.environment;
    const name = inputs === undefined ? source.name : inputs.find((input) => input.toLowerCase() === key);
    if (name === undefined) throw this.unknownInput(source, inputs ?? []);
    const table = this.script.tables.find((candidate) => candidate.name.toLowerCase() === key);
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
  const named = query.selects.map((select) => select.into).filter((into) => into !== undefined);
  return named[0] ?? DEFAULT_OUTPUT;
}

/** What a union is known to have: the columns of all, of one type where all agree. */
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
