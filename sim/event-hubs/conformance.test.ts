import { expect, test } from 'vitest';
import { conformancePage, missingTests } from '../kernel/conformance-page.testing.js';
import { BEHAVIOURS } from './conformance.testing.js';

test('every behaviour on the page is shown by a test that is there', () => {
  expect(missingTests(import.meta.dirname, BEHAVIOURS)).toEqual([]);
});

test('the page is up to date', async () => {
  await expect(conformancePage('Event Hubs', BEHAVIOURS)).toMatchFileSnapshot('CONFORMANCE.md');
});
