/**
 * Runs a CenterNet (Zhou et al., "Objects as Points", 2019): the network gives a map of scores, whose peaks are
 * the centres of objects, and a map of the four distances from a centre to the edges of its box.
 */
import { type GraphModel, loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { PixelBox } from '../boundaries.js';
import { CENTRE_NET_MULTIPLE } from './centre-net-zip.js';
import { poolGlobalMeans } from './global-means.js';
import { resizeInput } from './graph-surgery.js';
import type { ModelConfig } from './model-config.js';
import { ModelError } from './model-error.js';
import type { ModelZip } from './model-zip.js';

/** A peak of the score map; the box is in pixels of the network's input. */
export interface Peak {
  readonly classIndex: number;
  readonly score: number;
  readonly box: PixelBox;
}

export class CentreNet {
  private readonly normalised: Float32Array;

  private constructor(
    private readonly model: GraphModel<never>,
    private readonly config: ModelConfig,
    readonly inputWidth: number,
    readonly inputHeight: number,
  ) {
    this.normalised = new Float32Array(inputWidth * inputHeight * 3);
  }

  /**
   * Loads the network for an input of `inputWidth` x `inputHeight` pixels. Throws `FF_MODEL_INPUT_SIZE` or
   * `FF_MODEL_GRAPH_INVALID`.
   */
  static load(zip: ModelZip, inputWidth: number, inputHeight: number): CentreNet {
    const sized = poolGlobalMeans(resizeInput(zip, inputWidth, inputHeight, CENTRE_NET_MULTIPLE));
    if (zip.config.outputLayers.length !== 2) {
      throw new ModelError(
        'FF_MODEL_CONFIG_INVALID',
        `OutputLayers must name the score map and the size map, found ${zip.config.outputLayers.length} layers`,
      );
    }
    try {
      const model = loadGraphModelSync({
        modelTopology: sized.graph.modelTopology,
        format: sized.graph.format,
        weightSpecs: sized.graph.weightsManifest.flatMap((group) => group.weights),
        weightData: Uint8Array.from(sized.weights).buffer,
      } as tf.io.ModelArtifacts);
      return new CentreNet(model as GraphModel<never>, zip.config, inputWidth, inputHeight);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ModelError('FF_MODEL_GRAPH_INVALID', `the network cannot be loaded: ${reason}`, { cause });
    }
  }

  /** Peaks with at least `minimumScore` for an RGB image of the input's size, values in [0, 255], best first. */
  peaks(rgb: Float32Array, minimumScore: number): readonly Peak[] {
    const input = tf.tensor4d(this.normalise(rgb), [1, this.inputHeight, this.inputWidth, 3]);
    const outputs = this.model.execute(input, [...this.config.outputLayers]);
    const [scores, sizes] = Array.isArray(outputs) ? outputs : [outputs];
    try {
      const [, mapHeight = 0, mapWidth = 0, classes = 0] = scores?.shape ?? [];
      if (scores === undefined || sizes === undefined || sizes.shape[3] !== 4) {
        throw new ModelError(
          'FF_MODEL_GRAPH_INVALID',
          'the network does not give a score map and a size map',
        );
      }
      const maps: Maps = {
        scores: scores.dataSync<'float32'>(),
        sizes: sizes.dataSync<'float32'>(),
        width: mapWidth,
        height: mapHeight,
        classes,
        stride: this.inputWidth / mapWidth,
      };
      return findPeaks(maps, minimumScore);
    } finally {
      tf.dispose([input, outputs]);
    }
  }

  dispose(): void {
    this.model.dispose();
  }

  private normalise(rgb: Float32Array): Float32Array {
    const { meanRed, meanGreen, meanBlue, pixelNorm } = this.config;
    if (meanRed === 0 && meanGreen === 0 && meanBlue === 0 && pixelNorm === 1) return rgb;
    const means = [meanRed, meanGreen, meanBlue];
    for (let i = 0; i < rgb.length; i++) {
      this.normalised[i] = ((rgb[i] ?? 0) - (means[i % 3] ?? 0)) / pixelNorm;
    }
    return this.normalised;
  }
}

interface Maps {
  readonly scores: Float32Array;
  /** Distances from a centre to the left, top, right and bottom edge, in pixels of the input. */
  readonly sizes: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** Pixels of the input per cell of the map. */
  readonly stride: number;
}

function findPeaks(maps: Maps, minimumScore: number): readonly Peak[] {
  const { scores, classes } = maps;
  const peaks: Peak[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    if (score < minimumScore || !isPeak(maps, i, score)) continue;
    const cell = (i - (i % classes)) / classes;
    peaks.push({ classIndex: i % classes, score, box: boxAt(maps, cell) });
  }
  return peaks.sort((a, b) => b.score - a.score);
}

/** True when none of the eight cells around has a higher score for the same class. */
function isPeak({ scores, width, height, classes }: Maps, index: number, score: number): boolean {
  const cell = (index - (index % classes)) / classes;
  const x = cell % width;
  const y = (cell - x) / width;
  for (let dy = y > 0 ? -1 : 0; dy <= (y < height - 1 ? 1 : 0); dy++) {
    for (let dx = x > 0 ? -1 : 0; dx <= (x < width - 1 ? 1 : 0); dx++) {
      if ((scores[index + (dy * width + dx) * classes] ?? 0) > score) return false;
    }
  }
  return true;
}

function boxAt({ sizes, width, stride }: Maps, cell: number): PixelBox {
  const x = (cell % width) * stride;
  const y = Math.floor(cell / width) * stride;
  const [left = 0, top = 0, right = 0, bottom = 0] = sizes.subarray(cell * 4, cell * 4 + 4);
  return { left: x - left, top: y - top, width: left + right, height: top + bottom };
}
