import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BEHAVIOURS, conformancePage } from './conformance.testing.js';

test('every behaviour on the page is shown by a test that is there', () => {
  const missing = BEHAVIOURS.flatMap(({ shownBy, what }) => {
    if (shownBy === null) return [];
    const [file, title] = shownBy;
    const isThere = readFileSync(join(import.meta.dirname, file), 'utf8').includes(title);
    return isThere ? [] : [`${what}: ${file} has no test '${title}'`];
  });
  expect(missing).toEqual([]);
});

test('the page is up to date', async () => {
  await expect(conformancePage()).toMatchFileSnapshot('CONFORMANCE.md');
});
