/** The plan of a query in words, for `--explain`. */
import type {
  AggregatePlan,
  Bound,
  InputPlan,
  JobPlan,
  QueryPlan,
  ReferencePlan,
  SelectPlan,
  SourcePlan,
  StepPlan,
  WindowPlan,
} from './plan.js';

/** Steps that give a stream, and those that give reference data. */
type Step = StepPlan | ReferencePlan;

/** One line a part of the plan, indented by what it belongs to. */
export function explainPlan(plan: JobPlan): string {
  const lines: string[] = [];
  const steps = new Set<Step>();
  for (const { output, query } of plan.outputs) {
    lines.push(`output ${output}`);
    explainQuery(query, lines, 1, steps);
  }
  for (const step of steps) {
    lines.push(`step ${step.name}`);
    if (step.query !== undefined) explainQuery(step.query, lines, 1, steps);
  }
  for (const warning of plan.warnings) lines.push(`warning: ${warning}`);
  return lines.join('\n');
}

function explainQuery(query: QueryPlan, lines: string[], depth: number, steps: Set<Step>): void {
  if (query.selects.length > 1) lines.push(`${indent(depth)}union of ${query.selects.length}`);
  for (const select of query.selects)
    explainSelect(select, lines, query.selects.length > 1 ? depth + 1 : depth, steps);
}

const indent = (depth: number): string => '  '.repeat(depth);

function explainSelect(select: SelectPlan, lines: string[], depth: number, steps: Set<Step>): void {
  const say = (text: string): void => {
    lines.push(`${indent(depth)}${text}`);
  };
  const alias = (source: number): string =>
    source === 0 ? select.source.alias : combinatorAlias(select, source - 1);
  const show = (bound: Bound): string => expressionText(bound, alias);
  say(`${select.distinct ? 'distinct ' : ''}from ${sourceText(select.source, show, steps)}`);
  for (const combinator of select.combinators) {
    const outer = combinator.outer ? 'outer ' : '';
    if (combinator.kind === 'apply')
      say(`${outer}apply ${combinator.fn}(${show(combinator.value)}) as ${combinator.alias}`);
    else {
      const keys = combinator.leftKeys.map(
        (key, i) => `${show(key)} = ${show(combinator.rightKeys[i] ?? key)}`,
      );
      const bound =
        combinator.kind === 'streamJoin'
          ? [
              `${combinator.source.alias} − ${alias(combinator.bound.anchor)} in [${combinator.bound.lowMs}, ${combinator.bound.highMs}] ms`,
            ]
          : [];
      const rest = combinator.residual === undefined ? [] : [show(combinator.residual)];
      say(
        `${outer}join ${sourceText(combinator.source, show, steps)} on ${[...keys, ...bound, ...rest].join(' and ')}`,
      );
    }
  }
  for (const [i, analytic] of select.analytics.entries()) {
    const over = analytic.partitionBy.map(show).join(', ');
    say(`analytic ${i}: ${analytic.kind}${over === '' ? '' : ` by ${over}`}`);
  }
  if (select.where !== undefined) say(`where ${show(select.where)}`);
  if (select.grouping !== undefined) {
    const { grouping } = select;
    for (const window of grouping.windows) say(`window ${windowText(window)}`);
    if (grouping.keys.length > 0) say(`group by ${grouping.keys.map(show).join(', ')}`);
    for (const [i, aggregate] of grouping.aggregates.entries())
      say(`aggregate ${i}: ${aggregateText(aggregate, show)}`);
    if (grouping.having !== undefined) say(`having ${show(grouping.having)}`);
  }
  const columns = select.shape.columns.map((column) => `${column.name} ${column.type}`);
  say(`columns ${[...columns, ...(select.shape.open ? ['…'] : [])].join(', ')}`);
}

function combinatorAlias(select: SelectPlan, index: number): string {
  const combinator = select.combinators[index];
  if (combinator === undefined) return '?';
  return combinator.kind === 'apply' ? combinator.alias : combinator.source.alias;
}

function sourceText(source: SourcePlan, show: (bound: Bound) => string, steps: Set<Step>): string {
  const { from } = source;
  if (from.kind === 'step') {
    steps.add(from);
    return `step ${from.name}`;
  }
  if (from.kind === 'reference') {
    if (from.query !== undefined) steps.add(from);
    return `reference data ${from.name}`;
  }
  const time = from.timestampBy === undefined ? 'by arrival' : `by ${show(from.timestampBy)}`;
  return `input ${from.name} ${time}${overText(from, show)}${source.match === undefined ? '' : ', matched by pattern'}`;
}

function overText(input: InputPlan, show: (bound: Bound) => string): string {
  return input.over.length === 0 ? '' : ` over ${input.over.map(show).join(', ')}`;
}

function windowText(window: WindowPlan): string {
  const id = window.id === null ? '' : ` '${window.id}'`;
  switch (window.kind) {
    case 'hopping': {
      const offset = window.offsetMs === 0 ? '' : `, offset ${window.offsetMs} ms`;
      return window.tumbling
        ? `tumbling${id} ${window.sizeMs} ms${offset}`
        : `hopping${id} ${window.sizeMs} ms every ${window.hopMs} ms${offset}`;
    }
    case 'sliding':
      return `sliding${id} ${window.sizeMs} ms`;
    case 'session':
      return `session${id} timeout ${window.timeoutMs} ms, at most ${window.maxDurationMs} ms`;
    case 'snapshot':
      return `snapshot${id}`;
  }
}

function aggregateText(aggregate: AggregatePlan, show: (bound: Bound) => string): string {
  const args =
    aggregate.args.length === 0
      ? aggregate.fn.name === 'COUNT'
        ? '*'
        : ''
      : aggregate.args.map(show).join(', ');
  const order = aggregate.orderBy.map((item) => `${show(item.expression)}${item.descending ? ' desc' : ''}`);
  return `${aggregate.fn.name}(${aggregate.distinct ? 'distinct ' : ''}${args})${order.length === 0 ? '' : ` order by ${order.join(', ')}`}`;
}

function expressionText(bound: Bound, alias: (source: number) => string): string {
  const show = (inner: Bound): string => expressionText(inner, alias);
  switch (bound.kind) {
    case 'constant':
      return typeof bound.value === 'string' ? `'${bound.value}'` : String(bound.value);
    case 'column':
      return [alias(bound.source), bound.name, ...bound.path].join('.');
    case 'record':
      return alias(bound.source);
    case 'sourceTime':
      return `time of ${alias(bound.source)}`;
    case 'timestamp':
      return 'System.Timestamp()';
    case 'window':
      return 'System.Window()';
    case 'field':
      return `${show(bound.of)}.${bound.name}`;
    case 'scalar':
      return `${bound.fn.name}(${bound.args.map(show).join(', ')})`;
    case 'udf':
      return `udf.${bound.name}(${bound.args.map(show).join(', ')})`;
    case 'metadata':
      return `metadata ${show(bound.property)} of ${alias(bound.source)}`;
    case 'arithmetic':
    case 'compare':
      return `(${show(bound.left)} ${bound.operator} ${show(bound.right)})`;
    case 'and':
    case 'or':
      return `(${show(bound.left)} ${bound.kind} ${show(bound.right)})`;
    case 'not':
      return `not ${show(bound.operand)}`;
    case 'negate':
      return `-${show(bound.operand)}`;
    case 'complement':
      return `~${show(bound.operand)}`;
    case 'isNull':
      return `${show(bound.operand)} is null`;
    case 'in':
      return `${show(bound.operand)} in (${bound.items.map(show).join(', ')})`;
    case 'like':
      return `${show(bound.operand)} like ${show(bound.pattern)}`;
    case 'case':
      return `case ${bound.branches.map((branch) => `when ${show(branch.when)} then ${show(branch.result)}`).join(' ')} else ${show(bound.otherwise)} end`;
    case 'cast':
      return `${bound.lenient ? 'try_cast' : 'cast'}(${show(bound.operand)} as ${bound.to})`;
    case 'elapsed':
      return `elapsed from ${alias(bound.from)} to ${alias(bound.to)} in ${bound.unitMs} ms`;
    case 'key':
      return `key ${bound.index}`;
    case 'aggregate':
      return `aggregate ${bound.index}`;
    case 'analytic':
      return `analytic ${bound.index}`;
  }
}
