import { expect, test } from 'vitest';
import {
  ConnectionStringError,
  DEVELOPMENT_KEY,
  formatConnectionString,
  parseConnectionString,
} from './connection-string.js';

test.each([
  [
    'DefaultEndpointsProtocol=https;AccountName=one;AccountKey=a2V5==;EndpointSuffix=core.windows.net',
    { account: 'one', endpoint: 'https://one.blob.core.windows.net', secret: { kind: 'key', key: 'a2V5==' } },
  ],
  [
    'UseDevelopmentStorage=true',
    {
      account: 'devstoreaccount1',
      endpoint: 'http://127.0.0.1:10000/devstoreaccount1',
      secret: { kind: 'key', key: DEVELOPMENT_KEY },
    },
  ],
  [
    'BlobEndpoint=http://localhost:1/one/;SharedAccessSignature=?sv=2025&sig=a%3D',
    {
      account: 'one',
      endpoint: 'http://localhost:1/one',
      secret: { kind: 'token', token: 'sv=2025&sig=a%3D' },
    },
  ],
])('%s', (text, connection) => {
  expect(parseConnectionString(text)).toEqual(connection);
});

test('what is formatted is read again', () => {
  const text = formatConnectionString('one', 'a2V5', 'http://127.0.0.1:5/one');
  expect(parseConnectionString(text)).toEqual({
    account: 'one',
    endpoint: 'http://127.0.0.1:5/one',
    secret: { kind: 'key', key: 'a2V5' },
  });
});

test.each(['', 'AccountName=one', 'BlobEndpoint=not a url;AccountKey=x'])('%j is refused', (text) => {
  expect(() => parseConnectionString(text)).toThrow(ConnectionStringError);
});
