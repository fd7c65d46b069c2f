/** The `direct` fidelity: rows into the core in process, through the same door as the REST front. */
import { type Link, LinkDownError } from '../network/link.js';
import type { PowerBiCore } from './core/core.js';
import { datasetDefinition } from './core/definition.js';
import { serveThroughDoor } from './core/door.js';
import { PowerBiError } from './core/errors.js';
import { PushError, type RowSink } from './ports.js';

export function directSink(core: PowerBiCore, link: Link | undefined): RowSink {
  return {
    createDataset(definition, retention) {
      return asPushError(() =>
        serveThroughDoor(core, link, JSON.stringify(definition), () =>
          core.createDataset(null, datasetDefinition(definition), retention),
        ).then(({ id }) => id),
      );
    },
    pushRows(datasetId, table, rows) {
      const body = JSON.stringify({ rows });
      // Parsed again, so that nobody shares an object with the service.
      const parsed = JSON.parse(body) as { readonly rows: unknown };
      return asPushError(() =>
        serveThroughDoor(core, link, body, (key) =>
          core.push({ groupId: null, datasetId, table, rows: parsed.rows, key }),
        ),
      );
    },
    close: () => Promise.resolve(),
  };
}

async function asPushError<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof LinkDownError) throw new PushError(error.message, null, null);
    if (error instanceof PowerBiError)
      throw new PushError(error.message, error.status, error.retryAfterSeconds);
    throw error;
  }
}
