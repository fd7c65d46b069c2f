import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that whoever reads it, even after a crash, finds the old one or the new one, never half of it. */
export function writeWhole(path: string, text: string, options: { readonly ownerOnly?: boolean } = {}): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { mode: options.ownerOnly === true ? 0o600 : 0o644, flush: true });
  renameSync(draft, path);
}
