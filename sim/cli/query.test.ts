import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import avro from 'avsc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { queryCommand } from './query.js';

let folder = '';
let printed = '';
let complained = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-query-'));
  printed = '';
  complained = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function place(path: string, content: unknown): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function query(...args: readonly string[]): Promise<number> {
  await queryCommand().exitOverride().parseAsync(args, { from: 'user' });
  return Number(process.exitCode ?? 0);
}

const rows = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const COUNTED =
  'SELECT k, COUNT(*) AS n FROM traffic TIMESTAMP BY time GROUP BY k, TumblingWindow(second, 10)';
const EVENTS = ['a', 'b', 'a']
  .map((k, i) => `${JSON.stringify({ k, time: `2020-01-01T00:00:0${i + 1}Z` })}\n`)
  .join('');

describe('footfall query', () => {
  test('prints the rows of one output, and writes them with --out', async () => {
    const job = place('job.asaql', COUNTED);
    const events = place('events.jsonl', EVENTS);
    expect(await query(job, '--input', `traffic=${events}`, '--out', join(folder, 'out'))).toBe(0);
    const expected = [
      { k: 'a', n: 2 },
      { k: 'b', n: 1 },
    ];
    expect(rows(printed)).toEqual(expected);
    expect(rows(readFileSync(join(folder, 'out/output.jsonl'), 'utf8'))).toEqual(expected);
  });

  test('names the output of each row when there are several', async () => {
    const job = place('job.asaql', 'SELECT a INTO x FROM traffic; SELECT a + 1 AS b INTO y FROM traffic');
    const events = place('events.json', [{ a: 1 }]);
    expect(await query(job, '--input', `traffic=${events}`)).toBe(0);
    expect(rows(printed)).toEqual([
      { output: 'x', row: { a: 1 } },
      { output: 'y', row: { b: 2 } },
    ]);
  });

  test('takes CSV, reference data and JavaScript functions', async () => {
    const job = place(
      'job.asaql',
      'SELECT r.name, udf.twice(i.v) AS v FROM traffic i JOIN shops r ON i.shop = r.shop',
    );
    const events = place('events.csv', 'shop,v\n1,4\n2,5\n');
    const shops = place('shops.json', [{ shop: 1, name: 'Seoul' }]);
    const udf = place('twice.js', 'function main(v) { return 2 * v; }');
    expect(
      await query(job, '--input', `traffic=${events}`, '--reference', `shops=${shops}`, '--udf', udf),
    ).toBe(0);
    expect(rows(printed)).toEqual([]);
    // CSV is text: '1' and 1 are other keys, and the query has to say which it means.
    const cast = place(
      'cast.asaql',
      'SELECT r.name, udf.twice(i.v) AS v FROM traffic i JOIN shops r ON CAST(i.shop AS bigint) = r.shop',
    );
    expect(
      await query(cast, '--input', `traffic=${events}`, '--reference', `shops=${shops}`, '--udf', udf),
    ).toBe(0);
    expect(rows(printed)).toEqual([{ name: 'Seoul', v: 8 }]);
  });

  test('a field is found however the query spells it, once or in several ways', async () => {
    const job = place(
      'job.asaql',
      "SELECT DeviceID, deviceid AS d, TIME, partitionid AS p FROM traffic TIMESTAMP BY time WHERE DeviceId = 'a'",
    );
    const events = place('events.jsonl', '{"DeviceId":"a","Time":"2020-01-01T00:00:01Z","PartitionId":1}\n');
    expect(await query(job, '--input', `traffic=${events}`)).toBe(0);
    expect(rows(printed)).toEqual([{ DeviceID: 'a', d: 'a', TIME: '2020-01-01T00:00:01Z', p: 1 }]);
  });

  test('columns beside the body are there for lines that do not carry them', async () => {
    const job = place(
      'job.asaql',
      'SELECT PartitionId AS p, GetType(EventEnqueuedUtcTime) AS e, a FROM traffic',
    );
    const events = place('events.jsonl', '{"a":1}\n{"a":2,"PartitionId":3}\n');
    expect(await query(job, '--input', `traffic=${events}`)).toBe(0);
    expect(rows(printed)).toEqual([
      { p: 0, e: 'datetime', a: 1 },
      { p: 3, e: 'datetime', a: 2 },
    ]);
  });

  test('takes Avro, whatever its name when the project says so', async () => {
    const schema: avro.schema.AvroSchema = {
      type: 'record',
      name: 'E',
      fields: [{ name: 'k', type: 'long' }],
    };
    const file = join(folder, 'project', 'Inputs', 'data.bin');
    place('project/job.asaql', 'SELECT k + 1 AS k FROM traffic');
    place('project/Inputs/Local_traffic.json', {
      InputAlias: 'traffic',
      Type: 'Data Stream',
      Format: 'Avro',
      FilePath: 'data.bin',
      ScriptType: 'InputMock',
    });
    await pipeline([{ k: 4 }], new avro.streams.BlockEncoder(schema), createWriteStream(file));
    expect(await query(join(folder, 'project'))).toBe(0);
    expect(rows(printed)).toEqual([{ k: 5 }]);
    place('project/Inputs/data.bin', 'no Avro');
    expect(await query(join(folder, 'project'))).toBe(2);
    expect(complained).toContain('it cannot be read as avro');
  });

  test('applies the policies to events that say when they arrived', async () => {
    const job = place('job.asaql', 'SELECT System.Timestamp() AS ts FROM traffic TIMESTAMP BY time');
    const events = place(
      'events.jsonl',
      '{"time":"2019-01-01T00:10:00Z","EventEnqueuedUtcTime":"2019-01-01T00:10:40Z"}\n',
    );
    expect(await query(job, '--input', `traffic=${events}`, '--late', '15')).toBe(0);
    expect(rows(printed)).toEqual([{ ts: '2019-01-01T00:10:25.0000000Z' }]);
    printed = '';
    expect(await query(job, '--input', `traffic=${events}`, '--late', '15', '--policy', 'drop')).toBe(0);
    expect(printed).toBe('');
  });

  test('bad events are counted and named, and the others are used', async () => {
    const job = place('job.asaql', 'SELECT k FROM traffic');
    const events = place('events.jsonl', '{"k":1}\n{"k":\n{"k":2}\n');
    expect(await query(job, '--input', `traffic=${events}`)).toBe(0);
    expect(rows(printed)).toEqual([{ k: 1 }, { k: 2 }]);
    expect(complained).toContain(`${events}:2`);
    expect(complained).toContain('1 bad events were dropped');
  });

  test('a query that Azure would refuse: exit code 2, with the place', async () => {
    const job = place('job.asaql', 'SELECT COUNT(*) FROM traffic');
    const events = place('events.jsonl', EVENTS);
    expect(await query(job, '--input', `traffic=${events}`)).toBe(2);
    expect(complained).toContain(`${job}:1:8:`);
    expect(complained).toContain('^^^^^^^^');
    expect(printed).toBe('');
  });

  test('a CAST that fails stops the job with the line of the event', async () => {
    const job = place('job.asaql', 'SELECT CAST(k AS bigint) AS k FROM traffic');
    const events = place('events.jsonl', EVENTS);
    expect(await query(job, '--input', `traffic=${events}`)).toBe(2);
    expect(complained).toContain(`${events}:1`);
  });

  test('files that are not there, and no input at all: exit code 2', async () => {
    const job = place('job.asaql', COUNTED);
    expect(await query(join(folder, 'none.asaql'))).toBe(2);
    expect(await query(job)).toBe(2);
    expect(await query(job, '--input', `traffic=${join(folder, 'none.jsonl')}`)).toBe(2);
    expect(complained).not.toContain('    at ');
  });

  test('--explain takes for granted what a bare query cannot declare, and says so', async () => {
    const job = place('job.asaql', 'SELECT udf.f(i.v) AS v, r.name FROM traffic i JOIN shops r ON i.k = r.k');
    expect(await query(job, '--explain')).toBe(0);
    expect(printed).toContain('warning: udf.f is not among the functions given');
    expect(printed).toContain(
      "warning: 'shops' is joined without a bound on time; it is taken for reference data",
    );
    const events = place('events.jsonl', EVENTS);
    expect(await query(job, '--input', `traffic=${events}`)).toBe(2);
  });

  test('--explain prints the plan', async () => {
    expect(await query(place('job.asaql', COUNTED), '--explain')).toBe(0);
    expect(printed).toContain('window tumbling 10000 ms');
  });
});

describe("artefacts of Azure's tools", () => {
  const template = {
    parameters: { job: { defaultValue: 'retail', type: 'string' } },
    resources: [
      {
        type: 'Microsoft.StreamAnalytics/streamingjobs',
        name: "[parameters('job')]",
        properties: {
          compatibilityLevel: '1.0',
          eventsLateArrivalMaxDelayInSeconds: 5,
          eventsOutOfOrderPolicy: 'Adjust',
          transformation: {
            properties: {
              query:
                "SELECT System.TimeStamp AS WindowEnd, SUM(analyzed) AS faces, ROUND(AVG(ROUND([traffic-data].faceAttributes.emotionScore,2)),2) AS mood, COUNT(CASE WHEN [traffic-data].faceAttributes.gender = 'male' THEN 1 ELSE NULL END) AS males, 1.0 AS maxemotion \r\n INTO [traffic-output] \r\n FROM [traffic-data] TIMESTAMP BY EventEnqueuedUtcTime GROUP BY TumblingWindow(Duration(second, 7))",
            },
          },
        },
      },
      {
        type: 'Microsoft.StreamAnalytics/streamingjobs/inputs',
        name: "[concat(parameters('job'), '/traffic-data')]",
        properties: { type: 'Stream' },
      },
    ],
  };

  test('an ARM template runs as it stands', async () => {
    const job = place('stream-analytics.json', template);
    const event = {
      analyzed: true,
      faceAttributes: { emotionScore: 0.5, gender: 'male' },
      EventEnqueuedUtcTime: '2020-01-01T00:00:01Z',
    };
    const events = place(
      'events.jsonl',
      `${JSON.stringify(event)}\n${JSON.stringify({ ...event, analyzed: false })}\n`,
    );
    expect(await query(job, '--input', `traffic-data=${events}`)).toBe(0);
    expect(rows(printed)).toMatchObject([{ faces: 1, mood: 0.5, males: 2, maxemotion: 1 }]);
  });

  test('a C# function is refused with its reason, until a JavaScript one stands in for it', async () => {
    const function_ = {
      type: 'Microsoft.StreamAnalytics/streamingjobs/functions',
      name: "[concat(parameters('job'), '/square')]",
      properties: { properties: { binding: { type: 'Microsoft.StreamAnalytics/CLRUdf' } } },
    };
    const [job, input] = template.resources;
    const properties = {
      transformation: { properties: { query: 'SELECT udf.square(v) AS v FROM [traffic-data]' } },
    };
    const file = place('clr.json', { ...template, resources: [{ ...job, properties }, input, function_] });
    const events = place('events.jsonl', '{"v":3}\n');
    expect(await query(file, '--input', `traffic-data=${events}`)).toBe(2);
    expect(complained).toContain('udf.square is a C# function, which needs a runtime of its own');
    const udf = place('square.js', 'function main(v) { return v * v; }');
    expect(await query(file, '--input', `traffic-data=${events}`, '--udf', udf)).toBe(0);
    expect(rows(printed)).toEqual([{ v: 9 }]);
  });

  function placeProject(): string {
    place('project/asaproj.json', {
      name: 'project',
      startFile: 'job.asaql',
      configurations: [
        { filePath: 'Inputs/Local_traffic.json', subType: 'Input' },
        { filePath: 'JobConfig.json', subType: 'JobConfig' },
      ],
    });
    place('project/job.asaql', 'SELECT udf.twice(v) AS v FROM traffic');
    place('project/Functions/twice.js', 'function main(v) { return 2 * v; }');
    place('project/JobConfig.json', { CompatibilityLevel: '1.1', EventsLateArrivalMaxDelayInSeconds: 5 });
    place('project/Inputs/Local_traffic.json', {
      InputAlias: 'traffic',
      Type: 'Data Stream',
      Format: 'Json',
      FilePath: 'Data_traffic.json',
      ScriptType: 'InputMock',
    });
    place('project/Inputs/Data_traffic.json', [{ v: true }, { v: 3 }]);
    return join(folder, 'project');
  }

  test("a local runner's project runs over its own samples", async () => {
    expect(await query(placeProject())).toBe(0);
    expect(rows(printed)).toEqual([{ v: 2 }, { v: 6 }]);
  });

  test('testConfig.json is run and summed up', async () => {
    const project = placeProject();
    const output = (expected: string): unknown => [
      { OutputAlias: 'output', FilePath: expected, Required: true },
    ];
    const inputs = [
      {
        InputAlias: 'traffic',
        Type: 'Data Stream',
        Format: 'Json',
        FilePath: 'events.json',
        ScriptType: 'InputMock',
      },
    ];
    place('project/test/events.json', [{ v: 1 }]);
    place('project/test/right.json', '{"v":2}\n');
    place('project/test/wrong.json', '{"v":3}\n');
    place('project/test/testConfig.json', {
      Script: '',
      TestCases: [
        { Name: 'right', Inputs: inputs, ExpectedOutputs: output('right.json') },
        { Name: 'wrong', Inputs: inputs, ExpectedOutputs: output('wrong.json') },
      ],
    });
    expect(await query(project, '--out', join(folder, 'out'))).toBe(1);
    const summary = JSON.parse(readFileSync(join(folder, 'out/testResultSummary.json'), 'utf8'));
    expect(summary).toMatchObject({ Total: 2, Passed: 1, Failed: 1 });
    expect(summary.Results[0]).toMatchObject({
      Name: 'right',
      Status: 0,
      OutputMatched: [{ OutputAlias: 'output' }],
    });
    expect(summary.Results[1]).toMatchObject({
      Name: 'wrong',
      Status: 1,
      OutputNotEqual: [{ OutputAlias: 'output' }],
    });
  });
});
