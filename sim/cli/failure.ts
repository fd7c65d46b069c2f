import { CommanderError } from 'commander';
import pc from 'picocolors';
import { BadInputError, formatProblem } from '../scenario/input-problem.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/** Something that a command needs could not start: a port in use, a full disk, a missing model. */
export class ComponentError extends Error {
  readonly code: string;
  readonly suggestion: string | null;

  constructor(code: string, message: string, suggestion: string | null = null) {
    super(message);
    this.code = code;
    this.suggestion = suggestion;
  }
}

/** The code of what nobody foresaw. */
const INTERNAL = 'FF_INTERNAL';

/** What the operating system says, in words, and what to do about it; `option` chose the folder. */
const SYSTEM_ERRORS: Readonly<
  Record<string, { readonly what: string; readonly suggestion: (option: string) => string }>
> = {
  EADDRINUSE: {
    what: 'the port is in use',
    suggestion: () => 'stop what listens there, or choose another with --port-base',
  },
  ENOSPC: {
    what: 'the disk is full',
    suggestion: (option) => `free some space, or choose another folder with ${option}`,
  },
  EACCES: {
    what: 'permission was denied',
    suggestion: (option) => `choose a folder that you may write to with ${option}`,
  },
  EROFS: { what: 'the file system is read-only', suggestion: anotherFolder },
  ENOTDIR: { what: 'a part of the path is a file', suggestion: anotherFolder },
  EMFILE: { what: 'too many files are open', suggestion: () => 'raise the limit with ulimit -n' },
};

function anotherFolder(option: string): string {
  return `choose another folder with ${option}`;
}

/** What the system said about the folder that `option` chose, as a person reads it. */
export function systemFailure(error: NodeJS.ErrnoException, option: string): Error {
  const { code = INTERNAL, path } = error;
  // No folder can be made there, as in file systems of the kernel.
  const known = code === 'ENOENT' ? NO_FOLDER : SYSTEM_ERRORS[code];
  if (known === undefined) return error;
  const where = path === undefined ? '' : `: ${path}`;
  return new ComponentError(code, `${known.what}${where}`, known.suggestion(option));
}

const NO_FOLDER = { what: 'no folder can be made here', suggestion: anotherFolder };

/** Prints what went wrong, without a stack trace, and gives the exit code for it. */
export function reportFailure(error: unknown, print: (line: string) => void): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (error instanceof BadInputError) {
    for (const problem of error.problems) print(`${pc.red('error')} ${formatProblem(problem)}`);
    return EXIT.badInput;
  }
  if (error instanceof ComponentError) {
    print(`${pc.red('error')} ${error.message} [${error.code}]`);
    if (error.suggestion !== null) print(`      ${error.suggestion}`);
    return EXIT.componentFailed;
  }
  const { code, message, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM_ERRORS[code];
  if (known !== undefined) {
    print(`${pc.red('error')} ${known.what}${path === undefined ? '' : `: ${path}`} [${code}]`);
    print(`      ${known.suggestion('--out')}`);
    return EXIT.componentFailed;
  }
  print(`${pc.red('error')} ${message ?? String(error)} [${code ?? INTERNAL}]`);
  // A code of our own says what is missing or wrong: a model, a fixture, a manifest.
  if (code?.startsWith('FF_') && code !== INTERNAL) return EXIT.componentFailed;
  if (process.env.FOOTFALL_DEBUG !== undefined && error instanceof Error) print(error.stack ?? '');
  else print('      this is a fault of footfall; FOOTFALL_DEBUG=1 shows where it arose');
  return EXIT.componentFailed;
}
