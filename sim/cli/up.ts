import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import type { Coverage } from '../face-api/index.js';
import { readRealEndpoints } from '../run/up/at/real-endpoints.js';
import type { UpDescription } from '../run/up/description.js';
import { HubDataError } from '../run/up/hub-keeper.js';
import { readStreams } from '../run/up/live-cameras.js';
import { DEFAULT_PORT_BASE, PortBaseError, PortInUseError } from '../run/up/ports.js';
import { readRoutingFile } from '../run/up/routing-file.js';
import { openUp, type Up } from '../run/up/up.js';
import { BadInputError, fileProblem } from '../scenario/input-problem.js';
import { ComponentError, reportFailure } from './failure.js';
import { openFolder } from './folders.js';
import { type Snippet, snippetsOf } from './up-snippets.js';

const SNIPPET_INDENT = '  ';

interface UpCommandOptions {
  readonly store?: string;
  readonly portBase: string;
  readonly data?: string;
  readonly real: readonly string[];
  readonly camera: readonly string[];
  readonly routing?: string;
  readonly faceFixture?: string;
  readonly faceMatching: 'strict' | 'nearest';
  readonly faceEra: '2019' | 'retired';
  readonly deviceCa?: string;
  readonly at: readonly string[];
  readonly allowPicturesOut?: boolean;
  readonly json?: boolean;
}

/** `footfall up`: all stand-ins on TCP and TLS in real time, for real devices, until it is interrupted. */
export function upCommand(): Command {
  return new Command('up')
    .description('start every stand-in on loopback in real time, for real devices and SDKs')
    .option('--store <file>', 'floor plan whose simulated cameras run (default: the corner shop)')
    .option('--port-base <n>', 'first of the ports; 0 takes any that are free', String(DEFAULT_PORT_BASE))
    .option('--data <dir>', 'keep certificates, identities, twins, blobs and events here from start to start')
    .option('--real <camera...>', 'cameras that are left to hardware', [])
    .option(
      '--camera <id=source...>',
      'what cameras of the store see instead: rtsp://…, http://… (MJPEG), /dev/video0, or a file in a loop',
      [],
    )
    .option('--routing <file>', "routes of the IoT Hub: an ARM template, or its 'routing' (JSON)")
    .option('--face-fixture <file>', 'answers of the Face API that footfall record wrote')
    .addOption(
      new Option('--face-matching <how>', 'how requests find them')
        .choices(['strict', 'nearest'])
        .default('strict'),
    )
    .addOption(
      new Option('--face-era <era>', 'the Face API as it was, or since June 2023')
        .choices(['2019', 'retired'])
        .default('2019'),
    )
    .option('--device-ca <file>', 'certificate authorities (PEM) whose certificates devices may show')
    .option(
      '--at <connection...>',
      'an IoT Hub, a storage account, Event Hubs or a Face API elsewhere, in the place of the stand-in, by its connection string',
      [],
    )
    .option(
      '--allow-pictures-out',
      'let pictures go to a storage account or Face API that is not on this machine',
    )
    .option('--json', 'print one line of JSON when everything is ready')
    .action(async (options: UpCommandOptions) => {
      const stopped = interruption();
      const up = await start(options).catch((error: unknown) => {
        // What had been opened is closed again, but sockets of SDKs may linger.
        process.exit(reportFailure(error, (line) => process.stderr.write(`${line}\n`)));
      });
      process.stdout.write(
        options.json === true ? `${JSON.stringify(up.description)}\n` : describe(up.description),
      );
      await stopped;
      const coverage = up.faceCoverage();
      await up.close();
      if (coverage !== null) process.stderr.write(`${describeCoverage(coverage)}\n`);
      // Sockets of SDKs may linger; there is nothing left to do.
      process.exit(0);
    });
}

async function start(options: UpCommandOptions): Promise<Up> {
  const dataFolder =
    options.data === undefined ? mkdtempSync(join(tmpdir(), 'footfall-up-')) : resolve(options.data);
  openFolder(dataFolder, '--data');
  try {
    return await openUp({
      storeFile: options.store ?? null,
      portBase: Number(options.portBase),
      dataFolder,
      keepsData: options.data !== undefined,
      at: readRealEndpoints(options.at, options.allowPicturesOut === true),
      deviceCaPem: options.deviceCa === undefined ? null : readAuthorities(options.deviceCa),
      routing: options.routing === undefined ? null : readRoutingFile(options.routing),
      realCameras: options.real,
      streams: readStreams(options.camera),
      face: {
        fixture: options.faceFixture === undefined ? null : resolve(options.faceFixture),
        matching: options.faceMatching,
        era: options.faceEra,
      },
      warn: (message) => process.stderr.write(`${pc.yellow('warning')} ${message}\n`),
    });
  } catch (error) {
    throw explained(error);
  }
}

/** How much of the fixture was used, for whoever keeps it. */
function describeCoverage({ recordings, stale, unmatched, unused, used }: Coverage): string {
  const list = (what: string, ids: readonly string[]) =>
    ids.length === 0 ? '' : `\n  ${what}: ${ids.join(', ')}`;
  return `Face fixture: ${used.length} of ${recordings} recordings used${list('unused', unused)}${list('stale', stale)}${list('unmatched', unmatched)}`;
}

/** Throws `BadInputError`. */
function readAuthorities(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInputError([fileProblem('FF_UP_DEVICE_CA', file, why, 'certificates in PEM')]);
  }
}

function explained(error: unknown): unknown {
  if (error instanceof PortInUseError) {
    return new ComponentError(error.code, error.message, 'stop what listens there, or choose --port-base');
  }
  if (error instanceof HubDataError) return new ComponentError(error.code, error.message);
  if (!(error instanceof PortBaseError)) return error;
  const { code, message } = error;
  return new BadInputError([
    { code, file: '--port-base', line: null, column: null, message, expected: null, suggestion: null },
  ]);
}

/** Resolves at the first SIGINT or SIGTERM, also one that comes while things are starting. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function describe(description: UpDescription): string {
  const { at, blob, cameras, caPath, dashboard, dps, eventHubs, face, health, iotHub, management } =
    description;
  return `${pc.green('ready')}; stop with Ctrl+C

  IoT Hub      mqtts://localhost:${iotHub.mqttPort}, https://localhost:${iotHub.httpsPort} (and wss: /$iothub/websocket),
               amqps://localhost:${iotHub.amqpPort}
               ${iotHub.serviceConnectionString}
  built-in     ${iotHub.builtInEndpoint.connectionString} (hub ${iotHub.builtInEndpoint.hub})
  devices      ${iotHub.devices.map(({ deviceId }) => deviceId).join(', ')}
  DPS          mqtts://${dps.host}:${dps.port} (id scope ${dps.idScope}, group key ${dps.enrollmentGroupKey})
               ${dps.serviceConnectionString} (at the port of https)
  blob         ${blob.connectionString}
  Event Hubs   ${eventHubs.connectionString} (hub ${eventHubs.hub}, ${eventHubs.partitions} partitions)
  Face API     ${face.endpoint} (key ${face.key})
  dashboard    ${dashboard.url} (token ${dashboard.tokens.viewer})
  cameras      ${cameras.url} (what they see; REST and video by camera)
  health       ${health.url}
  keys         ${management.url} (to regenerate them, as Azure Resource Manager does; token ${management.token})
${at.map((each) => `  at           ${each}\n`).join('')}
Over TLS, clients must trust the certificate authority ${caPath}. Modules to begin with:
${snippetsOf(description).map(printed).join('')}
`;
}

function printed({ code, title }: Snippet): string {
  return `\nWith ${title}:\n\n${code.replace(/^(?=.)/gm, SNIPPET_INDENT)}`;
}
