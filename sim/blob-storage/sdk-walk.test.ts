/** Every method of the official SDK's clients, against ours and against Azurite; writes the page that compares them. */
import {
  AppendBlobClient,
  BlobBatchClient,
  BlobClient,
  BlobLeaseClient,
  BlobServiceClient,
  BlockBlobClient,
  ContainerClient,
  PageBlobClient,
} from '@azure/storage-blob';
import { beforeAll, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { sdkOver, subjectsOf } from './conformance.testing.js';
import { type ClientName, LOCAL, outcomeOf, PROBES } from './sdk-probes.testing.js';

const services = realTimeServices(3);
const subjects = subjectsOf(services);
const CLASSES = {
  AppendBlobClient,
  BlobBatchClient,
  BlobClient,
  BlobLeaseClient,
  BlobServiceClient,
  BlockBlobClient,
  ContainerClient,
  PageBlobClient,
} satisfies Record<ClientName, unknown>;
const CLIENTS = Object.keys(PROBES) as readonly ClientName[];
/** `BlobClient.setAccessTier, to Cool` → what came of it. */
type Outcomes = ReadonlyMap<string, string>;

let ours: Outcomes;
let azurite: Outcomes;

async function walk(who: 'ours' | 'Azurite'): Promise<Outcomes> {
  const subject = await subjects[who]();
  const service = sdkOver(services, subject.server);
  const outcomes = new Map<string, string>();
  let containers = 0;
  for (const client of CLIENTS)
    for (const [method, probe] of Object.entries(PROBES[client])) {
      const container = service.getContainerClient(`probe-${containers++}`);
      await container.create();
      outcomes.set(`${client}.${method}`, await outcomeOf(probe, { service, container }));
    }
  await subject.close();
  return outcomes;
}

beforeAll(async () => {
  ours = await walk('ours');
  azurite = await walk('Azurite');
});

test('no method of the clients is left out', () => {
  const unasked = CLIENTS.flatMap((client) => {
    const probed = new Set(Object.keys(PROBES[client]).map((name) => name.split(',')[0]));
    return Object.getOwnPropertyNames(CLASSES[client].prototype)
      .filter((name) => name !== 'constructor' && !LOCAL.has(name) && !probed.has(name))
      .map((name) => `${client}.${name}`);
  });
  expect(unasked).toEqual([]);
});

test('the page is up to date', async () => {
  await expect(page()).toMatchFileSnapshot('CONFORMANCE.md');
});

function page(): string {
  const sections = CLIENTS.map((client) => {
    const lines = Object.keys(PROBES[client]).map((method) => {
      const name = `${client}.${method}`;
      const [mine, theirs] = [ours.get(name) ?? '', azurite.get(name) ?? ''];
      return `- ${method}: ${mine === theirs ? `\`${mine}\`` : `\`${mine}\`; **Azurite: \`${theirs}\`**`}`;
    });
    return [`## ${client}`, '', ...lines, ''].join('\n');
  });
  return `# What blob storage does here

Written by \`sdk-walk.test.ts\`, which calls every method of \`@azure/storage-blob\`'s clients that asks a service
something: here, and of Azurite 3.35. What came back is shown, or the status and code of the refusal; where Azurite answers
differently, both. \`501\` is what is absent. Rules of each operation are in the tests beside this page, most of which are
run against both, too.

${sections.join('\n')}`;
}
