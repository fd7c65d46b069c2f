import { packModelZip } from '../../pipeline/detection/model-zip.js';

/** The smallest model zip that a Dev Kit accepts; `label` makes one differ from another. */
export function smallModelZip(targetFps: number, label = 'person'): Uint8Array {
  return packModelZip({
    config: {
      inputWidthPixels: 64,
      inputHeightPixels: 64,
      meanRed: 0,
      meanGreen: 0,
      meanBlue: 0,
      pixelNorm: 1,
      targetFps,
      confidenceThreshold: 0.5,
      networkFile: 'model.json',
      labelsFile: 'labels.txt',
      inputLayer: 'image',
      outputLayers: ['boxes'],
    },
    labels: [label],
    graph: {
      format: 'graph-model',
      modelTopology: { node: [{ name: 'image', op: 'Placeholder' }] },
      weightsManifest: [{ paths: ['weights.bin'], weights: [] }],
    },
    weights: new Uint8Array(0),
  });
}
