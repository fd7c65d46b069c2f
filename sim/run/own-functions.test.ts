/** A Function app of a user's own, with its own clients, inside a world. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { ROOT, Workplace } from '../cli/cli.testing.js';
import { BUSY, failures, runBothWays, runScenario, TRUTH } from './run.testing.js';
import { startWorld } from './world/start-world.js';
import type { RunSettings } from './world/world-messages.js';

vi.setConfig({ testTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

const scenarioOf = (folder: string, duration: string) =>
  place.scenario(duration, [...BUSY, `solution: { functions: ${folder} }`]);

/** An app of one module. */
function appOf(name: string, source: string): string {
  const folder = place.path(name);
  mkdirSync(folder);
  writeFileSync(`${folder}/package.json`, '{ "type": "module", "main": "app.js" }');
  writeFileSync(`${folder}/app.js`, source);
  return folder;
}

test('reaches blobs, the Face API and Event Hubs by the SDKs and fetch, alike in both fidelities', async () => {
  const own = await runBothWays(place, scenarioOf(`${ROOT}/fixtures/function-app`, '1m'));
  expect(failures(own)).toEqual([]);
  const { record } = own;
  const people = record.windows.reduce((sum, row) => sum + Number(row.people), 0);
  expect(people).toBeGreaterThan(20);
  expect(record.privacy.picturesLeft).toBe(0);
  const faceApi = record.stages.find(({ stage }) => stage === 'face-api');
  expect(faceApi?.out).toBe(record.privacy.picturesTaken);
});

test('the deployed form of the solution gives the same rows as the form that runs in place', async () => {
  const deployed = appOf('deployed', `import '${ROOT}/dist/pipeline/analyze-faces/app.js';`);
  const direct = [...TRUTH, '--fidelity', 'direct'];
  const [inPlace, asApp] = await Promise.all([
    runScenario(place, place.scenario('1m', BUSY), direct),
    runScenario(place, scenarioOf(deployed, '1m'), direct),
  ]);
  expect(failures(asApp)).toEqual([]);
  expect(asApp.record.windows).toEqual(inPlace.record.windows);
  expect(asApp.record.accuracy).toEqual(inPlace.record.accuracy);
});

test('a host that is not of the world is out of reach, and the report says so', async () => {
  const functions = `${ROOT}/node_modules/@azure/functions/dist/azure-functions.js`;
  const folder = appOf(
    'stray',
    `import functions from '${functions}';
     functions.app.storageBlob('stray', {
       path: 'fromcamera/{name}',
       connection: 'PICTURES_STORAGE',
       handler: () => fetch('https://example.com/'),
     });`,
  );
  const { record } = await runScenario(place, scenarioOf(folder, '40s'), [...TRUTH, '--fidelity', 'direct']);
  expect(record.warnings.join()).toMatch(
    /stray: .* failed: fetch failed: getaddrinfo ENOTFOUND example\.com: the simulated network has no such host.*known: blob\.local/,
  );
  expect(record.warnings.length).toBeLessThan(60);
});

test('reads events and writes blobs by bindings, and its log is in the record', async () => {
  const functions = `${ROOT}/node_modules/@azure/functions/dist/azure-functions.js`;
  const folder = appOf(
    'bindings',
    `import functions from '${functions}';
     const { app, output } = functions;
     const hub = { eventHubName: 'footfall-events', connection: 'FOOTFALL_EVENTS' };
     app.storageBlob('tell', {
       path: 'fromcamera/{name}', connection: 'PICTURES_STORAGE', return: output.eventHub(hub),
       handler: (_picture, context) => {
         context.warn('seen', context.triggerMetadata.name);
         return { hello: context.triggerMetadata.name };
       },
     });
     app.eventHub('lost', { ...hub, eventHubName: 'elsewhere', handler: () => {} });
     app.eventHub('keep', {
       ...hub, cardinality: 'many',
       return: output.storageBlob({ path: 'heard/{rand-guid}', connection: 'PICTURES_STORAGE' }),
       handler: (events, context) => {
         context.debug('heard', events.length);
         return events;
       },
     });`,
  );
  const { record } = await runBothWays(place, scenarioOf(folder, '40s'));
  expect(record.warnings).toContain(
    "there is no event hub 'elsewhere', only footfall-events: the Function that reads it gets nothing",
  );
  const lines = record.functionLog ?? [];
  expect(lines.find(({ level }) => level === 'warning')).toMatchObject({
    function: 'tell',
    message: expect.stringMatching(/^seen .*\.jpg$/),
    invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(lines.some(({ level, message }) => level === 'debug' && message.startsWith('heard'))).toBe(true);
  const stage = (name: string) => record.stages.find((each) => each.stage === `functions-host/${name}`);
  expect(stage('tell')?.dropped).toBe(0);
  expect(stage('keep')?.out).toBe(stage('tell')?.out);
});

test('a handler that never gives the thread back ends the run, and is named', async () => {
  const functions = `${ROOT}/node_modules/@azure/functions/dist/azure-functions.js`;
  const folder = appOf(
    'stuck',
    `import functions from '${functions}';
     functions.app.storageBlob('stuck', {
       path: 'fromcamera/{name}', connection: 'PICTURES_STORAGE',
       handler: async () => { await null; for (;;); },
     });`,
  );
  const settings: RunSettings = {
    scenarioFile: scenarioOf(folder, '40s'),
    seed: undefined,
    fidelity: 'direct',
    vision: 'truth',
    mutation: null,
    visionWorkers: null,
    blob: 'memory',
    traceFile: null,
    cache: null,
  };
  const world = startWorld(settings, () => {}, { patienceMs: 2_000 });
  await expect(world.result).rejects.toThrow(
    'a handler has not given the thread back for 2 s; running were: stuck',
  );
});

test('an event of another form is read, counted and named, and ends no run', async () => {
  const functions = `${ROOT}/node_modules/@azure/functions/dist/azure-functions.js`;
  const folder = appOf(
    'other-events',
    `import functions from '${functions}';
     const hub = functions.output.eventHub({ eventHubName: 'footfall-events', connection: 'FOOTFALL_EVENTS' });
     functions.app.storageBlob('other', {
       path: 'fromcamera/{name}',
       connection: 'PICTURES_STORAGE',
       return: hub,
       handler: () => ({ hello: 'world' }),
     });`,
  );
  const { record } = await runScenario(place, scenarioOf(folder, '40s'), [...TRUTH, '--fidelity', 'direct']);
  expect(record.warnings.join()).toMatch(/an event has no cameraId and no capturedAt.*its fields are hello/);
});
