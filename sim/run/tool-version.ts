import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../kernel/worker-entry.js';

/** The folder that footfall is installed in. */
export function installFolder(): string {
  return projectRoot(dirname(fileURLToPath(import.meta.url)));
}

export function toolVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(installFolder(), 'package.json'), 'utf8'));
  return String((manifest as { version: unknown }).version);
}
