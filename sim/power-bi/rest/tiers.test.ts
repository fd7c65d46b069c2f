/** Every route as every role: what no rule allows is denied. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Grant } from '../core/access.js';
import { PowerBiCore } from '../core/core.js';
import { datasetDefinition } from '../core/definition.js';
import { DATASET, PUBLISHER, WINDOW_ROW } from '../fixtures.testing.js';
import { PowerBiFront, type StorePlan } from './front.js';
import { ROUTES, type Route } from './routes.js';

const GRANTS: readonly Grant[] = [
  PUBLISHER,
  { token: 'viewer-token', role: 'viewer', storeIds: ['seoul'] },
  { token: 'analyst-token', role: 'analyst', storeIds: null },
  { token: 'operator-token', role: 'operator', storeIds: null },
];
const planOf = (storeId: string): StorePlan => ({
  storeId,
  widthMetres: 1,
  depthMetres: 1,
  sections: [],
  displays: [],
  walls: [],
});

let front: PowerBiFront;
let base: string;
let datasetId: string;

beforeAll(async () => {
  const core = new PowerBiCore(realTimeServices('tiers'));
  datasetId = core.createDataset(null, datasetDefinition(DATASET), 'basicFIFO').id;
  const rows = ['seoul', 'busan'].map((storeId) => ({ ...WINDOW_ROW, storeId }));
  await core.push({ groupId: null, datasetId, table: 'footfall', rows, key: 'test' });
  front = new PowerBiFront(core, {
    grants: GRANTS,
    feed: { dataset: 'footfall', table: 'footfall' },
    plans: ['seoul', 'busan'].map(planOf),
  });
  base = `http://127.0.0.1:${await front.listen(0, '127.0.0.1')}`;
});
afterAll(() => front.close());

type Caller = Grant['role'] | 'nobody' | 'stranger';

const TOKENS: Readonly<Record<Caller, string | null>> = {
  publisher: PUBLISHER.token,
  viewer: 'viewer-token',
  analyst: 'analyst-token',
  operator: 'operator-token',
  nobody: null,
  stranger: 'guessed-token',
};
const CALLERS = Object.keys(TOKENS) as readonly Caller[];
const READERS: readonly Caller[] = ['viewer', 'analyst', 'operator'];
const PUBLISHERS: readonly Caller[] = ['publisher'];

/** By what a path is for; a route that no rule knows has not been thought about. */
function allowedAt(path: string): readonly Caller[] {
  if (path.startsWith('/v1.0/')) return PUBLISHERS;
  if (path === '/dashboard/status') return ['operator'];
  if (path === '/dashboard/feed' || path === '/dashboard/plans') return READERS;
  if (/^\/(dashboard(\/|\/[\w-]+\.(js|css))?)?$/.test(path)) return CALLERS;
  throw new Error(`nobody has said who may take ${path}`);
}

async function request({ method, path }: Pick<Route, 'method' | 'path'>, caller: Caller): Promise<Response> {
  const token = TOKENS[caller];
  const place = path
    .replace('{datasetId}', datasetId)
    .replace('{table}', 'footfall')
    .replace(/\{\w+\}/, 'none');
  return fetch(base + place, {
    method,
    redirect: 'manual',
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
}

describe('a viewer', () => {
  const first = async (path: string, caller: Caller): Promise<string> => {
    const response = await request({ method: 'GET', path }, caller);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    return Buffer.from(value ?? []).toString('utf8');
  };

  test.each(['/dashboard/feed', '/dashboard/plans'])('sees its own stores alone at %s', async (path) => {
    expect(await first(path, 'viewer')).toContain('seoul');
    expect(await first(path, 'viewer')).not.toContain('busan');
    expect(await first(path, 'analyst')).toContain('busan');
  });
});

describe.each(ROUTES)('$method $path', (route) => {
  test.each(CALLERS)('as %s', async (caller) => {
    const response = await request(route, caller);
    await response.body?.cancel();
    const known = caller !== 'nobody' && caller !== 'stranger';
    if (allowedAt(route.path).includes(caller)) expect([401, 403]).not.toContain(response.status);
    else expect(response.status).toBe(known ? 403 : 401);
  });
});

test.each(['PATCH /v1.0/myorg/datasets', 'GET /v1.0/myorg/reports', 'POST /dashboard/feed', 'GET /pictures'])(
  '%s is no route, and reaches nothing',
  async (text) => {
    const [method = '', path = ''] = text.split(' ');
    for (const caller of CALLERS) {
      const { status } = await request({ method, path }, caller);
      expect([401, 403, 404, 405]).toContain(status);
    }
  },
);
