/** The REST operations on push datasets: `/v1.0/myorg[/groups/{groupId}]/datasets…`. */
import type { PowerBiCore } from '../core/core.js';
import type { Dataset } from '../core/dataset.js';
import { datasetDefinition, tableDefinition } from '../core/definition.js';
import { PowerBiError } from '../core/errors.js';
import { type Answer, decoded, notAllowed, parseJson } from './http.js';

export interface DatasetRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Names the request in the trace. */
  readonly key: string;
}

interface Target {
  readonly groupId: string | null;
  readonly datasetId: string | null;
  /** `tables` and what follows. */
  readonly tables: boolean;
  readonly table: string | null;
  readonly rows: boolean;
}

const PATH =
  /^\/v1\.0\/myorg(?:\/groups\/([^/]+))?\/datasets(?:\/([^/]+)(?:(\/tables)(?:\/([^/]+)(\/rows)?)?)?)?\/?$/;

/** Whether `path` belongs to the REST API. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/v1.0/');
}

/** Rejects with `PowerBiError`. */
export async function serveDatasets(core: PowerBiCore, request: DatasetRequest): Promise<Answer> {
  const target = targetOf(request.path);
  if (target.datasetId === null) return serveCollection(core, target.groupId, request);
  const dataset = core.dataset(target.groupId, target.datasetId);
  if (!target.tables) return serveDataset(core, dataset, request);
  if (target.table === null) return serveTables(dataset, request);
  if (!target.rows) return serveTable(dataset, target.table, request);
  return serveRows(core, dataset, target.table, request);
}

function serveCollection(core: PowerBiCore, groupId: string | null, request: DatasetRequest): Answer {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: { value: core.datasetsOf(groupId).map(describe) } };
    case 'POST': {
      const definition = datasetDefinition(parseJson(request.body));
      const dataset = core.createDataset(groupId, definition, retentionOf(request.query));
      return { status: 201, body: describe(dataset) };
    }
    default:
      throw notAllowed(request);
  }
}

function serveDataset(core: PowerBiCore, dataset: Dataset, request: DatasetRequest): Answer {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: describe(dataset) };
    case 'DELETE':
      core.deleteDataset(dataset.groupId, dataset.id);
      return { status: 200 };
    default:
      throw notAllowed(request);
  }
}

function serveTables(dataset: Dataset, request: DatasetRequest): Answer {
  if (request.method !== 'GET') throw notAllowed(request);
  return { status: 200, body: { value: dataset.tables.map(({ name }) => ({ name })) } };
}

function serveTable(dataset: Dataset, table: string, request: DatasetRequest): Answer {
  if (request.method !== 'PUT') throw notAllowed(request);
  const definition = tableDefinition(parseJson(request.body));
  if (definition.name.toLowerCase() !== table.toLowerCase()) {
    throw new PowerBiError('BadRequest', `the path names table "${table}", the body "${definition.name}"`);
  }
  dataset.redefine(definition);
  return { status: 200, body: definition };
}

async function serveRows(
  core: PowerBiCore,
  dataset: Dataset,
  table: string,
  request: DatasetRequest,
): Promise<Answer> {
  switch (request.method) {
    case 'POST': {
      const { groupId, id: datasetId } = dataset;
      await core.push({ groupId, datasetId, table, rows: rowsOf(parseJson(request.body)), key: request.key });
      return { status: 200 };
    }
    case 'DELETE':
      dataset.clear(table);
      return { status: 200 };
    default:
      throw notAllowed(request);
  }
}

function targetOf(path: string): Target {
  const [matched, groupId, datasetId, tables, table, rows] = PATH.exec(path) ?? [];
  if (matched === undefined) throw new PowerBiError('PowerBIEntityNotFound', `there is nothing at ${path}`);
  return {
    groupId: groupId === undefined ? null : decoded(groupId),
    datasetId: datasetId === undefined ? null : decoded(datasetId),
    tables: tables !== undefined,
    table: table === undefined ? null : decoded(table),
    rows: rows !== undefined,
  };
}

function describe({ id, name, retention }: Dataset) {
  return { id, name, defaultRetentionPolicy: retention, addRowsAPIEnabled: true };
}

function retentionOf(query: URLSearchParams): 'None' | 'basicFIFO' {
  const policy = query.get('defaultRetentionPolicy') ?? 'None';
  if (policy === 'None' || policy === 'basicFIFO') return policy;
  throw new PowerBiError('BadRequest', `defaultRetentionPolicy is "${policy}"; expected None or basicFIFO`);
}

function rowsOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'rows' in body ? body.rows : undefined;
}
