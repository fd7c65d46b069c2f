/** `testConfig.json`: the cases of a project's tests, and the summary that is written about them. */
import { dirname, resolve } from 'node:path';
import { type EventFormat, formatNamed } from '../formats/event-format.js';
import { listMember, member, readJsonFile, textMember } from './json-file.js';

export interface TestCase {
  readonly name: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly isReference: boolean;
    readonly file: string;
    readonly format: EventFormat | undefined;
  }[];
  readonly expected: readonly {
    readonly output: string;
    readonly file: string;
    readonly isRequired: boolean;
  }[];
}

/** Paths in it are relative to the file. */
export function readTestConfig(file: string): readonly TestCase[] {
  const absolute = (path: string | undefined): string =>
    resolve(dirname(file), (path ?? '').replaceAll('\\', '/'));
  return listMember(readJsonFile(file), 'TestCases').map((entry, i) => ({
    name: textMember(entry, 'Name') ?? `Case ${i + 1}`,
    inputs: listMember(entry, 'Inputs').map((input) => ({
      name: textMember(input, 'InputAlias') ?? '',
      isReference: /^reference/i.test(textMember(input, 'Type') ?? ''),
      file: absolute(textMember(input, 'FilePath')),
      format: formatNamed(textMember(input, 'Format')),
    })),
    expected: listMember(entry, 'ExpectedOutputs').map((output) => ({
      output: textMember(output, 'OutputAlias') ?? '',
      file: absolute(textMember(output, 'FilePath')),
      isRequired: member(output, 'Required') !== false,
    })),
  }));
}

export interface OutputRecord {
  readonly OutputAlias: string;
  readonly ExpectedOutput: string;
  readonly Output: string;
}

/** One case of `testResultSummary.json`, with the names that Azure's tool gives. */
export interface TestResult {
  readonly Name: string;
  /** 0 passed, 1 failed. */
  readonly Status: 0 | 1;
  readonly Time: string;
  readonly OutputMatched: readonly OutputRecord[];
  readonly OutputNotEqual: readonly OutputRecord[];
  readonly OutputMissing: readonly OutputRecord[];
  readonly OutputUnexpected: readonly OutputRecord[];
  readonly OutputUnrequired: readonly OutputRecord[];
}

export interface TestSummary {
  readonly Total: number;
  readonly Passed: number;
  readonly Failed: number;
  readonly Script: string;
  readonly Results: readonly TestResult[];
  readonly Time: string;
}
