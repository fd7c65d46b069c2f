import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The compiled file of a worker: `workerEntry(import.meta.url, './store-worker.js')`. A thread cannot run
 * TypeScript, so a caller that runs from its source (a test) gets the file of the last build.
 */
export function workerEntry(callerUrl: string, path: string): URL {
  const caller = fileURLToPath(callerUrl);
  if (caller.endsWith('.js')) return new URL(path, callerUrl);
  const root = projectRoot(dirname(caller));
  const compiled = join(root, 'dist', relative(root, dirname(caller)), path);
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: run \`npm run build\` first`);
  return pathToFileURL(compiled);
}

/** The folder of the project's package.json at or above `folder`. */
export function projectRoot(folder: string): string {
  const parts = folder.split(sep);
  for (let length = parts.length; length > 0; length--) {
    const candidate = parts.slice(0, length).join(sep) || sep;
    if (existsSync(join(candidate, 'package.json')) && existsSync(join(candidate, 'tsconfig.json')))
      return candidate;
  }
  throw new Error(`no package.json at or above ${folder}`);
}
