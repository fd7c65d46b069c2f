import { expect, test } from 'vitest';
import { conformancePage, missingTests } from '../kernel/conformance-page.testing.js';
import { BEHAVIOURS } from './conformance.testing.js';

test('every behaviour on the page is shown by a test that is there', () => {
  expect(missingTests(import.meta.dirname, BEHAVIOURS)).toEqual([]);
});

test('the page is up to date', async () => {
  const page = conformancePage('IoT Edge and the Dev Kit', BEHAVIOURS);
  await expect(page).toMatchFileSnapshot('CONFORMANCE.md');
});
