import { describe, expect, test } from 'vitest';
import { describeEndpoints, readRealEndpoints } from './real-endpoints.js';

const NAMESPACE =
  'Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=Send;SharedAccessKey=a2V5';

describe('--at', () => {
  test('takes a namespace and a Face API', () => {
    expect(readRealEndpoints([NAMESPACE, 'Endpoint=http://localhost:5000/;Key=secret'], false)).toEqual({
      iotHub: null,
      blob: null,
      eventHubs: NAMESPACE,
      face: { endpoint: 'http://localhost:5000', key: 'secret' },
    });
  });

  test('takes the connection string of the event hub itself', () => {
    const text = `${NAMESPACE};EntityPath=footfall-events`;
    expect(readRealEndpoints([text], false).eventHubs).toBe(text);
  });

  test('keeps pictures on this machine unless it is told otherwise', () => {
    const elsewhere = 'Endpoint=https://contoso.cognitiveservices.azure.com/;Key=secret';
    expect(() => readRealEndpoints([elsewhere], false)).toThrow('--allow-pictures-out');
    expect(readRealEndpoints([elsewhere], true).face?.key).toBe('secret');
  });

  test('takes an IoT Hub by a policy, and a storage account by its key', () => {
    const account =
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a';
    const hub = 'HostName=contoso.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=a2V5';
    const endpoints = readRealEndpoints([hub, account], false);
    expect(endpoints).toMatchObject({
      iotHub: { hostName: 'contoso.azure-devices.net', policyName: 'iothubowner', key: 'a2V5' },
      blob: { account: 'a', endpoint: 'http://127.0.0.1:1/a' },
    });
    expect(describeEndpoints(endpoints)).toEqual([
      'contoso.azure-devices.net in the place of the IoT Hub',
      '127.0.0.1:1 in the place of blob storage',
    ]);
  });

  test('pictures go to a storage account elsewhere only when they may', () => {
    const azure =
      'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=a2V5;EndpointSuffix=core.windows.net';
    expect(() => readRealEndpoints([azure], false)).toThrow(
      'would leave this machine for x.blob.core.windows.net',
    );
    expect(readRealEndpoints([azure], true).blob?.endpoint).toBe('https://x.blob.core.windows.net');
  });

  test.each([
    ['HostName=contoso.azure-devices.net;DeviceId=x;SharedAccessKey=y', 'of one device'],
    ['HostName=contoso.azure-devices.net', 'has no policy'],
    ['BlobEndpoint=https://x.blob.core.windows.net;SharedAccessSignature=sv=1', 'takes a key'],
    ['AccountName=x', 'needs AccountKey'],
    ['contoso', 'no service is known'],
    ['Endpoint=sb://contoso.servicebus.windows.net/', 'no SharedAccessKey'],
    [`${NAMESPACE};EntityPath=other`, "not to 'other'"],
    ['Endpoint=http://localhost:5000', 'needs a key'],
  ])('refuses %s', (text, message) => {
    expect(() => readRealEndpoints([text], false)).toThrow(message);
  });

  test('refuses two of one kind', () => {
    expect(() => readRealEndpoints([NAMESPACE, NAMESPACE], false)).toThrow('two services');
  });
});
