/** Whatever body or header comes with a permitted request, there is an answer of the service, and it stands. */
import http from 'node:http';
import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { realTimeServices } from '../kernel/index.js';
import { httpAgentOver } from '../network/index.js';
import { ACCOUNT, KEYS, openFreeLink, ourServer, sdkOver } from './conformance.testing.js';
import { readBlockList, readDeleteRetention, readPolicies, readTags } from './front/xml-body.js';

const services = realTimeServices(6);
const { server } = ourServer(services);
const agent = httpAgentOver(openFreeLink(services, 'fuzz'), server);
const container = sdkOver(services, server).getContainerClient('pictures');
const token = generateBlobSASQueryParameters(
  {
    containerName: 'pictures',
    permissions: ContainerSASPermissions.parse('racwdltf'),
    expiresOn: new Date(Date.now() + 3_600_000),
  },
  new StorageSharedKeyCredential(ACCOUNT, KEYS[0]),
).toString();

beforeAll(async () => {
  await container.create();
});

function send(
  method: string,
  path: string,
  headers: http.OutgoingHttpHeaders,
  body: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, host: '127.0.0.1', method, path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    request.on('error', reject).end(body);
  });
}

const element = fc.constantFrom(
  'BlockList',
  'Latest',
  'Committed',
  'Tags',
  'TagSet',
  'Tag',
  'Key',
  'Value',
  'SignedIdentifiers',
  'Id',
);
const { xml } = fc.letrec<{ xml: string; content: string }>((tie) => ({
  xml: fc
    .tuple(element, tie('content'), element)
    .map(([open, content, close]) => `<${open}>${content}</${close}>`),
  content: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.base64String(),
    fc.array(tie('xml'), { maxLength: 3 }).map((parts) => parts.join('')),
  ),
}));
const body = fc.oneof(
  xml,
  fc.string({ unit: 'binary' }),
  fc.constant('<?xml version="1.0"?><BlockList><Latest>'),
);
const headerValue = fc.stringMatching(/^[ -~]{0,40}$/);
const FUZZED_HEADERS = [
  'x-ms-lease-action',
  'x-ms-lease-id',
  'x-ms-lease-duration',
  'x-ms-lease-break-period',
  'x-ms-proposed-lease-id',
  'x-ms-copy-source',
  'x-ms-range',
  'if-match',
  'x-ms-tags',
  'x-ms-delete-snapshots',
  'x-ms-meta-a',
  'content-md5',
  'x-ms-blob-type',
  'x-ms-access-tier',
  'x-ms-blob-condition-appendpos',
  'x-ms-blob-condition-maxsize',
];

test('requests', async () => {
  const operations = fc.constantFrom(
    '',
    '&comp=blocklist',
    '&comp=block&blockid=QQ==',
    '&comp=tags',
    '&comp=lease',
    '&comp=snapshot',
    '&comp=undelete',
    '&comp=metadata',
    '&comp=properties',
    '&comp=appendblock',
    '&comp=seal',
    '&comp=tier',
    '&comp=copy&copyid=x',
    '&snapshot=x',
    '&comp=list&restype=container',
    '&comp=blobs&restype=container&where=x',
  );
  const headers = fc.dictionary(fc.constantFrom(...FUZZED_HEADERS), headerValue, { maxKeys: 4 });
  const methods = fc.constantFrom('PUT', 'GET', 'HEAD', 'DELETE', 'POST');
  await fc.assert(
    fc.asyncProperty(methods, operations, headers, body, async (method, operation, given, text) => {
      const sent = { ...given, 'content-length': Buffer.byteLength(text) };
      const status = await send(method, `/${ACCOUNT}/pictures/a?${token}${operation}`, sent, text);
      expect(status === 500 || status < 200 || status > 501).toBe(false);
    }),
    { numRuns: 400 },
  );
  expect(await container.exists()).toBe(true);
});

test('batches', async () => {
  const line = fc.oneof(
    fc.constantFrom('--part', '--part--', '', 'Content-ID: 0', 'DELETE /a HTTP/1.1', 'x-ms-date: today'),
    fc.constantFrom(
      `DELETE /${ACCOUNT}/pictures/a?${token} HTTP/1.1`,
      `PUT /${ACCOUNT}/pictures/a?comp=tier HTTP/1.1`,
    ),
    fc.string(),
  );
  const lines = fc.array(line, { maxLength: 20 }).map((all) => all.join('\r\n'));
  const wellFormed = lines.map((text) => `--part\r\n\r\n${text}\r\n\r\n--part--`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(lines, wellFormed), async (text) => {
      const sent = {
        'content-type': 'multipart/mixed; boundary=part',
        'content-length': Buffer.byteLength(text),
      };
      const path = `/${ACCOUNT}/pictures?${token}&restype=container&comp=batch`;
      expect([202, 400]).toContain(await send('POST', path, sent, text));
    }),
  );
});

test('XML bodies by themselves', () => {
  fc.assert(
    fc.property(body, (text) => {
      const bytes = Buffer.from(text);
      for (const read of [readBlockList, readTags, readPolicies, readDeleteRetention])
        expect(typeof read(bytes).ok).toBe('boolean');
    }),
  );
});
