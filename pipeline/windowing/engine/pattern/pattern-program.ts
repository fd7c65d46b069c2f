/** PATTERN as a program: where a match may stand, and where it goes from there, the preferred way first. */
import type { PatternSyntax } from '../../language/parser/syntax.js';

export type Instruction =
  /** Takes one event for `variable`. */
  | { readonly kind: 'event'; readonly variable: string; readonly next: number }
  /** Goes on at any of these places, the earlier ones first. */
  | { readonly kind: 'fork'; to: readonly number[] }
  | { readonly kind: 'accept' };

export interface PatternProgram {
  readonly instructions: readonly Instruction[];
  readonly entry: number;
}

/** Compiles a pattern; quantifiers are greedy: to go on is preferred to going out. */
export function compilePattern(pattern: PatternSyntax): PatternProgram {
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction): number => instructions.push(instruction) - 1;
  const before = (item: PatternSyntax, next: number): number => {
    switch (item.kind) {
      case 'variable':
        return add({ kind: 'event', variable: item.name, next });
      case 'sequence':
        return item.items.reduceRight((after, part) => before(part, after), next);
      case 'choice':
        return add({ kind: 'fork', to: item.items.map((part) => before(part, next)) });
      case 'repeat':
        return repeated(item, next);
    }
  };
  const repeated = ({ item, min, max }: Repeat, next: number): number => {
    let entry = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: Extract<Instruction, { kind: 'fork' }> = { kind: 'fork', to: [] };
      entry = add(loop);
      loop.to = [before(item, entry), next];
    } else for (let i = min; i < max; i++) entry = add({ kind: 'fork', to: [before(item, entry), next] });
    for (let i = 0; i < min; i++) entry = before(item, entry);
    return entry;
  };
  return { entry: before(pattern, add({ kind: 'accept' })), instructions };
}

type Repeat = Extract<PatternSyntax, { kind: 'repeat' }>;
