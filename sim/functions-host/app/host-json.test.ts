import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelayMs } from '../bindings/retry.js';
import { parseTimeSpan } from '../triggers/time-span.js';
import { parseHostJson } from './host-json.js';

describe('host.json', () => {
  test('says nothing: 16 + 8 at once, five attempts, half an hour', () => {
    const options = parseHostJson('', 'host.json');
    expect(options).toMatchObject({
      functionTimeoutMs: 1_800_000,
      blobs: { concurrency: 24, maxDequeueCount: 5, visibilityTimeoutMs: 0 },
      eventHubs: {
        clientRetry: { mode: 'exponential', delayMs: 800, maximumDelayMs: 60_000, maximumRetries: 3 },
      },
    });
  });

  test('says what it wants, among keys of no concern here', () => {
    const options = parseHostJson(
      `{ // comments are fine
        "version": "2.0", "logging": { "logLevel": { "default": "Warning" } }, "functionTimeout": "-1",
        "extensions": {
          "queues": { "batchSize": 4, "visibilityTimeout": "00:00:30", "maxDequeueCount": 2, "messageEncoding": "base64" },
          "blobs": { "poisonBlobThreshold": 7 },
          "eventHubs": { "clientRetryOptions": { "mode": "fixed", "delay": "00:00:05", "maximumRetries": 9 } } } }`,
      'host.json',
    );
    expect(options.functionTimeoutMs).toBeNull();
    expect(options.blobs).toEqual({ concurrency: 6, maxDequeueCount: 7, visibilityTimeoutMs: 30_000 });
    expect(options.eventHubs.clientRetry).toMatchObject({ mode: 'fixed', delayMs: 5000, maximumRetries: 9 });
  });

  test.each([
    ['{\n "version": \n}', /^app\/host\.json:3: not JSON/],
    ['{ "functionTimeout": "5 minutes" }', /^app\/host\.json: functionTimeout: /],
    [
      '{ "extensions": { "blobs": { "maxDegreeOfParallelism": 0 } } }',
      /extensions\.blobs\.maxDegreeOfParallelism: /,
    ],
  ])('%s is refused, with the place', (text, message) => {
    expect(() => parseHostJson(text, 'app/host.json')).toThrow(message);
  });
});

describe('a time span', () => {
  test.each([
    ['00:00:00.80', 800],
    ['00:05:00', 300_000],
    ['1.02:03:04', 93_784_000],
  ])('%s', (text, ms) => {
    expect(parseTimeSpan(text)).toBe(ms);
  });

  test.each(['', '5', '00:99:00', '-00:00:01', 'infinite'])('%j is none', (text) => {
    expect(parseTimeSpan(text)).toBeNull();
  });

  test('of any whole seconds of a day', () => {
    fc.assert(
      fc.property(fc.nat(86_399), (seconds) => {
        expect(parseTimeSpan(new Date(seconds * 1000).toISOString().slice(11, 19))).toBe(seconds * 1000);
      }),
    );
  });
});

test('an exponential retry doubles up to its limit, a fixed one does not', () => {
  const options = { delayMs: 800, maximumDelayMs: 5000, maximumRetries: 9 };
  const delays = (mode: 'fixed' | 'exponential') =>
    [1, 2, 3, 4, 9].map((retry) => retryDelayMs({ ...options, mode }, retry));
  expect(delays('exponential')).toEqual([800, 1600, 3200, 5000, 5000]);
  expect(delays('fixed')).toEqual([800, 800, 800, 800, 800]);
});
