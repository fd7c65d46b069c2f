import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderAnnotations } from './annotations.js';
import { sampleRecord } from './sample-record.testing.js';

const record = sampleRecord({ minutes: 1 });

describe('annotations', () => {
  test('point at the line of the scenario that asked for what did not hold', () => {
    expect(renderAnnotations(record)).toBe(
      '::error file=scenarios/uplink-outage.yaml,line=23,col=3,title=lateEvents::807, at most 0 expected\n',
    );
  });

  test('a broken invariant points at the scenario', () => {
    const broken = {
      ...record,
      expectations: [],
      invariants: [{ name: 'sum: exact', ok: false, message: '1 of 2\nrows', stage: null }],
    };
    expect(renderAnnotations(broken)).toBe(
      '::error file=scenarios/uplink-outage.yaml,line=1,col=1,title=sum%3A exact::1 of 2%0Arows\n',
    );
  });

  test('nothing to say when all held', () => {
    expect(renderAnnotations({ ...record, expectations: [] })).toBe('');
  });

  test('one failure is one command, whatever it is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary-ascii' }),
        fc.string({ unit: 'binary-ascii' }),
        (name, message) => {
          const broken = {
            ...record,
            expectations: [],
            invariants: [{ name, ok: false, message, stage: null }],
          };
          const output = renderAnnotations(broken);
          const [, data] = /^::error [^\n]*?::([^\n]*)\n$/.exec(output) ?? [];
          const decoded = data?.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
          expect(decoded).toBe(message);
        },
      ),
    );
  });
});
