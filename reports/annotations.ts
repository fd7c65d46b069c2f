/** GitHub workflow commands: failed expectations show up at their line of the scenario. */
import type { RunRecord } from './run-record.js';

export function renderAnnotations(record: RunRecord): string {
  const failed = [
    ...record.expectations
      .filter(({ ok }) => !ok)
      .map(({ at, name, message }) => ({ ...place(at), name, message })),
    ...record.invariants
      .filter(({ ok }) => !ok)
      .map(({ name, message }) => ({ file: record.scenario.file, line: '1', column: '1', name, message })),
  ];
  return failed
    .map(
      ({ file, line, column, name, message }) =>
        `::error file=${property(file)},line=${line},col=${column},title=${property(name)}::${data(message)}\n`,
    )
    .join('');
}

function place(at: string): { file: string; line: string; column: string } {
  const match = /^(.*):(\d+):(\d+)$/.exec(at);
  return { file: match?.[1] ?? at, line: match?.[2] ?? '1', column: match?.[3] ?? '1' };
}

/** Escapes as GitHub's toolkit asks for in the data of a command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes as GitHub's toolkit asks for in a property of a command. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
