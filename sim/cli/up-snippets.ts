import type { UpDescription } from '../run/up/description.js';

export interface Snippet {
  /** What it shows, as the end of "With …". */
  readonly title: string;
  /** An ES module, whole: it runs as it is and ends by itself. */
  readonly code: string;
}

/** What a user pastes into a file to meet a running `footfall up` through the official SDKs. */
export function snippetsOf({ blob, caPath, iotHub }: UpDescription): readonly Snippet[] {
  const { builtInEndpoint, devices } = iotHub;
  const device = devices[0];
  return [
    ...(device === undefined ? [] : [deviceSnippet(device.connectionString, caPath)]),
    consumerSnippet(builtInEndpoint),
    blobSnippet(blob.connectionString),
  ];
}

function deviceSnippet(connectionString: string, caPath: string): Snippet {
  return {
    title: 'the device SDK (azure-iot-device, azure-iot-device-mqtt)',
    code: `import { readFileSync } from 'node:fs';
import device from 'azure-iot-device';
import { Mqtt } from 'azure-iot-device-mqtt';
const client = device.Client.fromConnectionString(${quoted(connectionString)}, Mqtt);
await client.setOptions({ ca: readFileSync(${quoted(caPath)}, 'utf8') });
await client.sendEvent(new device.Message('hello'));
await client.close();
`,
  };
}

function consumerSnippet({ connectionString, hub }: UpDescription['iotHub']['builtInEndpoint']): Snippet {
  return {
    title: 'an Event Hubs consumer of what devices sent (@azure/event-hubs)',
    code: `import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
const consumer = new EventHubConsumerClient('$Default', ${quoted(connectionString)}, ${quoted(hub)});
await new Promise((resolve, reject) => {
  consumer.subscribe(
    {
      processEvents: async (events) => {
        for (const { body } of events) console.log(String(body));
        if (events.length > 0) resolve();
      },
      processError: async (error) => reject(error),
    },
    { startPosition: earliestEventPosition },
  );
});
await consumer.close();
`,
  };
}

function blobSnippet(connectionString: string): Snippet {
  return {
    title: 'blob storage (@azure/storage-blob)',
    code: `import { BlobServiceClient } from '@azure/storage-blob';
const account = BlobServiceClient.fromConnectionString(${quoted(connectionString)});
const container = account.getContainerClient('notes');
await container.createIfNotExists();
await container.uploadBlockBlob('hello.txt', 'hello', 5);
for await (const { name } of container.listBlobsFlat()) console.log(name);
`,
  };
}

/** A JavaScript string: backslashes of a path, and apostrophes, must not end or change it. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
