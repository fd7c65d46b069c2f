import { describe, expect, test } from 'vitest';
import { readRealEndpoints } from './real-endpoints.js';

const NAMESPACE =
  'Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=Send;SharedAccessKey=a2V5';

describe('--at', () => {
  test('takes a namespace and a Face API', () => {
    expect(readRealEndpoints([NAMESPACE, 'Endpoint=http://localhost:5000/;Key=secret'], false)).toEqual({
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

  test.each([
    ['HostName=contoso.azure-devices.net;SharedAccessKeyName=x;SharedAccessKey=y', 'an IoT Hub cannot'],
    ['DefaultEndpointsProtocol=https;AccountName=x;AccountKey=y', 'a storage account cannot'],
    ['contoso', 'no service is known'],
    ['Endpoint=sb://contoso.servicebus.windows.net/', 'no SharedAccessKey'],
    [`${NAMESPACE};EntityPath=other`, "not to 'other'"],
    ['Endpoint=http://localhost:5000', 'needs a key'],
  ])('refuses %s', (text, message) => {
    expect(() => readRealEndpoints([text], false)).toThrow(message);
  });
});
