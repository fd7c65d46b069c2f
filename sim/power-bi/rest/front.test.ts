import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Grant } from '../core/access.js';
import { PowerBiCore } from '../core/core.js';
import { DATASET, PUBLISHER, WINDOW_ROW } from '../fixtures.testing.js';
import { PowerBiFront } from './front.js';

const GRANTS: readonly Grant[] = [
  PUBLISHER,
  { token: 'viewer-token', role: 'viewer', storeIds: ['seoul'] },
  { token: 'analyst-token', role: 'analyst', storeIds: null },
  { token: 'operator-token', role: 'operator', storeIds: null },
];

let core: PowerBiCore;
let front: PowerBiFront;
let base: string;

beforeEach(async () => {
  core = new PowerBiCore(realTimeServices('power-bi'));
  front = new PowerBiFront(core, { grants: GRANTS, feed: { dataset: 'footfall', table: 'footfall' } });
  base = `http://127.0.0.1:${await front.listen(0, '127.0.0.1')}`;
});
afterEach(() => front.close());

async function call(method: string, path: string, body?: unknown, token: string | null = PUBLISHER.token) {
  const response = await fetch(base + path, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const json =
    /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, json };
}

async function createFootfall(prefix = '/v1.0/myorg'): Promise<string> {
  const { status, json } = await call('POST', `${prefix}/datasets?defaultRetentionPolicy=basicFIFO`, DATASET);
  expect(status).toBe(201);
  return json.id as string;
}

describe('push datasets', () => {
  test('are created, listed, filled, emptied and deleted', async () => {
    const id = await createFootfall();
    const path = `/v1.0/myorg/datasets/${id}`;
    expect((await call('GET', '/v1.0/myorg/datasets')).json.value).toEqual([
      { id, name: 'footfall', defaultRetentionPolicy: 'basicFIFO', addRowsAPIEnabled: true },
    ]);
    expect((await call('GET', `${path}/tables`)).json).toEqual({ value: [{ name: 'footfall' }] });
    expect((await call('POST', `${path}/tables/footfall/rows`, { rows: [WINDOW_ROW] })).status).toBe(200);
    expect(core.lastRows('footfall', 'footfall', 10)).toEqual([WINDOW_ROW]);
    expect((await call('DELETE', `${path}/tables/footfall/rows`)).status).toBe(200);
    expect(core.lastRows('footfall', 'footfall', 10)).toEqual([]);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  test('of a group are not those of "My workspace"', async () => {
    const { id: group } = (await call('POST', '/v1.0/myorg/groups?workspaceV2=True', { name: 'Stores' }))
      .json;
    const id = await createFootfall(`/v1.0/myorg/groups/${group}`);
    const inGroup = `/v1.0/myorg/groups/${group}/datasets/${id}`;
    expect((await call('GET', inGroup)).status).toBe(200);
    expect((await call('POST', `${inGroup}/tables/footfall/rows`, { rows: [WINDOW_ROW] })).status).toBe(200);
    expect((await call('DELETE', `${inGroup}/tables/footfall/rows`)).status).toBe(200);
    expect((await call('GET', `/v1.0/myorg/datasets/${id}`)).status).toBe(404);
    expect((await call('GET', '/v1.0/myorg/datasets')).json.value).toEqual([]);
  });

  test('may change a table', async () => {
    const id = await createFootfall();
    const table = { name: 'footfall', columns: [{ name: 'n', dataType: 'Int64' }] };
    const path = `/v1.0/myorg/datasets/${id}/tables/footfall`;
    expect((await call('PUT', path, table)).status).toBe(200);
    expect((await call('POST', `${path}/rows`, { rows: [{ n: 1 }] })).status).toBe(200);
    expect((await call('PUT', path, { ...table, name: 'other' })).json.error.message).toContain('"other"');
  });

  test('say what is wrong with a request', async () => {
    const id = await createFootfall();
    const rows = `/v1.0/myorg/datasets/${id}/tables/footfall/rows`;
    const { status, json } = await call('POST', rows, { rows: [{ people: 'many' }] });
    expect([status, json.error.code]).toEqual([400, 'BadRequest']);
    expect(json.error.message).toBe('row 0: column "people" is "many"; expected Int64');
    expect((await call('POST', rows, '{"rows":')).json.error.message).toContain('the body is not JSON');
    expect((await call('POST', rows, {})).status).toBe(400);
    expect((await call('PATCH', rows, {})).status).toBe(405);
    expect((await call('GET', '/v1.0/myorg/reports')).status).toBe(404);
    expect((await call('POST', '/v1.0/myorg/datasets?defaultRetentionPolicy=lifo', DATASET)).status).toBe(
      400,
    );
  });

  test('are refused beyond 120 requests a minute, with Retry-After', async () => {
    const id = await createFootfall();
    const rows = `/v1.0/myorg/datasets/${id}/tables/footfall/rows`;
    for (let index = 0; index < 120; index++) await call('POST', rows, { rows: [] });
    const { status, headers } = await call('POST', rows, { rows: [] });
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
  });
});

describe('groups', () => {
  const make = async (name: string) => (await call('POST', '/v1.0/myorg/groups', { name })).json;

  test('are made, found, renamed and deleted with their datasets', async () => {
    const stores = await make('Stores');
    expect(stores).toMatchObject({ name: 'Stores', type: 'Workspace', isReadOnly: false });
    await make('Tests');
    const names = async (query: string) =>
      (await call('GET', `/v1.0/myorg/groups?${query}`)).json.value.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['Stores', 'Tests']);
    expect(await names(new URLSearchParams({ $filter: "name eq 'Tests'" }).toString())).toEqual(['Tests']);
    expect(await names(new URLSearchParams({ $filter: "contains(name,'tor')" }).toString())).toEqual([
      'Stores',
    ]);
    expect(await names('$top=1&$skip=1')).toEqual(['Tests']);
    const path = `/v1.0/myorg/groups/${stores.id}`;
    expect((await call('PATCH', path, { name: 'All stores' })).status).toBe(200);
    expect((await call('GET', path)).json.name).toBe('All stores');
    const dataset = await createFootfall(path);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', `${path}/datasets/${dataset}`)).status).toBe(404);
    expect((await call('GET', `${path}/datasets`)).status).toBe(404);
  });

  test('have users with rights', async () => {
    const path = `/v1.0/myorg/groups/${(await make('Stores')).id}/users`;
    const user = { identifier: 'ann@example.com', groupUserAccessRight: 'Viewer', principalType: 'User' };
    expect((await call('PUT', path, user)).status).toBe(404);
    expect((await call('POST', path, user)).status).toBe(200);
    expect((await call('POST', path, user)).status).toBe(400);
    expect((await call('PUT', path, { ...user, groupUserAccessRight: 'Admin' })).status).toBe(200);
    expect((await call('GET', path)).json.value).toEqual([{ ...user, groupUserAccessRight: 'Admin' }]);
    expect((await call('DELETE', `${path}/${encodeURIComponent(user.identifier)}`)).status).toBe(200);
    expect((await call('GET', path)).json.value).toEqual([]);
    expect((await call('POST', path, { ...user, groupUserAccessRight: 'Owner' })).status).toBe(400);
  });

  test('say what is wrong with a request', async () => {
    await make('Stores');
    expect((await call('POST', '/v1.0/myorg/groups', { name: 'stores' })).status).toBe(409);
    expect((await call('POST', '/v1.0/myorg/groups', { name: '' })).status).toBe(400);
    expect((await call('POST', '/v1.0/myorg/groups', {})).status).toBe(400);
    expect((await call('GET', '/v1.0/myorg/groups?$filter=owner')).status).toBe(400);
    expect((await call('GET', '/v1.0/myorg/groups?$top=-1')).status).toBe(400);
    expect((await call('GET', '/v1.0/myorg/groups/nowhere')).status).toBe(404);
    expect((await call('POST', '/v1.0/myorg/groups/nowhere/datasets', DATASET)).status).toBe(404);
    expect((await call('PUT', '/v1.0/myorg/groups', {})).status).toBe(405);
  });
});

describe('every route', () => {
  const ROUTES = [
    ['POST', '/v1.0/myorg/datasets'],
    ['GET', '/v1.0/myorg/datasets'],
    ['GET', '/v1.0/myorg/datasets/x'],
    ['DELETE', '/v1.0/myorg/datasets/x'],
    ['POST', '/v1.0/myorg/datasets/x/tables/y/rows'],
    ['GET', '/v1.0/anything'],
    ['GET', '/v1.0/myorg/groups'],
    ['POST', '/v1.0/myorg/groups'],
    ['DELETE', '/v1.0/myorg/groups/x'],
    ['POST', '/v1.0/myorg/groups/x/users'],
  ] as const;

  test.each(ROUTES)('%s %s is for the publisher alone', async (method, path) => {
    const { status, headers } = await call(method, path, undefined, null);
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await call(method, path, undefined, 'guessed')).status).toBe(401);
    for (const role of ['viewer-token', 'analyst-token', 'operator-token']) {
      expect((await call(method, path, undefined, role)).status).toBe(403);
    }
    expect([401, 403]).not.toContain((await call(method, path)).status);
  });

  test('of rows to look at is for those who may look', async () => {
    expect((await call('GET', '/dashboard/feed', undefined, null)).status).toBe(401);
    expect((await call('GET', '/dashboard/feed')).status).toBe(403);
  });
});

/** The events of the feed, until `count` have come. */
async function feed(token: string, count: number, meanwhile: () => Promise<unknown>) {
  const abort = new AbortController();
  const response = await fetch(`${base}/dashboard/feed`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  await meanwhile();
  const events: { event: string; rows: { storeId: string }[] }[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
      if (event && data) events.push({ event, rows: JSON.parse(data).rows });
    }
    if (events.length >= count) break;
  }
  abort.abort();
  return events;
}

describe('the feed', () => {
  test('shows what was there and what comes, as far as the role may see', async () => {
    const id = await createFootfall();
    const push = (...storeIds: readonly string[]) =>
      call('POST', `/v1.0/myorg/datasets/${id}/tables/footfall/rows`, {
        rows: storeIds.map((storeId) => ({ ...WINDOW_ROW, storeId })),
      });
    await push('seoul', 'busan');
    const stores = (events: Awaited<ReturnType<typeof feed>>) =>
      events.map(({ event, rows }) => [event, ...rows.map(({ storeId }) => storeId)]);
    expect(stores(await feed('analyst-token', 2, () => push('busan')))).toEqual([
      ['snapshot', 'seoul', 'busan'],
      ['rows', 'busan'],
    ]);
    expect(stores(await feed('viewer-token', 2, () => push('seoul', 'jeju')))).toEqual([
      ['snapshot', 'seoul'],
      ['rows', 'seoul'],
    ]);
  });
});

describe('the page', () => {
  test('is there for everyone, holds no data, and loads nothing from elsewhere', async () => {
    const { status, headers, text } = await call('GET', '/dashboard/', undefined, null);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const files = [...text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      expect(file).not.toMatch(/^(https?:)?\/\//);
      expect((await call('GET', `/dashboard/${file}`, undefined, null)).status).toBe(200);
    }
    expect((await call('GET', '/', undefined, null)).headers.get('location')).toBe('/dashboard/');
  });

  test('gives no other file of the disk away', async () => {
    for (const path of [
      '/dashboard/../package.json',
      '/dashboard/%2e%2e/%2e%2e/package.json',
      '/dashboard/README.md',
    ]) {
      expect((await call('GET', path, undefined, null)).status).toBe(404);
    }
  });
});
