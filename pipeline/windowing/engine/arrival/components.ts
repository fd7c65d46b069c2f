/** Which outputs of a job are computed together: those that read a stream in common. */
import type { InputPlan, JobPlan, OutputPlan, QueryPlan } from '../../language/plan.js';

export interface ComponentPlan {
  readonly inputs: readonly InputPlan[];
  readonly outputs: readonly OutputPlan[];
}

export function componentsOf(plan: JobPlan): readonly ComponentPlan[] {
  let components: { inputs: Set<InputPlan>; outputs: OutputPlan[] }[] = [];
  for (const output of plan.outputs) {
    const inputs = new Set<InputPlan>();
    collectInputs(output.query, inputs);
    const joined = components.filter((component) => [...inputs].some((input) => component.inputs.has(input)));
    const merged = {
      inputs: new Set([...joined.flatMap((component) => [...component.inputs]), ...inputs]),
      outputs: [...joined.flatMap((component) => component.outputs), output],
    };
    components = [...components.filter((component) => !joined.includes(component)), merged];
  }
  return components.map(({ inputs, outputs }) => ({ inputs: [...inputs], outputs }));
}

function collectInputs(query: QueryPlan, into: Set<InputPlan>): void {
  for (const select of query.selects) {
    const sources = [
      select.source,
      ...select.combinators.flatMap((c) => (c.kind === 'apply' ? [] : [c.source])),
    ];
    for (const { from } of sources) {
      if (from.kind === 'input') into.add(from);
      else if (from.kind === 'step') collectInputs(from.query, into);
    }
  }
}
