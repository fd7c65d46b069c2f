/** Input bindings: blobs that a function gets besides what started it, in `context.extraInputs`. */
import type core from '@azure/functions-core';
import type { Settings } from '../app/function-app.js';
import { FunctionsHostError } from '../host-error.js';
import type { TriggerBlobs } from '../triggers/blob-trigger.js';
import { type BindingData, expandBinding, splitPath } from './binding-data.js';
import { expandSettings, textOption } from './output-bindings.js';

export interface NamedInput {
  readonly name: string;
  readonly data: core.TypedData;
}

/** Fetches them for one call. */
export type FetchInputs = (data: BindingData, nowMs: number, guid: string) => Promise<readonly NamedInput[]>;

/** Throws `FunctionsHostError` for a binding that this host has not. */
export function openInputs(
  metadata: core.FunctionMetadata,
  storage: (connection: string) => TriggerBlobs,
  settings: Settings,
): FetchInputs {
  const bindings = Object.entries(metadata.bindings).filter(
    ([, { direction, type }]) => direction === 'in' && !/trigger$/i.test(type),
  );
  const sources = bindings.map(([name, binding]) => {
    if (binding.type !== 'blob')
      throw new FunctionsHostError(
        'FF_FUNCTIONS_BINDING_UNSUPPORTED',
        `function ${metadata.name}: input binding ${binding.type} is not supported; expected blob`,
      );
    const path = expandSettings(textOption(metadata.name, binding, 'path'), settings);
    return { name, path, blobs: storage(textOption(metadata.name, binding, 'connection')) };
  });
  return async (data, nowMs, guid) => {
    const inputs: NamedInput[] = [];
    for (const { name, path, blobs } of sources) {
      const { container, blob } = splitPath(expandBinding(path, data, nowMs, guid));
      const found = await blobs.get(container, blob);
      // A blob that is not there is an input that is not there.
      if (found !== null) inputs.push({ name, data: { bytes: found.body } });
    }
    return inputs;
  };
}
