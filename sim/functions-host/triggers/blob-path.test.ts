import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBlobPath } from './blob-path.js';

describe('a blob name pattern', () => {
  test.each([
    ['fromcamera/{name}', 'store/cam/1.jpg', { name: 'store/cam/1.jpg' }],
    ['fromcamera/{store}/{name}.{extension}', 'one/a.b.jpg', { store: 'one', name: 'a.b', extension: 'jpg' }],
    ['fromcamera/original-{name}', 'copy-1', null],
    ['fromcamera/{{20140101}}-{name}', '{20140101}-sound', { name: 'sound' }],
    ['fromcamera/exactly', 'exactly', {}],
    ['fromcamera/a.b', 'axb', null],
    ['fromcamera', 'anything/at all', {}],
  ])('%s on %s', (pattern, name, parameters) => {
    expect(parseBlobPath(pattern)?.match(name)).toEqual(parameters);
  });

  test.each(['', '/x', '{container}/{name}', 'c/{name', 'c/name}', 'c/{a}/{a}', 'c/{a b}'])(
    '%j is none',
    (pattern) => {
      expect(parseBlobPath(pattern)).toBeNull();
    },
  );

  test('finds what it was built from', () => {
    const word = fc.stringMatching(/^[a-z0-9 +.()-]{0,8}$/);
    fc.assert(
      fc.property(word, fc.string({ maxLength: 12 }), word, (before, name, after) => {
        const path = parseBlobPath(`pictures/${before}{name}${after}`);
        expect(path?.match(before + name + after)).toEqual({ name });
      }),
    );
  });
});
