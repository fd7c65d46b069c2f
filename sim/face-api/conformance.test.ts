import { expect, test } from 'vitest';
import { missingTests } from '../kernel/conformance-page.testing.js';
import { BEHAVIOURS, operationsAndRules } from './conformance.testing.js';

test('every behaviour on the page is shown by a test that is there', () => {
  expect(missingTests(import.meta.dirname, BEHAVIOURS)).toEqual([]);
});

test('the page is up to date', async () => {
  await expect(operationsAndRules()).toMatchFileSnapshot('CONFORMANCE.md');
});
