/**
 * Changes to a graph model that keep its results and lose its ballast: dropping what no wanted output needs,
 * keeping some output channels of a last convolution, and another input size.
 */
import { type GraphFile, type GraphNode, referredNode, type WeightSpec, weightBytes } from './graph-file.js';
import { ModelError } from './model-error.js';

export interface WeightedGraph {
  readonly graph: GraphFile;
  /** In the order of the manifest. */
  readonly weights: Uint8Array;
}

export interface Weight {
  readonly spec: WeightSpec;
  readonly bytes: Uint8Array;
}

/** Keeps the nodes (and weights) that `outputs` depend on, and nothing else. */
export function keepOutputs({ graph, weights }: WeightedGraph, outputs: readonly string[]): WeightedGraph {
  const nodes = new Map(graph.modelTopology.node.map((node) => [node.name, node]));
  const needed = new Set<string>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    const node = nodes.get(name);
    if (node === undefined) {
      throw new ModelError('FF_MODEL_GRAPH_INVALID', `the graph has no node ${name}`);
    }
    needed.add(name);
    open.push(...(node.input ?? []).map(referredNode));
  }
  const kept = listWeights({ graph, weights }).filter(({ spec }) => needed.has(spec.name));
  return assemble(
    graph,
    graph.modelTopology.node.filter((node) => needed.has(node.name)),
    kept,
  );
}

/** Keeps one channel, the last dimension, of each named weight. */
export function keepChannel(
  model: WeightedGraph,
  weightNames: readonly string[],
  channel: number,
): WeightedGraph {
  const changed = listWeights(model).map((weight) =>
    weightNames.includes(weight.spec.name) ? sliceChannel(weight, channel) : weight,
  );
  const nodes = model.graph.modelTopology.node.map((node) => {
    const slice = weightNames.includes(node.name) && changed.find(({ spec }) => spec.name === node.name);
    return slice ? constant(node, slice.spec) : node;
  });
  return assemble(model.graph, nodes, changed);
}

/**
 * Makes the graph take another input size: the placeholder's shape and the targets of the bilinear resizings are
 * rewritten in proportion. Width and height must be multiples of `multiple`, or feature maps would not meet.
 * Throws `FF_MODEL_INPUT_SIZE`.
 */
export function resizeInput(
  model: WeightedGraph,
  widthPixels: number,
  heightPixels: number,
  multiple: number,
): WeightedGraph {
  if (
    widthPixels % multiple !== 0 ||
    heightPixels % multiple !== 0 ||
    widthPixels <= 0 ||
    heightPixels <= 0
  ) {
    throw new ModelError(
      'FF_MODEL_INPUT_SIZE',
      `the model cannot take ${widthPixels}x${heightPixels} pixels: both must be multiples of ${multiple}`,
    );
  }
  const [oldHeight, oldWidth] = inputSize(model.graph);
  const nodes = model.graph.modelTopology.node;
  const resizeTargets = new Set(
    nodes.filter((node) => node.op === 'ResizeBilinear').map((node) => referredNode(node.input?.[1] ?? '')),
  );
  const weights = listWeights(model).map(({ spec, bytes }): Weight => {
    if (!resizeTargets.has(spec.name)) return { spec, bytes };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const target = [
      (view.getInt32(0, true) * heightPixels) / oldHeight,
      (view.getInt32(4, true) * widthPixels) / oldWidth,
    ];
    return { spec, bytes: new Uint8Array(Int32Array.from(target).buffer) };
  });
  return assemble(
    model.graph,
    nodes.map((node) =>
      node.op === 'Placeholder'
        ? withAttribute(node, 'shape', { shape: shapeAttribute([1, heightPixels, widthPixels, 3]) })
        : node,
    ),
    weights,
  );
}

/** [height, width] that the graph's one input is made for. */
export function inputSize(graph: GraphFile): readonly [number, number] {
  const placeholder = graph.modelTopology.node.find((node) => node.op === 'Placeholder');
  const sizes = dimensions(placeholder?.attr?.shape);
  const [, height, width] = sizes;
  if (sizes.length !== 4 || height === undefined || width === undefined || height <= 0 || width <= 0) {
    throw new ModelError(
      'FF_MODEL_GRAPH_INVALID',
      'the graph has no image input of a fixed size [1, height, width, 3]',
    );
  }
  return [height, width];
}

function dimensions(attribute: unknown): readonly number[] {
  const shape = (attribute as { shape?: { dim?: readonly { size?: string | number }[] } } | undefined)?.shape;
  return (shape?.dim ?? []).map((dim) => Number(dim.size));
}

/** Each weight with its bytes. Throws `FF_MODEL_CORRUPT` when there are too few of them. */
export function listWeights({ graph, weights }: WeightedGraph): readonly Weight[] {
  let offset = 0;
  return graph.weightsManifest
    .flatMap((group) => group.weights)
    .map((spec) => {
      const bytes = weights.subarray(offset, offset + weightBytes(spec));
      offset += bytes.length;
      if (bytes.length !== weightBytes(spec)) {
        throw new ModelError('FF_MODEL_CORRUPT', `the weights end at byte ${offset}, inside ${spec.name}`);
      }
      return { spec, bytes };
    });
}

function assemble(graph: GraphFile, nodes: readonly GraphNode[], kept: readonly Weight[]): WeightedGraph {
  const weights = new Uint8Array(kept.reduce((sum, weight) => sum + weight.bytes.length, 0));
  let offset = 0;
  for (const { bytes } of kept) {
    weights.set(bytes, offset);
    offset += bytes.length;
  }
  // A signature would still promise the old inputs and outputs.
  const { signature: _dropped, ...rest } = graph;
  return {
    graph: {
      ...rest,
      format: graph.format,
      modelTopology: { ...graph.modelTopology, node: [...nodes] },
      weightsManifest: [{ paths: ['weights.bin'], weights: kept.map((weight) => weight.spec) }],
    },
    weights,
  };
}

function sliceChannel({ spec, bytes }: Weight, channel: number): Weight {
  const channels = spec.shape.at(-1) ?? 0;
  if (channel >= channels) {
    throw new ModelError(
      'FF_MODEL_GRAPH_INVALID',
      `${spec.name} has ${channels} channels, none numbered ${channel}`,
    );
  }
  const bytesPerValue = weightBytes(spec) / spec.shape.reduce((values, size) => values * size, 1);
  const rows = bytes.length / (channels * bytesPerValue);
  const slice = new Uint8Array(rows * bytesPerValue);
  for (let row = 0; row < rows; row++) {
    const from = (row * channels + channel) * bytesPerValue;
    slice.set(bytes.subarray(from, from + bytesPerValue), row * bytesPerValue);
  }
  return { spec: { ...spec, shape: [...spec.shape.slice(0, -1), 1] }, bytes: slice };
}

function constant(node: GraphNode, spec: WeightSpec): GraphNode {
  const tensor = { dtype: 'DT_FLOAT', tensorShape: shapeAttribute(spec.shape) };
  return withAttribute(node, 'value', { tensor });
}

export function withAttribute(node: GraphNode, name: string, value: unknown): GraphNode {
  return { ...node, attr: { ...node.attr, [name]: value } };
}

function shapeAttribute(shape: readonly number[]): { dim: { size: string }[] } {
  return { dim: shape.map((size) => ({ size: String(size) })) };
}
