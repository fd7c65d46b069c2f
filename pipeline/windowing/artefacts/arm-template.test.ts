import { expect, test } from 'vitest';
import { readArmTemplate } from './arm-template.js';
import { ArtefactError } from './job-definition.js';

const job = (name: string, query: unknown, more: object = {}): object => ({
  type: 'Microsoft.StreamAnalytics/streamingjobs',
  name,
  properties: { transformation: { properties: { query } }, ...more },
});

const read = (template: object, parameters?: object, name?: string) =>
  readArmTemplate(template as Record<string, unknown>, 'job.json', parameters, name);

test('settings and queries may be expressions over parameters and variables', () => {
  const template = {
    parameters: { policy: { type: 'string', defaultValue: 'Drop' }, late: { type: 'int', defaultValue: 30 } },
    variables: { source: "[toLower('TRAFFIC')]", names: { out: 'kept' } },
    resources: [
      job('a', "[concat('SELECT k INTO ', variables('names').out, ' FROM ', variables('source'))]", {
        eventsOutOfOrderPolicy: "[parameters('policy')]",
        eventsLateArrivalMaxDelayInSeconds: "[parameters('late')]",
        compatibilityLevel: '1.1',
      }),
    ],
  };
  expect(read(template)).toMatchObject({
    query: 'SELECT k INTO kept FROM traffic',
    policy: 'drop',
    lateToleranceMs: 30_000,
    compatibilityLevel: '1.1',
  });
});

test('values of a parameters file come before the defaults', () => {
  const template = {
    parameters: { query: { defaultValue: 'SELECT 1 AS a FROM x' } },
    resources: [job('a', "[parameters('query')]")],
  };
  expect(read(template, { query: { value: 'SELECT 2 AS a FROM x' } }).query).toBe('SELECT 2 AS a FROM x');
});

test('a query that cannot be computed says so', () => {
  const template = { parameters: { query: {} }, resources: [job('a', "[parameters('query')]")] };
  expect(() => read(template)).toThrow(ArtefactError);
  expect(() => read(template)).toThrow(/cannot be computed/);
});

test('a late arrival tolerance that is not given is the longest', () => {
  expect(read({ resources: [job('a', 'SELECT a FROM x')] }).lateToleranceMs).toBe(20 * 86_400_000);
});

test('inputs and functions of a job, inside it and as resources of their own', () => {
  const template = {
    parameters: { job: { defaultValue: 'a' } },
    resources: [
      {
        ...job("[parameters('job')]", 'SELECT udf.f(v) AS v FROM [in-1]', {
          inputs: [{ name: 'shops', properties: { type: 'Reference' } }],
        }),
        resources: [
          {
            type: 'functions',
            name: 'f',
            properties: {
              type: 'Scalar',
              properties: { binding: { properties: { script: 'function f(v) { return v; }' } } },
            },
          },
        ],
      },
      {
        type: 'Microsoft.StreamAnalytics/streamingjobs/inputs',
        name: "[concat(parameters('job'), '/in-1')]",
        properties: { type: 'Stream' },
      },
      {
        type: 'Microsoft.StreamAnalytics/streamingjobs/functions',
        name: "[format('{0}/{1}', parameters('job'), 'square')]",
        properties: {
          type: 'Scalar',
          properties: { binding: { type: 'Microsoft.StreamAnalytics/CLRUdf', properties: {} } },
        },
      },
    ],
  };
  const definition = read(template);
  expect(definition.inputs).toEqual([
    { name: 'shops', kind: 'reference', file: undefined, format: undefined },
    { name: 'in-1', kind: 'stream', file: undefined, format: undefined },
  ]);
  expect(definition.functions.map(({ name, kind }) => [name, kind])).toEqual([['f', 'scalar']]);
  expect(definition.foreignFunctions).toEqual({ square: 'a C# function' });
});

test('one of several jobs is chosen by its name, with what belongs to it', () => {
  const input = (name: string): object => ({
    type: 'Microsoft.StreamAnalytics/streamingjobs/inputs',
    name,
    properties: { type: 'Stream' },
  });
  const template = {
    resources: [
      job('a', 'SELECT 1 AS v FROM x'),
      job('b', 'SELECT 2 AS v FROM y'),
      input('a/x'),
      input('b/y'),
    ],
  };
  expect(() => read(template)).toThrow('there are 2 jobs in this template');
  expect(read(template, undefined, 'B')).toMatchObject({
    query: 'SELECT 2 AS v FROM y',
    inputs: [{ name: 'y' }],
  });
});

test('a job inside a nested deployment takes the parameters that are given to it', () => {
  const inner = {
    parameters: { out: {} },
    resources: [job('a', "[concat('SELECT a INTO ', parameters('out'), ' FROM x')]")],
  };
  const template = {
    variables: { out: 'there' },
    resources: [
      {
        type: 'Microsoft.Resources/deployments',
        name: 'inner',
        properties: { template: inner, parameters: { out: { value: "[variables('out')]" } } },
      },
    ],
  };
  expect(read(template).query).toBe('SELECT a INTO there FROM x');
});
