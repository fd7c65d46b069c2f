/**
 * A model zip as the Dev Kit takes it by `ModelZipUrl`: the network, a labels file and the engine settings. The
 * network is a TensorFlow.js graph: `model.json` and the weight files it names.
 */
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { type GraphFile, parseGraphFile } from './graph-file.js';
import { formatModelConfig, MODEL_CONFIG_FILE, type ModelConfig, parseModelConfig } from './model-config.js';
import { ModelError } from './model-error.js';

export interface ModelZip {
  readonly config: ModelConfig;
  /** Names of the object classes, by class index. */
  readonly labels: readonly string[];
  readonly graph: GraphFile;
  /** All weights, in the order of the graph's manifest. */
  readonly weights: Uint8Array;
}

/** Zip times are local calendar fields: this one gives the same bytes in every time zone. */
const PACKED_AT = new Date(1980, 0, 1);
const MOST_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Packs a model; the same model gives the same bytes everywhere. */
export function packModelZip(model: ModelZip): Uint8Array {
  const weightsFile = 'weights.bin';
  const graph: GraphFile = {
    ...model.graph,
    weightsManifest: [
      { paths: [weightsFile], weights: model.graph.weightsManifest.flatMap((group) => group.weights) },
    ],
  };
  const members: Zippable = {
    [MODEL_CONFIG_FILE]: encode(formatModelConfig(model.config)),
    [model.config.labelsFile]: encode(`${model.labels.join('\n')}\n`),
    [model.config.networkFile]: encode(JSON.stringify(graph)),
    // Half-precision weights hardly compress; storing them keeps a device's installation quick.
    [weightsFile]: [model.weights, { level: 0 }],
  };
  return zipSync(members, { mtime: PACKED_AT, level: 6 });
}

/**
 * Opens and checks a model zip. Throws `ModelError`: `FF_MODEL_CORRUPT` when it is no readable zip,
 * `FF_MODEL_MEMBER_MISSING` when a file that it should hold is not there, `FF_MODEL_CONFIG_INVALID` or
 * `FF_MODEL_GRAPH_INVALID` when one makes no sense.
 */
export function openModelZip(bytes: Uint8Array): ModelZip {
  const members = unzip(bytes);
  const config = parseModelConfig(decode(member(members, MODEL_CONFIG_FILE)));
  const labels = decode(member(members, config.labelsFile))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (labels.length === 0) {
    throw new ModelError(
      'FF_MODEL_CONFIG_INVALID',
      `${config.labelsFile} names no object class, expected one a line`,
    );
  }
  const graph = parseGraphFile(decode(member(members, config.networkFile)), config.networkFile);
  const weights = concatenate(
    graph.weightsManifest.flatMap((group) => group.paths).map((path) => member(members, path)),
  );
  return { config, labels, graph, weights };
}

function unzip(bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  let unpackedBytes = 0;
  try {
    return unzipSync(bytes, {
      filter(file) {
        unpackedBytes += file.originalSize;
        if (unpackedBytes > MOST_UNPACKED_BYTES)
          throw new Error(`unpacks to more than ${MOST_UNPACKED_BYTES} bytes`);
        return true;
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(
      'FF_MODEL_CORRUPT',
      `the model zip (${bytes.length} bytes) cannot be read: ${reason}. Was it downloaded completely?`,
      { cause },
    );
  }
}

function member(members: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  const bytes = members[name];
  if (bytes === undefined) {
    const found = Object.keys(members).sort().join(', ') || 'nothing';
    throw new ModelError(
      'FF_MODEL_MEMBER_MISSING',
      `the model zip holds no ${name} at its top level; it holds ${found}`,
    );
  }
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
