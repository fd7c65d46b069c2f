import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import type { FaceRequest } from './exchange.js';
import { httpFaceExchange } from './http-exchange.js';

const HOST = 'http://face.test:5000';
const signal = new AbortController().signal;
const detect: FaceRequest = {
  method: 'POST',
  path: '/detect',
  query: { returnFaceId: 'true', returnFaceAttributes: 'age,gender' },
  body: { kind: 'picture', bytes: Buffer.from('picture') },
};

afterEach(() => nock.cleanAll());

describe('the Face API over HTTP', () => {
  test.each(['', '/', '/face/v1.0', '/face/v1.0/'])('an endpoint may end in "%s"', async (ending) => {
    const recorded = nock(HOST)
      .post('/face/v1.0/detect', 'picture')
      .query(detect.query)
      .matchHeader('content-type', 'application/octet-stream')
      .reply(200, []);
    const exchange = httpFaceExchange({ endpoint: `${HOST}${ending}`, key: null });
    expect(await exchange(detect, signal)).toEqual({ status: 200, retryAfterSeconds: null, body: [] });
    expect(recorded.isDone()).toBe(true);
  });

  test('the key goes along once with every request', async () => {
    const keys: unknown[] = [];
    nock(HOST)
      .post('/face/v1.0/detect')
      .query(true)
      .times(3)
      .reply(function () {
        keys.push(this.req.headers['ocp-apim-subscription-key']);
        return [200, []];
      });
    const exchange = httpFaceExchange({ endpoint: HOST, key: 'secret' });
    for (let time = 0; time < 3; time++) await exchange(detect, signal);
    expect(keys.flat()).toEqual(['secret', 'secret', 'secret']);
  });

  test('an answer keeps its status, its wish to wait and its body, be it JSON or not', async () => {
    nock(HOST)
      .get('/face/v1.0/facelists')
      .reply(429, { error: { code: '429', message: 'Rate limit is exceeded.' } }, { 'Retry-After': '7' });
    nock(HOST).get('/face/v1.0/facelists').reply(502, '<html>Bad gateway</html>');
    const exchange = httpFaceExchange({ endpoint: HOST, key: null });
    const list: FaceRequest = { method: 'GET', path: '/facelists', query: {}, body: { kind: 'none' } };
    expect(await exchange(list, signal)).toMatchObject({
      status: 429,
      retryAfterSeconds: 7,
      body: { error: {} },
    });
    expect(await exchange(list, signal)).toEqual({ status: 502, retryAfterSeconds: null, body: undefined });
  });

  test('a connection that fails rejects', async () => {
    nock(HOST).post('/face/v1.0/detect').query(true).replyWithError('connection reset');
    await expect(httpFaceExchange({ endpoint: HOST, key: null })(detect, signal)).rejects.toThrow(
      'connection reset',
    );
  });

  test('an endpoint that is none is refused', () => {
    expect(() => httpFaceExchange({ endpoint: 'ftp://face', key: null })).toThrow(/must begin with http/);
  });
});
