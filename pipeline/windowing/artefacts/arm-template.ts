/** An ARM template with a `Microsoft.StreamAnalytics/streamingjobs` resource → a job. */

import type { ScriptSource } from '../engine/scripts.js';
import { evaluateText } from './arm-expression.js';
import { ArtefactError, type InputDefinition, type JobDefinition } from './job-definition.js';
import { readSettings } from './job-settings.js';
import { isObject, type JsonObject, listMember, member, textMember } from './json-file.js';

const JOB_TYPE = 'microsoft.streamanalytics/streamingjobs';

export function isArmTemplate(value: unknown): value is JsonObject {
  return isObject(value) && Array.isArray(value.resources);
}

/** Throws ArtefactError when the template has no job, or the job no query. */
export function readArmTemplate(template: JsonObject, file: string): JobDefinition {
  const resources = everyResource(template);
  const job = resources.find((resource) => resource.type === JOB_TYPE);
  if (job === undefined) {
    throw new ArtefactError(
      'FF_JOB_ARM',
      file,
      'there is no Stream Analytics job in this template',
      `a resource of type Microsoft.StreamAnalytics/streamingjobs`,
    );
  }
  const properties = member(job.value, 'properties');
  const query =
    textMember(member(member(properties, 'transformation'), 'properties'), 'query') ?? queryOf(resources);
  if (query === undefined) {
    throw new ArtefactError(
      'FF_JOB_ARM',
      file,
      'the job of this template has no query',
      'properties.transformation.properties.query',
    );
  }
  const named = (kind: string): readonly NamedPart[] => [
    ...listMember(properties, kind).map((part) => ({
      name: nameOf(part, template),
      properties: member(part, 'properties'),
    })),
    ...resources
      .filter((resource) => resource.type === `${JOB_TYPE}/${kind}`)
      .map(({ value }) => ({ name: nameOf(value, template), properties: member(value, 'properties') })),
  ];
  return {
    ...readSettings(properties),
    query: evaluateText(query, template),
    queryFile: file,
    inputs: named('inputs').map(inputOf),
    outputs: named('outputs').map((output) => output.name),
    functions: named('functions').flatMap(functionOf),
    testConfigFile: undefined,
  };
}

interface NamedPart {
  readonly name: string;
  readonly properties: unknown;
}

interface Resource {
  /** In full and lower case, that of a parent included. */
  readonly type: string;
  readonly value: JsonObject;
}

function everyResource(parent: JsonObject, parentType = ''): readonly Resource[] {
  return listMember(parent, 'resources').flatMap((value) => {
    if (!isObject(value)) return [];
    const own = (textMember(value, 'type') ?? '').toLowerCase();
    const type = own.includes('microsoft.') || parentType === '' ? own : `${parentType}/${own}`;
    return [{ type, value }, ...everyResource(value, type)];
  });
}

function queryOf(resources: readonly Resource[]): string | undefined {
  const transformation = resources.find((resource) => resource.type === `${JOB_TYPE}/transformations`);
  return textMember(member(transformation?.value, 'properties'), 'query');
}

/** A child resource is called `job/name`. */
function nameOf(part: unknown, template: JsonObject): string {
  const written = textMember(part, 'name') ?? '';
  const evaluated = evaluateText(written, template);
  const name = evaluated === written ? written.replace(/^\[.*'\/?([^'/]+)'\s*\)\]$/, '$1') : evaluated;
  return name.split('/').pop() ?? name;
}

function inputOf(part: NamedPart): InputDefinition {
  const kind = textMember(part.properties, 'type')?.toLowerCase() === 'reference' ? 'reference' : 'stream';
  return { name: part.name, kind, file: undefined };
}

function functionOf(part: NamedPart): readonly ScriptSource[] {
  const binding =
    member(member(part.properties, 'properties'), 'binding') ?? member(part.properties, 'binding');
  const source = textMember(member(binding, 'properties'), 'script');
  if (source === undefined) return [];
  const kind = textMember(part.properties, 'type')?.toLowerCase() === 'aggregate' ? 'aggregate' : 'scalar';
  return [{ name: part.name, kind, source }];
}
