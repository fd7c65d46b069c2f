/** JUnit XML, as CI systems read it: one test case for every invariant and expectation. */
import junitReport, { type Builder } from 'junit-report-builder';
import type { AnyRecord } from './replay-record.js';
import { type Check, interruptionOf } from './run-record.js';

/** The package exports its builder itself (`module.exports`), where its types say `exports.default`. */
const builder = junitReport as unknown as Builder;

export function renderJUnit(record: AnyRecord): string {
  const report = builder.newBuilder();
  const name = record.scenario.name;
  const suite = report
    .testSuite()
    .name(`footfall ${name}`)
    .timestamp(record.scenario.startAt)
    .time(record.wallClock.wallSeconds);
  suite.property('digest', record.digest);
  suite.property('seed', record.seed);
  suite.property('fidelity', record.fidelity);
  suite.property('vision', record.vision);
  const add = (kind: string, check: Check, file?: string) => {
    const testCase = suite.testCase().className(`${name}.${kind}`).name(check.name);
    if (file !== undefined) testCase.file(file);
    if (!check.ok)
      testCase.failure(
        check.stage === null ? check.message : `${check.message} (stage: ${check.stage})`,
        kind,
      );
  };
  for (const check of record.invariants) add('invariant', check);
  for (const check of record.expectations) add('expectation', check, check.at);
  const completed = suite.testCase().className(name).name('the run came to its end');
  const interruption = interruptionOf(record);
  if (interruption !== null) completed.failure(interruption, 'interrupted');
  return report.build();
}
