/** The optional package that runs networks natively, named without loading anything of it. */
import { createRequire } from 'node:module';

export const NATIVE_PACKAGE = '@tensorflow/tfjs-node';

/** Whether it can be found; it may still fail to load. */
export function isNativePackageInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(NATIVE_PACKAGE);
    return true;
  } catch {
    return false;
  }
}
