/** DuckDB on one thread over the same file: what the engine's rate from JSON lines is held against. */

/** Rows a second of a query over a file of `events` lines; undefined where DuckDB is not installed. */
export async function duckDbRate(
  query: string,
  file: string,
  events: number,
  rounds: number,
): Promise<number | undefined> {
  const duckDb = await import('@duckdb/node-api').catch(() => undefined);
  if (duckDb === undefined) return undefined;
  const instance = await duckDb.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  let bestSeconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    await connection.runAndReadAll(query.replaceAll('$file', file));
    bestSeconds = Math.min(bestSeconds, (performance.now() - startedMs) / 1000);
  }
  connection.closeSync();
  instance.closeSync();
  return events / bestSeconds;
}
