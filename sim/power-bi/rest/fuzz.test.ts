/** Whatever comes over HTTP, Power BI answers with a status of its own and goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/real-time.js';
import { PowerBiCore } from '../core/core.js';
import { datasetDefinition } from '../core/definition.js';
import { DATASET, PUBLISHER, WINDOW_ROW } from '../fixtures.testing.js';
import { PowerBiFront } from './front.js';

let front: PowerBiFront;
let base: string;
let groupId: string;
let datasetId: string;

beforeAll(async () => {
  const core = new PowerBiCore(realTimeServices('fuzz'));
  groupId = core.workspaces.create('Stores').id;
  datasetId = core.createDataset(groupId, datasetDefinition(DATASET), 'None').id;
  front = new PowerBiFront(core, { grants: [PUBLISHER], feed: { dataset: 'footfall', table: 'footfall' } });
  base = `http://127.0.0.1:${await front.listen(0, '127.0.0.1')}`;
});
afterAll(() => front.close());

const part = fc.oneof(
  fc.constantFrom('groups', 'datasets', 'tables', 'rows', 'users', 'GROUP', 'DATASET', 'footfall', '%ff', ''),
  fc.string({ maxLength: 20 }).map(encodeURIComponent),
);
const path = fc.array(part, { maxLength: 7 }).map((parts) => ['/v1.0/myorg', ...parts].join('/'));
const rows = fc.array(
  fc.dictionary(fc.constantFrom(...Object.keys(WINDOW_ROW), 'other'), fc.anything(), { maxKeys: 5 }),
  { maxLength: 4 },
);
const body = fc
  .oneof(
    rows.map((value) => ({ rows: value })),
    fc.record(
      { name: fc.anything(), tables: fc.anything(), groupUserAccessRight: fc.string() },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  )
  .map(
    (value) => JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part)) ?? '',
  );
const text = fc.oneof(body, fc.string());
const query = fc.dictionary(
  fc.constantFrom('$filter', '$top', '$skip', 'defaultRetentionPolicy'),
  fc.oneof(fc.string(), fc.constantFrom("name eq 'x'", 'basicFIFO', '1')),
);

test('any request has an answer: JSON with a code and a message when it is refused', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(method, path, query, text, async (verb, target, parameters, content) => {
      const place = target.replaceAll('GROUP', groupId).replaceAll('DATASET', datasetId);
      const answer = await fetch(`${base}${place}?${new URLSearchParams(parameters)}`, {
        method: verb,
        headers: { authorization: `Bearer ${PUBLISHER.token}` },
        ...(verb === 'GET' ? {} : { body: content }),
      });
      const reply = await answer.text();
      if (answer.ok) return;
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(JSON.parse(reply).error).toMatchObject({
        code: expect.any(String),
        message: expect.any(String),
      });
    }),
    { numRuns: 250 },
  );
  expect((await fetch(`${base}/dashboard/`)).status).toBe(200);
});
