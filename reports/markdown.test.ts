import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from './markdown.js';
import { sampleRecord } from './sample-record.testing.js';

const record = sampleRecord({ minutes: 5 });

describe('the summary in Markdown', () => {
  test('says the verdict, the numbers and what did not hold', () => {
    const summary = renderMarkdown(record);
    const { truth, measured, error } = record.accuracy.footfall;
    expect(summary).toContain('# uplink-outage: ❌ failed');
    expect(summary).toContain(`| Footfall | ${truth} | ${measured} | ${error} |`);
    expect(summary).toContain('| Mood (−1 to 1) | 0.34 | 0.31 | -0.03 |');
    expect(summary).toContain('- ❌ **lateEvents**: 807, at most 0 expected');
    expect(summary).toContain('| endToEnd | 19900 ms | 1074000 ms | 1198000 ms |');
    expect(summary).toContain(record.digest);
    expect(summary).toContain('Detector: `WebAssembly with SIMD (@tensorflow/tfjs-node is not installed)`.');
  });

  test('tells success and interruption apart', () => {
    const held = { ...record, expectations: [] };
    expect(renderMarkdown(held)).toContain('✅ passed');
    expect(renderMarkdown({ ...held, complete: false })).toContain('⚠️ interrupted');
    const early = renderMarkdown({ ...held, complete: false, invariants: [] });
    expect(early).toContain('## Checks\n\n- ⚠️ interrupted before anything was checked\n');
  });

  test('sums causes over the windows of people only', () => {
    const unseen = record.attribution
      .filter(({ quantity }) => quantity === 'people')
      .reduce((sum, row) => sum + row.unseen, 0);
    expect(renderMarkdown(record)).toMatch(new RegExp(`\\| unseen \\| ${unseen} \\| [\\d.]+ % \\|`));
  });

  test('no name becomes markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
        const hostile = {
          ...record,
          invariants: [{ name: `<b>|${name}`, ok: true, message: '', stage: null }],
        };
        const line = renderMarkdown(hostile)
          .split('\n')
          .find((text) => text.startsWith('- ✅'));
        const unescaped = line?.replaceAll(/\\[\\`*_[\]<>|#]/g, '').slice('- ✅ **'.length, -'**: '.length);
        expect(unescaped).not.toMatch(/[\\`*_[\]<>|#]/);
      }),
    );
  });
});
