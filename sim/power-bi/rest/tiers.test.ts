/** Every route as every role: what no rule allows is denied. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Grant } from '../core/access.js';
import { PowerBiCore } from '../core/core.js';
import { datasetDefinition } from '../core/definition.js';
import { DATASET, PUBLISHER, WINDOW_ROW } from '../fixtures.testing.js';
import { PowerBiFront, type StorePlan } from './front.js';

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

interface Route {
  readonly method: string;
  readonly path: string;
  readonly allowed: readonly Caller[];
}

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/dashboard/feed', allowed: READERS },
  { method: 'GET', path: '/dashboard/plans', allowed: READERS },
  { method: 'GET', path: '/dashboard/status', allowed: ['operator'] },
  { method: 'GET', path: '/v1.0/myorg/datasets', allowed: PUBLISHERS },
  { method: 'POST', path: '/v1.0/myorg/datasets', allowed: PUBLISHERS },
  { method: 'GET', path: '/v1.0/myorg/datasets/ID', allowed: PUBLISHERS },
  { method: 'GET', path: '/v1.0/myorg/datasets/ID/tables', allowed: PUBLISHERS },
  { method: 'PUT', path: '/v1.0/myorg/datasets/ID/tables/footfall', allowed: PUBLISHERS },
  { method: 'POST', path: '/v1.0/myorg/datasets/ID/tables/footfall/rows', allowed: PUBLISHERS },
  { method: 'GET', path: '/v1.0/myorg/nothing', allowed: PUBLISHERS },
];

async function request({ method, path }: Route, caller: Caller): Promise<Response> {
  const token = TOKENS[caller];
  return fetch(base + path.replace('ID', datasetId), {
    method,
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
}

describe.each(ROUTES)('$method $path', (route) => {
  test.each(CALLERS)('as %s', async (caller) => {
    const response = await request(route, caller);
    await response.body?.cancel();
    const known = caller !== 'nobody' && caller !== 'stranger';
    if (route.allowed.includes(caller)) expect([401, 403]).not.toContain(response.status);
    else expect(response.status).toBe(known ? 403 : 401);
  });
});

describe('a viewer', () => {
  const first = async (path: string, caller: Caller): Promise<string> => {
    const response = await request({ method: 'GET', path, allowed: [] }, caller);
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
