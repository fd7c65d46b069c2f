/**
 * Where the networks run: natively when `@tensorflow/tfjs-node` is installed and loads, else in WebAssembly, else
 * in plain JavaScript. Results are bit-equal across machines for one backend only, and the golden results of this
 * project are those of `wasm`: whatever must repeat asks for that one by name.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { ModelError } from './model-error.js';
import { NATIVE_PACKAGE } from './native-package.js';

export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

export interface Backend {
  readonly name: BackendName;
  /** For people: `WebAssembly with SIMD`. */
  readonly description: string;
}

const FASTEST_FIRST: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];

/** The last start that was asked for. TensorFlow.js gives up a start when another begins, so they wait in line. */
let lastStart: Promise<unknown> = Promise.resolve();

/**
 * Makes one backend the current one of this thread and says which. Without `wanted` the fastest that starts is
 * taken; with it, only that one. Throws `FF_MODEL_NO_BACKEND`.
 */
export function startBackend(wanted?: BackendName): Promise<Backend> {
  const started = lastStart.then(() => firstThatStarts(wanted));
  lastStart = started.catch(() => undefined);
  return started;
}

async function firstThatStarts(wanted?: BackendName): Promise<Backend> {
  for (const name of wanted === undefined ? FASTEST_FIRST : [wanted]) {
    if (await start(name)) return { name, description: await describe(name) };
  }
  throw new ModelError(
    'FF_MODEL_NO_BACKEND',
    `no backend to run the person detector started (tried ${wanted ?? FASTEST_FIRST.join(', ')})`,
  );
}

async function start(name: BackendName): Promise<boolean> {
  if (name === 'tensorflow' && !(await loadNativeBackend())) return false;
  if (name === 'wasm') setWasmPaths(wasmFolder());
  try {
    return await tf.setBackend(name);
  } catch {
    return false;
  }
}

async function loadNativeBackend(): Promise<boolean> {
  // Optional: its native library cannot be fetched on many networks. A variable name keeps the compiler from
  // asking for it.
  const packageName: string = NATIVE_PACKAGE;
  try {
    await import(packageName);
    return tf.findBackendFactory('tensorflow') !== null;
  } catch {
    return false;
  }
}

function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep;
}

async function describe(name: BackendName): Promise<string> {
  switch (name) {
    case 'tensorflow':
      return 'TensorFlow, native';
    case 'wasm': {
      const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
      return simd === true ? 'WebAssembly with SIMD' : 'WebAssembly without SIMD';
    }
    case 'cpu':
      return 'plain JavaScript';
  }
}
