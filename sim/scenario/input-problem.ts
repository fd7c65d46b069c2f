/** What is wrong with something a user wrote, in the form every command prints it. */
export interface InputProblem {
  /** `FF_…`: stable, for scripts and for searching the documentation. */
  readonly code: string;
  readonly file: string;
  /** From 1; null when the file as a whole is meant. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly expected: string | null;
  readonly suggestion: string | null;
}

/** Bad input: the command prints the problems and ends with exit code 2. */
export class BadInputError extends Error {
  readonly code = 'FF_BAD_INPUT';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** A problem with a file as a whole: it is missing, unreadable, of the wrong kind. */
export function fileProblem(
  code: string,
  file: string,
  message: string,
  expected: string | null,
): InputProblem {
  return { code, file, line: null, column: null, message, expected, suggestion: null };
}

/** `file:line:column: message (expected …; did you mean …?) [code]`: what editors and CI turn into a link. */
export function formatProblem(problem: InputProblem): string {
  const { file, line, column, message, expected, suggestion, code } = problem;
  const place = [file, line, column].filter((part) => part !== null).join(':');
  const hints = [
    expected === null ? '' : `expected ${expected}`,
    suggestion === null ? '' : `did you mean '${suggestion}'?`,
  ].filter((hint) => hint !== '');
  return `${place}: ${message}${hints.length > 0 ? ` (${hints.join('; ')})` : ''} [${code}]`;
}
