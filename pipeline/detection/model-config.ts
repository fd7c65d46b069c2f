/**
 * `va-snpe-engine-library_config.json`, the engine settings in a Vision AI Dev Kit model zip. The keys and their
 * meaning are the Dev Kit's ("Vision AI Model", Azure/Vision-AI-DevKit-Pages); the network it names is a
 * TensorFlow.js graph here instead of a `.dlc`.
 */
import { z } from 'zod';
import { ModelError } from './model-error.js';

export const MODEL_CONFIG_FILE = 'va-snpe-engine-library_config.json';

/** The same facts in this project's names. */
export interface ModelConfig {
  readonly inputWidthPixels: number;
  readonly inputHeightPixels: number;
  /** Subtracted from each channel, in [0, 255]. */
  readonly meanRed: number;
  readonly meanGreen: number;
  readonly meanBlue: number;
  /** What is left is divided by this. */
  readonly pixelNorm: number;
  /** Frames a second the model is meant to run at. */
  readonly targetFps: number;
  /** Detections with a lower score are not reported, in [0, 1]. */
  readonly confidenceThreshold: number;
  readonly networkFile: string;
  readonly labelsFile: string;
  readonly inputLayer: string;
  readonly outputLayers: readonly string[];
}

const memberName = z.string().regex(/^[^/\\]+$/, 'the plain name of a file in the zip');

const rawConfig = z.object({
  Engine: z.int().default(0),
  NetworkIO: z.int().default(0),
  ScaleWidth: z.int().min(16).max(4096),
  ScaleHeight: z.int().min(16).max(4096),
  PixelNorm: z.number().positive().default(1),
  BlueMean: z.number().min(0).max(255).default(0),
  GreenMean: z.number().min(0).max(255).default(0),
  RedMean: z.number().min(0).max(255).default(0),
  TargetFPS: z.number().positive().max(120).default(10),
  ConfThreshold: z.number().min(0).max(1),
  DLC_NAME: memberName,
  LABELS_NAME: memberName,
  InputLayers: z.string(),
  OutputLayers: z.array(z.string()).min(1),
  ResultLayers: z.array(z.string()).default([]),
  Runtime: z.int().default(0),
});

/** Reads the engine settings. Throws `FF_MODEL_CONFIG_INVALID` with the key at fault. */
export function parseModelConfig(text: string): ModelConfig {
  const parsed = rawConfig.safeParse(parseJson(text));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`,
    );
    throw new ModelError('FF_MODEL_CONFIG_INVALID', `${MODEL_CONFIG_FILE}: ${faults.join('; ')}`);
  }
  const raw = parsed.data;
  return {
    inputWidthPixels: raw.ScaleWidth,
    inputHeightPixels: raw.ScaleHeight,
    meanRed: raw.RedMean,
    meanGreen: raw.GreenMean,
    meanBlue: raw.BlueMean,
    pixelNorm: raw.PixelNorm,
    targetFps: raw.TargetFPS,
    confidenceThreshold: raw.ConfThreshold,
    networkFile: raw.DLC_NAME,
    labelsFile: raw.LABELS_NAME,
    inputLayer: raw.InputLayers,
    outputLayers: raw.OutputLayers,
  };
}

/** Writes the engine settings as the Dev Kit names them. */
export function formatModelConfig(config: ModelConfig): string {
  const raw: z.input<typeof rawConfig> = {
    Engine: 0,
    NetworkIO: 0,
    ScaleWidth: config.inputWidthPixels,
    ScaleHeight: config.inputHeightPixels,
    PixelNorm: config.pixelNorm,
    BlueMean: config.meanBlue,
    GreenMean: config.meanGreen,
    RedMean: config.meanRed,
    TargetFPS: config.targetFps,
    ConfThreshold: config.confidenceThreshold,
    DLC_NAME: config.networkFile,
    LABELS_NAME: config.labelsFile,
    InputLayers: config.inputLayer,
    OutputLayers: [...config.outputLayers],
    ResultLayers: config.outputLayers.map((layer) => `${layer}:0`),
    Runtime: 0,
  };
  return `${JSON.stringify(raw, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError('FF_MODEL_CONFIG_INVALID', `${MODEL_CONFIG_FILE} is not JSON`, { cause });
  }
}
