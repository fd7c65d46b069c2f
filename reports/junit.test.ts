import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { renderJUnit } from './junit.js';
import { sampleRecord } from './sample-record.testing.js';

interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly file?: string;
  readonly failure?: { readonly message: string; readonly type: string };
}
interface Suite {
  readonly tests: string;
  readonly failures: string;
  readonly properties: { readonly property: readonly { readonly name: string; readonly value: string }[] };
  readonly testcase: readonly TestCase[];
}

function suiteOf(xml: string): Suite {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase' || name === 'property',
  });
  const { testsuites } = parser.parse(xml) as { testsuites: { testsuite: Suite } };
  return testsuites.testsuite;
}

describe('the JUnit report', () => {
  const record = sampleRecord({ minutes: 1 });
  const suite = suiteOf(renderJUnit(record));

  test('has a test case for every invariant and expectation, and one for the end of the run', () => {
    expect(suite.testcase.map(({ name }) => name)).toEqual([
      ...record.invariants.map(({ name }) => name),
      ...record.expectations.map(({ name }) => name),
      'the run came to its end',
    ]);
    expect(suite.tests).toBe('6');
  });

  test('fails what did not hold, with the stage and the place in the scenario', () => {
    const failed = suite.testcase.filter(({ failure }) => failure !== undefined);
    expect(suite.failures).toBe('1');
    expect(failed).toMatchObject([
      {
        name: 'lateEvents',
        classname: 'uplink-outage.expectation',
        file: 'scenarios/uplink-outage.yaml:23:3',
        failure: { message: '807, at most 0 expected (stage: windowing)', type: 'expectation' },
      },
    ]);
  });

  test('says what ran', () => {
    const properties = Object.fromEntries(suite.properties.property.map(({ name, value }) => [name, value]));
    expect(properties).toMatchObject({
      digest: record.digest,
      seed: '11',
      fidelity: 'wire',
      vision: 'truth',
    });
  });

  test('an interrupted run fails', () => {
    const cut = suiteOf(renderJUnit({ ...record, complete: false }));
    expect(cut.testcase.at(-1)?.failure?.message).toMatch(/^interrupted: checks/);
    const early = suiteOf(renderJUnit({ ...record, complete: false, invariants: [], expectations: [] }));
    expect(early.failures).toBe('1');
    expect(early.testcase.at(-1)?.failure?.message).toBe('interrupted before anything was checked');
  });

  test('is well-formed whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
        const hostile = { ...record, invariants: [{ name, ok: false, message: name, stage: name }] };
        expect(suiteOf(renderJUnit(hostile)).failures).toBe('2');
      }),
    );
  });
});
