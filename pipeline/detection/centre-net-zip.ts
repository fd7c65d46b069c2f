/**
 * Builds the default model zip: the person detector CenterNet (MobileNetV3 features; trained on COCO, author:
 * 610265158/mobilenetv3_centernet) from the models that `@vladmandic/human` carries, specialised to people.
 *
 * The original ends in 80 class maps of which one is people. Only that one is computed here, and the graph ends
 * at its score map and size map: the peaks are found in `centre-net.ts`, at a fraction of the original's cost.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseGraphFile } from './graph-file.js';
import { keepChannel, keepOutputs, resizeInput } from './graph-surgery.js';
import { ModelError } from './model-error.js';
import { packModelZip } from './model-zip.js';

export interface CentreNetZipOptions {
  /** A multiple of 16; default 512. */
  readonly inputWidthPixels?: number;
  /** A multiple of 16; default 384. */
  readonly inputHeightPixels?: number;
  /** In [0, 1]; default 0.25. */
  readonly confidenceThreshold?: number;
  /** Default 10. */
  readonly targetFps?: number;
}

/** Feature maps are halved four times before they meet again. */
export const CENTRE_NET_MULTIPLE = 16;

const IMAGE_INPUT = 'tower_0/images';
const SCORE_MAP = 'tower_0/Sigmoid';
const SIZE_MAP = 'tower_0/wh';
const CLASS_WEIGHTS = [
  'CenternetHead/centernet_cls_output/pointwise_weights',
  'CenternetHead/centernet_cls_output/biases',
];
const PERSON_CLASS = 0;

/** The zip's bytes: the same for the same options. Throws `FF_MODEL_SOURCE_MISSING`, `FF_MODEL_INPUT_SIZE`. */
export async function buildCentreNetZip(options: CentreNetZipOptions = {}): Promise<Uint8Array> {
  const {
    inputWidthPixels = 512,
    inputHeightPixels = 384,
    confidenceThreshold = 0.25,
    targetFps = 10,
  } = options;
  const people = await findPeopleOnly();
  const sized = resizeInput(people, inputWidthPixels, inputHeightPixels, CENTRE_NET_MULTIPLE);
  return packModelZip({
    config: {
      inputWidthPixels,
      inputHeightPixels,
      meanRed: 0,
      meanGreen: 0,
      meanBlue: 0,
      pixelNorm: 1,
      targetFps,
      confidenceThreshold,
      networkFile: 'model.json',
      labelsFile: 'labels.txt',
      inputLayer: IMAGE_INPUT,
      outputLayers: [SCORE_MAP, SIZE_MAP],
    },
    labels: ['person'],
    graph: sized.graph,
    weights: sized.weights,
  });
}

type Graph = Parameters<typeof keepOutputs>[0];

/** Whatever is wrong with the files, the package is what has to be mended. */
async function findPeopleOnly(): Promise<Graph> {
  try {
    const source = await readCentreNet();
    return keepOutputs(keepChannel(source, CLASS_WEIGHTS, PERSON_CLASS), [SCORE_MAP, SIZE_MAP]);
  } catch (cause) {
    if (!(cause instanceof ModelError) || cause.code === 'FF_MODEL_SOURCE_MISSING') throw cause;
    throw new ModelError(
      cause.code,
      `the person detector in ${modelsFolder()} is damaged: ${cause.message}; run \`npm ci\` to install it anew`,
      { cause },
    );
  }
}

/** The package's exports hide its files; its entry point is found, and the models lie beside it. */
function modelsFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..', 'models');
}

async function readCentreNet(): Promise<Graph> {
  try {
    const graphFile = join(modelsFolder(), 'centernet.json');
    const [graph, weights] = await Promise.all([
      readFile(graphFile, 'utf8'),
      readFile(join(modelsFolder(), 'centernet.bin')),
    ]);
    return { graph: parseGraphFile(graph, graphFile), weights };
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError(
      'FF_MODEL_SOURCE_MISSING',
      'the person detector was not found in the package @vladmandic/human; run `npm ci` to install it',
      { cause },
    );
  }
}
