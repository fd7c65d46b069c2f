import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that whoever reads it, even after a crash or when the disk is full, finds the old one or the new
 * one, never half of it. Throws what the operating system says, with the path in question.
 */
export function writeWhole(path: string, text: string, options: { readonly ownerOnly?: boolean } = {}): void {
  const draft = `${path}.draft`;
  try {
    writeFileSync(draft, text, { mode: options.ownerOnly === true ? 0o600 : 0o644, flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    // A full disk is noticed while writing, where Node no longer says what was written.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}
