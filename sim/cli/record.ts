/** `footfall record`: records a Face API into a fixture, or holds two of them against each other. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { FaceExchange } from '../../pipeline/analyze-faces/face-client/exchange.js';
import { httpFaceExchange } from '../../pipeline/analyze-faces/face-client/http-exchange.js';
import { faceProxyListener, type PassedOn } from '../face-api/front/proxy.js';
import { differencesOf } from '../face-api/recordings/differences.js';
import { FixtureError, formatFixture, parseFixture } from '../face-api/recordings/fixture-file.js';
import { IdTranslation } from '../face-api/recordings/id-translation.js';
import { Recorder } from '../face-api/recordings/recorder.js';
import type { Recording } from '../face-api/recordings/recording.js';
import { realTimeServices } from '../kernel/index.js';
import { BadInputError } from '../scenario/input-problem.js';
import { EXIT } from './exit-codes.js';
import { ComponentError } from './failure.js';

const LOOPBACK = '127.0.0.1';

interface Endpoint {
  readonly endpoint: string;
  readonly key?: string;
  readonly port: number;
  readonly json?: boolean;
}

interface RecordOptions extends Endpoint {
  readonly out: string;
  readonly append?: boolean;
  readonly local?: boolean;
  readonly keepBiometrics?: boolean;
}

interface DiffOptions extends Endpoint {
  readonly against: string;
  readonly againstKey?: string;
  readonly tolerance: number;
}

export function recordCommand(): Command {
  const record = new Command('record')
    .description('record a Face API into a fixture, by a proxy that your client is pointed at')
    .option('--out <file>', 'the fixture', 'face-fixture.json')
    .option(
      '--local',
      'answer by local models in place of an endpoint; ages, genders and moods are their guesses',
    )
    .option('--append', 'go on with the fixture that is there')
    .option('--keep-biometrics', 'keep pictures and descriptors of faces too; think twice')
    .addHelpText(
      'after',
      `
Point your client at the proxy's address in place of the endpoint, let it do its work, and stop with Ctrl+C. A scenario
replays the fixture with  face: { fixture: face-fixture.json }  strictly, or by the nearest recording.

Pictures and descriptors of faces are biometric data: a fixture keeps the SHA-256 of pictures only, and answers with
landmarks or descriptors are passed on but not recorded, unless --keep-biometrics is given.

  footfall record --local
  footfall record --endpoint https://NAME.cognitiveservices.azure.com --key KEY
  footfall record diff --endpoint http://localhost:5000 --against https://NAME.cognitiveservices.azure.com --against-key KEY`,
    )
    // Said in the action, since the subcommand has an endpoint of its own.
    .action((options: RecordOptions) => recordExchanges(options));
  withEndpoint(record);
  const diff = new Command('diff')
    .description('send each request to a second endpoint too, and show where the answers differ')
    .requiredOption('--against <url>', 'the second endpoint; the client gets the answers of the first')
    .option('--against-key <key>', 'its key')
    .option('--tolerance <n>', 'how far two numbers may be apart', nonNegative, 0.01)
    .action((_options: DiffOptions, command: Command) => showDifferences(command.optsWithGlobals()));
  record.addCommand(withEndpoint(diff));
  return record;
}

function withEndpoint(command: Command): Command {
  return command
    .option('--endpoint <url>', 'the Face API: a resource, a container, or footfall up')
    .option('--key <key>', 'its key; none for a container')
    .option('--port <n>', 'where the proxy listens on loopback; 0 takes any that is free', nonNegative, 0)
    .option('--json', 'print one JSON object a line, nothing else');
}

async function recordExchanges(options: RecordOptions): Promise<void> {
  const { append, json, keepBiometrics = false, out } = options;
  const { close, exchange, what } = await recordedEndpoint(options);
  const before = append === true ? recordingsIn(out) : [];
  const recorder = new Recorder({ recordedFrom: what, keepBiometrics, before });
  let refused = 0;
  await runProxy(options, exchange, ({ answer, latencyMs, request }) => {
    const recorded = recorder.record(request, answer, latencyMs);
    const what = `${request.method} ${request.path} ${answer.status}`;
    if (json === true) return print({ ...recorded, what, latencyMs });
    if (recorded.kind === 'refused') {
      refused++;
      return warn(`${what} was not recorded: ${recorded.reason}`);
    }
    if (recorded.note !== null) warn(recorded.note);
    process.stderr.write(`${what} in ${latencyMs} ms: ${recorded.id}\n`);
  });
  await close();
  const fixture = recorder.fixture();
  writeFileSync(out, formatFixture(fixture));
  if (json === true) print({ kind: 'done', out, recordings: fixture.recordings.length });
  else
    process.stdout.write(
      `${fixture.recordings.length} recordings in ${out}${refused > 0 ? `; ${refused} exchanges refused` : ''}\n`,
    );
}

interface RecordedEndpoint {
  readonly exchange: FaceExchange;
  /** For the fixture: where the answers are from. */
  readonly what: string;
  close(): Promise<void>;
}

async function recordedEndpoint({ endpoint, key, local }: RecordOptions): Promise<RecordedEndpoint> {
  if (local !== true)
    return { exchange: exchangeWith(endpoint, key, '--endpoint'), what: endpoint, close: async () => {} };
  if (endpoint !== undefined) throw badOption('--local', 'stands beside --endpoint', 'one of the two');
  // The models' libraries are large.
  const { openLocalFaceApi } = await import('../face-api/local/local-exchange.js');
  const { LOCAL_FACES } = await import('../face-api/local/local-faces.js');
  return { ...(await openLocalFaceApi(realTimeServices('record'))), what: LOCAL_FACES };
}

async function showDifferences(options: DiffOptions): Promise<void> {
  const first = exchangeWith(options.endpoint, options.key, '--endpoint');
  const second = exchangeWith(options.against, options.againstKey, '--against');
  const ids = new IdTranslation();
  let requests = 0;
  let differing = 0;
  await runProxy(options, first, async ({ answer, request }) => {
    requests++;
    const asked = ids.translate(request);
    const other = await second(asked, new AbortController().signal).catch((error: Error) => {
      warn(`--against gave no answer to ${request.method} ${request.path}: ${error.message}`);
      return { status: 0, retryAfterSeconds: null, body: undefined };
    });
    ids.learn(answer, other);
    const differences = differencesOf(answer, other, options.tolerance);
    if (differences.length > 0) differing++;
    const what = `${request.method} ${request.path}`;
    if (options.json === true) return print({ what, differences });
    process.stdout.write(`${differences.length === 0 ? pc.green('same') : pc.red('differs')} ${what}\n`);
    for (const { first: one, second: two, where } of differences)
      process.stdout.write(`  ${where}: ${JSON.stringify(one)} against ${JSON.stringify(two)}\n`);
  });
  if (options.json === true) print({ kind: 'done', requests, differing });
  else process.stdout.write(`${differing} of ${requests} requests were answered differently\n`);
  if (differing > 0) process.exitCode = EXIT.notMet;
}

/** Serves until it is interrupted. */
async function runProxy(
  { json, port }: Endpoint,
  endpoint: FaceExchange,
  onPassedOn: (exchange: PassedOn) => Promise<void> | void,
): Promise<void> {
  const { clock } = realTimeServices('record');
  const server = http.createServer(faceProxyListener({ clock, endpoint, onPassedOn }));
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(
        new ComponentError('FF_RECORD_PORT', `port ${port} cannot be opened`, 'choose another with --port'),
      ),
    );
    server.listen(port, LOOPBACK, resolve);
  });
  const address = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  if (json === true) print({ kind: 'ready', endpoint: address });
  else process.stderr.write(`${pc.green('ready')} at ${address}; stop with Ctrl+C\n`);
  await stopped;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function exchangeWith(url: string | undefined, key: string | undefined, option: string): FaceExchange {
  try {
    return httpFaceExchange({ endpoint: url ?? '', key: key ?? null });
  } catch {
    throw badOption(
      option,
      url === undefined ? 'is missing' : `'${url}' is no address of a Face API`,
      'an address such as http://localhost:5000 or https://NAME.cognitiveservices.azure.com',
    );
  }
}

function recordingsIn(file: string): readonly Recording[] {
  if (!existsSync(file)) return [];
  try {
    return parseFixture(readFileSync(file, 'utf8')).recordings;
  } catch (error) {
    if (!(error instanceof FixtureError)) throw error;
    throw badOption(file, error.message, 'a fixture that footfall record wrote');
  }
}

function badOption(file: string, message: string, expected: string): BadInputError {
  return new BadInputError([
    { code: 'FF_RECORD_INPUT', file, line: null, column: null, message, expected, suggestion: null },
  ]);
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('expected a number from 0 on');
  return value;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function warn(message: string): void {
  process.stderr.write(`${pc.yellow('warning')} ${message}\n`);
}
