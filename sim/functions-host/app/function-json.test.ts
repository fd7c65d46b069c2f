import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { type FunctionsHost, openFunctionsHost } from '../functions-host.js';
import { FakeEventHub, FakeStorage, writeApp } from './app.testing.js';
import { loadFunctionApp } from './function-app.js';

let kernel: Kernel;
let storage: FakeStorage;
let hub: FakeEventHub;
let host: FunctionsHost;

beforeEach(() => {
  kernel = openKernel({ seed: 3, startMs: Date.UTC(2026, 2, 1, 9) });
  storage = new FakeStorage();
  hub = new FakeEventHub(() => kernel.clock.now());
});
afterEach(() => kernel.close());

async function start(files: Readonly<Record<string, string>>): Promise<void> {
  const app = await loadFunctionApp(writeApp(files));
  host = openFunctionsHost(kernel, { app, storage: () => storage, eventSender: () => hub });
  await kernel.drive(host.start());
}

const BLOB_BINDINGS = JSON.stringify({
  bindings: [
    { name: 'picture', type: 'blobTrigger', direction: 'in', path: 'fromcamera/{name}', connection: 'S' },
    { name: 'events', type: 'eventHub', direction: 'out', path: 'faces', connection: 'E' },
  ],
});

describe('a function.json with a script in JavaScript', () => {
  test('asynchronous: bindings by name, data of the trigger, outputs', async () => {
    await start({
      'OnPicture/function.json': BLOB_BINDINGS,
      'OnPicture/index.js': `module.exports = async function (context, picture) {
        context.log.warn('got', context.bindingData.name);
        context.bindings.events = { name: context.bindingData.name, text: picture.toString(), same: picture === context.bindings.picture };
      };`,
    });
    storage.write('fromcamera', 'a.jpg', 'picture');
    await kernel.drive(host.stop());
    expect(hub.sent.map(({ bodies }) => bodies)).toEqual([[{ name: 'a.jpg', text: 'picture', same: true }]]);
    expect(host.logLines()).toMatchObject([
      { level: 'warning', message: 'got a.jpg', functionName: 'OnPicture' },
    ]);
  });

  test('with a callback: done tells of the end, or of a failure', async () => {
    await start({
      'OnPicture/function.json': BLOB_BINDINGS,
      'OnPicture/index.js': `exports.run = (context, picture) => {
        setTimeout(() => picture.length > 3 ? context.done(new Error('too long')) : context.done(null, { events: 'fine' }), 50);
      };`,
    });
    storage.write('fromcamera', 'a', 'abc');
    storage.write('fromcamera', 'b', 'abcd');
    await kernel.drive(host.stop());
    expect(hub.sent).toHaveLength(1);
    expect(host.poisonMessages()).toMatchObject([{ BlobName: 'b' }]);
    expect(host.logLines().at(-1)?.message).toBe('attempt 5 on fromcamera/b failed: too long');
  });

  test('HTTP: the request of old, and an answer in res', async () => {
    await start({
      'Count/function.json': JSON.stringify({
        scriptFile: '../lib/count.js',
        entryPoint: 'count',
        bindings: [
          {
            name: 'req',
            type: 'httpTrigger',
            direction: 'in',
            authLevel: 'anonymous',
            route: 'count/{store}',
          },
          { name: 'res', type: 'http', direction: 'out' },
        ],
      }),
      'lib/count.js': `exports.count = async (context, req) => {
        context.res = { status: 202, headers: { 'x-seen': req.get('X-Seen') }, body: { store: req.params.store, people: req.body.people, q: req.query.q } };
      };`,
      'Off/function.json': '{ "disabled": true, "bindings": [] }',
      'Off/index.js': '',
    });
    const answer = await kernel.drive(
      host.http({
        method: 'POST',
        url: 'http://fn.local/api/count/one?q=1',
        headers: { 'x-seen': 'yes' },
        body: Buffer.from('{"people":2}'),
      }),
    );
    expect([
      answer.status,
      answer.headers['x-seen'],
      JSON.parse(Buffer.from(answer.body).toString()),
    ]).toEqual([202, 'yes', { store: 'one', people: 2, q: '1' }]);
  });
});

describe('a folder that this host cannot run', () => {
  test.each([
    [
      'C# script',
      { 'F/function.json': '{"bindings":[]}', 'F/run.csx': '' },
      /run\.csx is C# script, which only Microsoft's own Functions host can run/,
    ],
    [
      'a compiled function',
      { 'F/function.json': '{"scriptFile":"../bin/f.dll","bindings":[]}' },
      /f\.dll is compiled \.NET/,
    ],
    ['no script', { 'F/function.json': '{"bindings":[]}' }, /there is no index\.js/],
    ['no bindings', { 'F/function.json': '{}', 'F/index.js': '' }, /function\.json: bindings: /],
    [
      'no handler',
      { 'F/function.json': '{"bindings":[]}', 'F/index.js': 'exports.x = 1;' },
      /exports no function/,
    ],
  ])('%s', async (_, files, message) => {
    await expect(start(files)).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });
});
