/** A TensorFlow.js graph model file (`model.json`), as far as loading and specialising one needs it. */
import { z } from 'zod';
import { ModelError } from './model-error.js';

const weightSpec = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: z.looseObject({ dtype: z.enum(['uint8', 'uint16', 'float16']) }).optional(),
});

const graphNode = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), z.unknown()).optional(),
});

const graphFile = z.looseObject({
  format: z.literal('graph-model'),
  modelTopology: z.looseObject({ node: z.array(graphNode).min(1) }),
  weightsManifest: z
    .array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSpec) }))
    .min(1),
});

export type WeightSpec = z.infer<typeof weightSpec>;
export type GraphNode = z.infer<typeof graphNode>;
export type GraphFile = z.infer<typeof graphFile>;

/** Reads a graph model file; `fileName` is for the message. Throws `FF_MODEL_GRAPH_INVALID`. */
export function parseGraphFile(text: string, fileName: string): GraphFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelError('FF_MODEL_GRAPH_INVALID', `${fileName} is not JSON`, { cause });
  }
  const parsed = graphFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'the file';
    throw new ModelError(
      'FF_MODEL_GRAPH_INVALID',
      `${fileName} is no TensorFlow.js graph model: ${where}: ${issue?.message ?? 'invalid'}`,
    );
  }
  return parsed.data;
}

const BYTES_PER_DTYPE: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** Bytes that one weight takes in the weight file. */
export function weightBytes(spec: WeightSpec): number {
  const dtype = spec.quantization?.dtype ?? spec.dtype;
  const bytesPerValue = BYTES_PER_DTYPE[dtype];
  if (bytesPerValue === undefined) {
    throw new ModelError('FF_MODEL_GRAPH_INVALID', `weight ${spec.name} has values of type ${dtype}`);
  }
  return bytesPerValue * spec.shape.reduce((values, size) => values * size, 1);
}

/** Name of the node that an input refers to: `name`, `name:1` (an output of it) or `^name` (order only). */
export function referredNode(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}
