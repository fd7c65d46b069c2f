/** DuckDB on one thread over the same file: what the engine's rate from JSON lines is held against. */
import { bestCpuSeconds } from './cpu-time.js';

export interface DuckDbFigures {
  /** Of processor time, the reading of the file included. */
  readonly seconds: number;
  readonly rows: readonly (readonly unknown[])[];
}

/** Runs a query over a file some times; undefined where DuckDB is not installed. */
export async function runDuckDb(
  query: string,
  file: string,
  rounds: number,
): Promise<DuckDbFigures | undefined> {
  const duckDb = await import('@duckdb/node-api').catch(() => undefined);
  if (duckDb === undefined) return undefined;
  const instance = await duckDb.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const run = () => connection.runAndReadAll(query.replaceAll('$file', file));
  const seconds = await bestCpuSeconds(rounds, run);
  const rows = (await run()).getRowsJS();
  connection.closeSync();
  instance.closeSync();
  return { seconds, rows };
}
