import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRoutingFile } from './routing-file.js';

const folder = mkdtempSync(join(tmpdir(), 'footfall-routing-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function read(document: unknown) {
  const file = join(folder, `${++files}.json`);
  writeFileSync(file, JSON.stringify(document));
  return readRoutingFile(file);
}

const ROUTING = {
  endpoints: {
    eventHubs: [
      { name: 'alarms', connectionString: 'Endpoint=sb://x/;SharedAccessKey=k;EntityPath=alarms-hub' },
    ],
    storageContainers: [{ name: 'archive', containerName: 'archive', batchFrequencyInSeconds: 60 }],
    serviceBusQueues: [],
  },
  routes: [{ name: 'r', source: 'TwinChangeEvents', condition: 'true', endpointNames: ['alarms'] }],
  fallbackRoute: {
    name: '$fallback',
    source: 'DeviceMessages',
    endpointNames: ['archive'],
    isEnabled: false,
  },
};

describe('routes of a hub', () => {
  test.each([
    ['alone', ROUTING],
    ['in a resource', { type: 'Microsoft.Devices/IotHubs', properties: { routing: ROUTING } }],
    [
      'in a template',
      {
        resources: [
          { type: 'Microsoft.Storage/x' },
          { type: 'microsoft.devices/iothubs', properties: { routing: ROUTING } },
        ],
      },
    ],
  ])('are read %s', (_where, document) => {
    expect(read(document)).toMatchObject({
      endpoints: [
        { kind: 'eventHub', name: 'alarms', hub: 'alarms-hub' },
        { kind: 'storage', name: 'archive', batchMs: 60_000 },
      ],
      settings: {
        routes: [{ name: 'r', source: 'TwinChangeEvents', isEnabled: true }],
        fallback: { condition: 'true', endpointNames: ['archive'], isEnabled: false },
      },
    });
  });

  test.each<[string, unknown, string]>([
    ['nothing of the kind', { resources: [] }, 'there are no routes in it'],
    [
      'a source that is not there',
      { routes: [{ ...ROUTING.routes[0], source: 'DigitalTwinChangeEvents' }] },
      'routes.0.source',
    ],
    [
      'a queue',
      { ...ROUTING, endpoints: { serviceBusQueues: [{ name: 'q' }] } },
      'this kind of endpoint is not there',
    ],
    [
      'no event hub',
      { ...ROUTING, endpoints: { eventHubs: [{ name: 'alarms' }] } },
      'does not name its event hub',
    ],
    [
      'an encoding that is none',
      { ...ROUTING, endpoints: { storageContainers: [{ name: 'a', containerName: 'a', encoding: 'XML' }] } },
      'endpoints.storageContainers.0.encoding',
    ],
  ])('are refused with %s', (_what, document, problem) => {
    expect(() => read(document)).toThrow(problem);
  });

  test('that are not there are said to be so', () => {
    expect(() => readRoutingFile(join(folder, 'none.json'))).toThrow('no such file');
  });
});
