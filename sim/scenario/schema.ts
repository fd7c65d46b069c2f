/**
 * A scenario as people write it. This schema gives its types, its defaults, its error messages and the
 * published JSON Schema. Quantities carry units in the file and become milliseconds, shares and bits per
 * second here.
 */
import { z } from 'zod';
import { trafficDocumentSchema } from '../store/visits/traffic-schema.js';
import { expectationsSchema } from './expectations-schema.js';
import { bitsPerSecond, durationMs, shareOf, signedDurationMs } from './units.js';

const HOUR_MS = 3_600_000;

const path = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to this file.` });

const time = z
  .strictObject({
    start: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'a local time such as 2026-03-07T09:00')
      .default('2026-03-07T10:00')
      .meta({ description: "Local time at which the run begins, in the store's time zone." }),
    duration: durationMs('How long the store runs.'),
    timeZone: z.string().default('UTC').meta({ description: 'IANA name, e.g. Europe/London.' }),
  })
  .meta({ description: 'When the run takes place.' });

const inputPixels = z.int().min(64).max(1024).multipleOf(16);
const detectorInput = z
  .tuple([inputPixels, inputPixels])
  .meta({ description: "Width and height of the detector's input, in pixels." });

const solution = z
  .strictObject({
    manifest: path('The IoT Edge deployment manifest.').optional(),
    query: path('The Stream Analytics query (.asaql).').optional(),
    functions: path('The folder of the Azure Functions app.').optional(),
    messageDelay: durationMs('Shortest time between two pictures of a camera.').prefault('3s'),
    lookInterval: durationMs('Time between two looks of the detector at a camera.').prefault('2s'),
    detectorInput: detectorInput.default([512, 384]),
    lateArrival: durationMs('Stream Analytics: how late an event may arrive.').prefault('5s'),
    outOfOrder: durationMs('Stream Analytics: how far out of order events may be.').prefault('5s'),
    latePolicy: z.enum(['adjust', 'drop']).default('adjust').meta({
      description: 'Stream Analytics: what becomes of an event beyond those tolerances.',
    }),
  })
  .meta({ description: 'The solution under test; what is not given is the one that footfall ships.' });

const face = z
  .strictObject({
    era: z.enum(['2019', 'retired']).default('2019').meta({
      description: 'The Face API as it was, or as it is since its attributes were retired in June 2023.',
    }),
    limitedAccess: z.boolean().default(false).meta({
      description: 'Era retired: whether an application for Limited Access was approved.',
    }),
    fixture: path(
      'Recordings of a Face API (footfall record); they go before what personas answer.',
    ).optional(),
    matching: z.enum(['strict', 'nearest']).default('strict').meta({
      description: 'Whether a request that was not recorded gets the nearest answer of its operation.',
    }),
    latency: z.enum(['model', 'recorded', 'resampled']).default('model').meta({
      description:
        "How long recorded answers take: as the capacity says, as recorded, or as any of the operation's.",
    }),
    container: z
      .record(z.string(), z.string())
      .default({ Eula: 'accept', Billing: 'https://face.cognitiveservices.azure.com', ApiKey: 'simulated' })
      .meta({
        description: 'What the container is started with: Eula, Billing and ApiKey, or it does not start.',
      }),
  })
  .meta({ description: 'The Face API on the premises.' });

const privacy = z
  .strictObject({
    kAnonymity: z.int().min(1).max(1000).default(3).meta({
      description: 'Demographics of fewer faces than this are withheld from a window row.',
    }),
    withhold: z.enum(['demographics', 'row']).default('demographics').meta({
      description: 'What is withheld of a row about too few.',
    }),
    loyalty: z.boolean().default(true).meta({
      description: 'Whether shoppers who opted in are known again on another day.',
    }),
  })
  .meta({ description: 'What may leave the premises.' });

const capacity = z
  .strictObject({
    faceReplicas: z.int().min(1).max(100).default(2).meta({ description: 'Replicas of the Face container.' }),
    faceServiceTime: durationMs('Mean time a replica takes for one detection.').prefault('90ms'),
    throughputUnits: z.int().min(1).max(40).default(1).meta({ description: 'Event Hubs throughput units.' }),
    partitions: z.int().min(1).max(32).default(4).meta({ description: 'Partitions of the event hub.' }),
    hubSku: z.enum(['S1', 'S2', 'S3']).default('S1').meta({ description: 'IoT Hub tier.' }),
    hubUnits: z.int().min(1).max(200).default(1).meta({ description: 'IoT Hub units.' }),
    functionConcurrency: z.int().min(1).max(1000).default(24).meta({
      description: 'Pictures that one instance of the Function app analyses at once.',
    }),
    functionPlan: z.enum(['dedicated', 'consumption']).default('dedicated').meta({
      description:
        'Whether instances of the Function app are always there, or come with the work: the first after a cold start, one more every half a minute while work waits, none after 20 idle minutes.',
    }),
    functionInstances: z.int().min(1).max(200).default(1).meta({
      description: 'Instances of the Function app; of the consumption plan the most.',
    }),
    devicePictures: z.int().min(1).max(1_000_000).default(5_000).meta({
      description: 'Pictures that a camera can keep while a link is down.',
    }),
    deviceFull: z.enum(['drop-oldest', 'keep-oldest']).default('drop-oldest').meta({
      description: 'What a full camera gives up.',
    }),
  })
  .meta({ description: 'How much of everything there is.' });

const link = (latency: string, bandwidth: string) =>
  z
    .strictObject({
      latency: durationMs('One way.').prefault(latency),
      bandwidth: bitsPerSecond('Shared by all messages of one direction.').prefault(bandwidth),
      loss: shareOf('Messages that are lost once and sent again.').prefault(0),
    })
    .prefault({});

const links = z
  .strictObject({
    lan: link('2ms', '100Mbps').meta({ description: 'Cameras to blob storage, inside the store.' }),
    uplink: link('25ms', '20Mbps').meta({ description: 'The store to the cloud: IoT Hub and Event Hubs.' }),
    premises: link('1ms', 'unlimited').meta({ description: 'Function to blob storage.' }),
    face: link('1ms', 'unlimited').meta({ description: 'Function to the Face API.' }),
    cloud: link('5ms', 'unlimited').meta({ description: 'Event Hubs to Stream Analytics to Power BI.' }),
  })
  .meta({ description: 'The network between the tiers.' });

const faultTime = {
  at: durationMs('When it begins, from the start of the run.'),
  for: durationMs('How long it lasts.'),
};

const ofCameras = z.string().optional().meta({ description: 'All cameras when not given.' });

const fault = z
  .discriminatedUnion('what', [
    z.strictObject({
      ...faultTime,
      what: z.literal('link-down'),
      link: z.enum(['lan', 'uplink', 'premises', 'face', 'cloud']),
    }),
    z
      .strictObject({
        ...faultTime,
        what: z.literal('camera-off'),
        camera: ofCameras,
        battery: durationMs('How long cameras go on by themselves.').prefault(0),
      })
      .meta({
        description: 'The power fails. What is on the disk of a camera is there when it starts again.',
      }),
    z
      .strictObject({
        ...faultTime,
        what: z.literal('clock-skew'),
        camera: ofCameras,
        by: signedDurationMs('How far the clock is ahead, or behind where negative.').prefault(0),
        driftPerHour: signedDurationMs('What it gains in an hour, or loses where negative.').prefault(0),
      })
      .meta({ description: 'Clocks are wrong: pictures and tokens bear wrong times.' }),
    z.strictObject({ ...faultTime, what: z.literal('module-crash'), camera: ofCameras }).meta({
      description: 'The module ends as soon as it starts; IoT Edge restarts it after growing waits.',
    }),
    z.strictObject({ ...faultTime, what: z.literal('face-down') }),
    z
      .strictObject({
        ...faultTime,
        what: z.literal('face-crash'),
        replica: z.int().min(1).max(100).default(1),
        answer: z.enum(['bad-gateway', 'reset']).default('bad-gateway').meta({
          description: 'What a client gets whose request was on the replica: 502, or a broken connection.',
        }),
      })
      .meta({ description: 'A replica of the Face container stops; requests on it are lost.' }),
    z
      .strictObject({ ...faultTime, what: z.literal('face-restart') })
      .meta({ description: 'All replicas of the Face container restart, one after the other.' }),
    z
      .strictObject({
        ...faultTime,
        what: z.literal('face-error'),
        operation: z.string().optional().meta({
          description: 'As the REST specification calls it, e.g. Face_Detect; all when not given.',
        }),
        status: z.int().min(400).max(599).optional().meta({ description: 'Only slow when not given.' }),
        retryAfter: durationMs('The Retry-After of the answer.').optional(),
        latency: durationMs('Added to the time that a request takes.').prefault(0),
        share: shareOf('Of the requests; all of them unless given.').prefault(1),
        count: z.int().min(1).optional().meta({ description: 'How many requests it hits at most.' }),
      })
      .meta({ description: 'Requests to the Face API fail, or are slow.' }),
  ])
  .meta({ description: 'Something that fails for a while.' });

const otherModel = z
  .union([
    z.strictObject({ detectorInput }).meta({ description: 'The detector of footfall, of another input.' }),
    z.strictObject({
      zip: path('A model zip of your own.'),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits')
        .optional()
        .meta({ description: 'What devices are told to expect; that of the zip when not given.' }),
    }),
  ])
  .meta({ description: 'Put into blob storage and named by ModelZipUrl and ModelZipSha256.' });

const twinChange = z
  .strictObject({
    at: durationMs('When it is made, from the start of the run.'),
    camera: z.string().optional().meta({ description: 'All cameras when not given.' }),
    desired: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
    model: otherModel.optional(),
  })
  .refine(({ desired, model }) => model !== undefined || Object.keys(desired).length > 0, {
    error: 'desired properties, another model, or both',
  })
  .meta({ description: "A change of the cameras' desired properties while they run." });

export const scenarioDocumentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
      .meta({ description: 'Names the folder of the results, too.' }),
    description: z.string().default(''),
    seed: z
      .union([z.string(), z.number()])
      .default(1)
      .meta({ description: 'Everything random follows from it.' }),
    store: path('The floor plan.'),
    storeId: z
      .string()
      .optional()
      .meta({ description: "The store's id in events; the scenario's name when not given." }),
    time,
    traffic: trafficDocumentSchema.prefault({}),
    solution: solution.prefault({}),
    face: face.prefault({}),
    privacy: privacy.prefault({}),
    capacity: capacity.prefault({}),
    links: links.prefault({}),
    faults: z.array(fault).default([]),
    twinChanges: z.array(twinChange).default([]),
    retention: z
      .strictObject({
        pictures: durationMs('How long a picture that was not analysed is kept.').prefault('24h'),
        events: durationMs('How long Event Hubs keeps events, 1h to 7d. Less of it takes less memory.')
          .refine((ms) => ms >= HOUR_MS && ms <= 7 * 24 * HOUR_MS, { error: 'from 1h to 7d' })
          .prefault('24h'),
      })
      .prefault({}),
    expect: expectationsSchema.prefault({}),
  })
  .meta({
    title: 'footfall scenario',
    description: 'A store, its traffic, the solution under test, and what is expected.',
  });

export type ScenarioDocument = z.output<typeof scenarioDocumentSchema>;
export type FaultDocument = ScenarioDocument['faults'][number];
export type TwinChangeDocument = ScenarioDocument['twinChanges'][number];
export type LinkName = keyof ScenarioDocument['links'];
