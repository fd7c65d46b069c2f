/** In real time: threads have no other. */
import { expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { FakeEventHub, FakeStorage, writeApp } from '../app/app.testing.js';
import { loadFunctionApp } from '../app/function-app.js';
import { openFunctionsHost } from '../functions-host.js';

const APP = `
  import { app, output } from '@azure/functions';
  app.storageQueue('work', {
    queueName: 'jobs', connection: 'S', return: output.storageQueue({ queueName: 'done', connection: 'S' }),
    handler: (message, context) => {
      context.log('at', message);
      if (message === 'hang') for (;;);
      if (message === 'leak') for (const kept = [];;) kept.push(new Array(100_000).fill(message.length + 0.5));
      if (message === 'throw') throw new Error('no good');
      return message + ' by ' + process.env.WHO;
    },
  });`;

test('a handler that hangs, leaks or throws is ended and named, and the host goes on', async () => {
  const folder = writeApp({
    'src/functions/f.mjs': APP,
    'host.json':
      '{ "functionTimeout": "00:00:02", "extensions": { "queues": { "maxDequeueCount": 1, "batchSize": 1, "newBatchThreshold": 0 } } }',
  });
  const services = realTimeServices(1);
  const host = openFunctionsHost(services, {
    app: await loadFunctionApp(folder),
    settings: { WHO: 'worker' },
    isolate: true,
    handlerMemoryMb: 64,
    storage: () => new FakeStorage(),
    eventSender: () => new FakeEventHub(services.clock.now),
  });
  await host.start();
  for (const job of ['first', 'hang', 'throw', 'leak', 'last']) host.queue('jobs').put(job);
  await host.stop();
  const texts = (queue: string) =>
    host
      .queue(queue)
      .messages()
      .map(({ text }) => text);
  expect(texts('done')).toEqual(['first by worker', 'last by worker']);
  expect(texts('jobs-poison')).toEqual(['hang', 'throw', 'leak']);
  const failures = host.logLines().filter(({ category }) => category === 'host');
  expect(failures.map(({ message }) => message.replace(/^.*failed: /, ''))).toEqual([
    'Timeout value of 2000 ms exceeded by function: work',
    'no good',
    expect.stringMatching(/memory limit.*running were: work|exceeded by function: work/),
  ]);
  expect(
    host
      .logLines()
      .filter(({ category }) => category === 'user')
      .map(({ message }) => message),
  ).toContain('at first');
}, 30_000);
