/** An ARM template with a `Microsoft.StreamAnalytics/streamingjobs` resource → a job. */
import type { ScriptSource } from '../engine/compile/scripts.js';
import { formatNamed } from '../formats/event-format.js';
import { evaluateTemplate, isExpression, type TemplateScope } from './arm-expression.js';
import { ArtefactError, type InputDefinition, type JobDefinition } from './job-definition.js';
import { readSettings } from './job-settings.js';
import { isObject, type JsonObject, listMember, member, textMember } from './json-file.js';

const JOB_TYPE = 'microsoft.streamanalytics/streamingjobs';

export function isArmTemplate(value: unknown): value is JsonObject {
  return isObject(value) && Array.isArray(value.resources);
}

/**
 * Reads the job of a template; `jobName` says which when it has several, `parameters` are the values of a parameters
 * file. Throws ArtefactError when there is no such job, or it has no query.
 */
export function readArmTemplate(
  template: JsonObject,
  file: string,
  parameters: unknown,
  jobName: string | undefined,
): JobDefinition {
  const resources = everyResource(template, scopeOf(template, parameters));
  const jobs = resources.filter((resource) => resource.type === JOB_TYPE);
  const job = chooseJob(jobs, jobName, file);
  // Names that cannot be computed need not look alike; where there is one job, everything is its own.
  const own = resources.filter(({ name }) => jobs.length === 1 || name[0] === job.name[0]);
  const properties = member(job.value, 'properties');
  const parts = (kind: string): readonly NamedPart[] => [
    ...listMember(properties, kind).map(partOf),
    ...own.filter((resource) => resource.type === `${JOB_TYPE}/${kind}`).map(({ value }) => partOf(value)),
  ];
  const functions = parts('functions').map(functionOf);
  return {
    ...readSettings(properties),
    query: queryOf(properties, own, file),
    queryFile: file,
    inputs: parts('inputs').map(inputOf),
    outputs: parts('outputs').map((output) => output.name),
    functions: functions.filter((fn) => 'source' in fn),
    foreignFunctions: Object.fromEntries(
      functions.flatMap((fn) => ('source' in fn ? [] : [[fn.name, fn.what]])),
    ),
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
  /** Its name and those of what it belongs to, the job's first. */
  readonly name: readonly string[];
  readonly value: JsonObject;
}

function scopeOf(template: JsonObject, given: unknown): TemplateScope {
  const declared = isObject(template.parameters) ? template.parameters : {};
  const values = Object.keys(declared).flatMap((name) => {
    const value = member(member(given, name), 'value') ?? member(declared[name], 'defaultValue');
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return { parameters: Object.fromEntries(values), variables: template.variables };
}

/** The resources of a template, of those nested in it, and of deployments inside it, with their strings evaluated. */
function everyResource(
  parent: JsonObject,
  scope: TemplateScope,
  parentType = '',
  parentName: readonly string[] = [],
): readonly Resource[] {
  return listMember(parent, 'resources').flatMap((written) => {
    if (!isObject(written)) return [];
    const inner = member(member(written, 'properties'), 'template');
    if (isArmTemplate(inner)) {
      const given = evaluateTemplate(member(member(written, 'properties'), 'parameters'), scope);
      return everyResource(inner, scopeOf(inner, given));
    }
    const { resources: _children, ...shallow } = written;
    const value = evaluateTemplate(shallow, scope) as JsonObject;
    const ownType = (textMember(value, 'type') ?? '').toLowerCase();
    const type = ownType.includes('microsoft.') || parentType === '' ? ownType : `${parentType}/${ownType}`;
    const name = [...parentName, ...namesOf(value)];
    return [{ type, name, value }, ...everyResource(written, scope, type, name)];
  });
}

/** A child resource is called `job/name`; of a name that cannot be computed, what follows its last slash. */
function namesOf(value: JsonObject): readonly string[] {
  const text = textMember(value, 'name') ?? '';
  if (!isExpression(text)) return text.split('/');
  const last = /'\/?([^'/]+)'\s*\)\]$/.exec(text)?.[1];
  const before = text.replace(/,\s*'\/?[^']*'\s*\)\]$/, '').replace(/^\[(concat|format)\(/i, '');
  return last === undefined ? [text.slice(1, -1)] : [before, last];
}

function chooseJob(jobs: readonly Resource[], name: string | undefined, file: string): Resource {
  const named =
    name === undefined ? jobs : jobs.filter((job) => job.name[0]?.toLowerCase() === name.toLowerCase());
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  const names = jobs.map((job) => job.name[0]).join(', ');
  if (jobs.length === 0) {
    throw new ArtefactError(
      'FF_JOB_ARM',
      file,
      'there is no Stream Analytics job in this template',
      `a resource of type Microsoft.StreamAnalytics/streamingjobs`,
    );
  }
  throw new ArtefactError(
    'FF_JOB_ARM',
    file,
    name === undefined ? `there are ${jobs.length} jobs in this template` : `there is no job '${name}' here`,
    `--job with one of ${names}`,
  );
}

function queryOf(properties: unknown, resources: readonly Resource[], file: string): string {
  const transformation = resources.find((resource) => resource.type === `${JOB_TYPE}/transformations`);
  const query =
    textMember(member(member(properties, 'transformation'), 'properties'), 'query') ??
    textMember(member(transformation?.value, 'properties'), 'query');
  if (query !== undefined && !isExpression(query)) return query;
  throw new ArtefactError(
    'FF_JOB_ARM',
    file,
    query === undefined
      ? 'the job of this template has no query'
      : `the query is an expression that cannot be computed here: ${query.slice(0, 80)}`,
    query === undefined
      ? 'properties.transformation.properties.query'
      : 'parameters with default values, or a parameters file beside the template',
  );
}

function partOf(part: unknown): NamedPart {
  const names = isObject(part) ? namesOf(part) : [];
  return { name: names[names.length - 1] ?? '', properties: member(part, 'properties') };
}

function inputOf(part: NamedPart): InputDefinition {
  const kind = textMember(part.properties, 'type')?.toLowerCase() === 'reference' ? 'reference' : 'stream';
  const serialization = textMember(member(part.properties, 'serialization'), 'type');
  return { name: part.name, kind, file: undefined, format: formatNamed(serialization) };
}

/** A JavaScript function, or what a function of another kind is. */
function functionOf(part: NamedPart): ScriptSource | { readonly name: string; readonly what: string } {
  const binding =
    member(member(part.properties, 'properties'), 'binding') ?? member(part.properties, 'binding');
  const source = textMember(member(binding, 'properties'), 'script');
  if (source === undefined) return { name: part.name, what: kindOfBinding(textMember(binding, 'type')) };
  const kind = textMember(part.properties, 'type')?.toLowerCase() === 'aggregate' ? 'aggregate' : 'scalar';
  return { name: part.name, kind, source };
}

function kindOfBinding(type: string | undefined): string {
  if (/clrudf/i.test(type ?? '')) return 'a C# function';
  if (/machinelearning/i.test(type ?? '')) return 'a machine learning endpoint';
  return `a function of type ${type ?? 'unknown'}`;
}
