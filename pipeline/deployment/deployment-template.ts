import type { Json } from '../camera-module/hub-connection.js';

export class DeploymentTemplateError extends Error {
  readonly code = 'FF_DEPLOYMENT_TEMPLATE';
}

/**
 * A deployment manifest with its `${PLACEHOLDER}`s filled in. Throws `DeploymentTemplateError` when the text is no
 * JSON, or holds a placeholder that `values` has no value for.
 */
export function fillDeployment(template: string, values: Readonly<Record<string, string>>): Json {
  return fill(parse(template), values);
}

function parse(template: string): Json {
  try {
    return JSON.parse(template) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeploymentTemplateError(`the deployment manifest is not JSON: ${reason}`, { cause });
  }
}

function fill(node: Json, values: Readonly<Record<string, string>>): Json {
  if (typeof node === 'string')
    return node.replace(/\$\{(\w+)\}/g, (_match, name: string) => placeholderValue(name, values));
  if (typeof node !== 'object' || node === null) return node;
  if (isList(node)) return node.map((element) => fill(element, values));
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value, values)]));
}

function isList(node: Json): node is readonly Json[] {
  return Array.isArray(node);
}

function placeholderValue(name: string, values: Readonly<Record<string, string>>): string {
  const value = values[name];
  if (value !== undefined) return value;
  const known = Object.keys(values).join(', ') || 'none';
  throw new DeploymentTemplateError(
    `the deployment manifest asks for \${${name}}; values are given for: ${known}`,
  );
}
