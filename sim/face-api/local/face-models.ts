/**
 * Small models that read faces, from the package `@vladmandic/human`: where faces are (BlazeFace, Bazarevsky et al.,
 * 2019), what age and gender they look like and numbers to know them again by (HSE FaceRes), and what they look as if
 * they felt (oarriaga's face classification). What they say of anybody is a guess.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import type * as tf from '@tensorflow/tfjs-core';
import { parseGraphFile } from '../../../pipeline/detection/graph-file.js';
import { ModelError } from '../../../pipeline/detection/model-error.js';

export type FaceModelName = 'blazeface' | 'faceres' | 'emotion';

/** Loads a model of the package. Throws `FF_MODEL_SOURCE_MISSING`. A backend must have been started. */
export function loadFaceModel(name: FaceModelName): GraphModel<never> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..', 'models');
  try {
    const file = join(folder, `${name}.json`);
    const graph = parseGraphFile(readFileSync(file, 'utf8'), file);
    return loadGraphModelSync({
      modelTopology: graph.modelTopology,
      format: graph.format,
      signature: graph.signature,
      weightSpecs: graph.weightsManifest.flatMap(({ weights }) => weights),
      weightData: Uint8Array.from(readFileSync(join(folder, `${name}.bin`))).buffer,
    } as tf.io.ModelArtifacts) as GraphModel<never>;
  } catch (cause) {
    throw new ModelError(
      'FF_MODEL_SOURCE_MISSING',
      `the model ${name} cannot be read from the package @vladmandic/human; run \`npm ci\` to install it`,
      { cause },
    );
  }
}
