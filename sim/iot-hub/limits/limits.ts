/** What a hub of a size takes in ("IoT Hub quotas and throttling"). */

export type Sku = 'S1' | 'S2' | 'S3';

export interface HubSize {
  readonly sku: Sku;
  readonly units: number;
}

/** Operations a second or minute, hub-wide, and the messages a day. */
export interface HubLimits {
  readonly telemetryPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly twinReadsPerSecond: number;
  readonly twinUpdatesPerSecond: number;
  readonly registryPerMinute: number;
  readonly queriesPerMinute: number;
  readonly cloudToDeviceSendsPerMinute: number;
  /** Over HTTPS alone. */
  readonly cloudToDeviceReceivesPerMinute: number;
  readonly fileUploadsPerMinute: number;
  readonly jobsPerMinute: number;
  readonly configurationsPerMinute: number;
  readonly messagesPerDay: number;
}

interface SkuLimits {
  readonly telemetry: { readonly perUnit: number; readonly atLeast: number };
  readonly twinReads: { readonly perUnit: number; readonly atLeast: number };
  readonly twinUpdates: { readonly perUnit: number; readonly atLeast: number };
  /** Registry, messages to devices, file uploads and jobs alike. */
  readonly operationsPerMinuteAndUnit: number;
  readonly queriesPerMinuteAndUnit: number;
  readonly receivesPerMinuteAndUnit: number;
  readonly messagesPerDayAndUnit: number;
}

const CONFIGURATIONS_PER_MINUTE_AND_UNIT = 20;
const SMALL_SERVICE = {
  operationsPerMinuteAndUnit: 100,
  queriesPerMinuteAndUnit: 20,
  receivesPerMinuteAndUnit: 1000,
} as const;

const SKUS: Readonly<Record<Sku, SkuLimits>> = {
  S1: {
    telemetry: { perUnit: 12, atLeast: 100 },
    twinReads: { perUnit: 0, atLeast: 100 },
    twinUpdates: { perUnit: 0, atLeast: 50 },
    ...SMALL_SERVICE,
    messagesPerDayAndUnit: 400_000,
  },
  S2: {
    telemetry: { perUnit: 120, atLeast: 0 },
    twinReads: { perUnit: 10, atLeast: 100 },
    twinUpdates: { perUnit: 5, atLeast: 50 },
    ...SMALL_SERVICE,
    messagesPerDayAndUnit: 6_000_000,
  },
  S3: {
    telemetry: { perUnit: 6000, atLeast: 0 },
    twinReads: { perUnit: 500, atLeast: 0 },
    twinUpdates: { perUnit: 250, atLeast: 0 },
    operationsPerMinuteAndUnit: 5000,
    queriesPerMinuteAndUnit: 1000,
    receivesPerMinuteAndUnit: 50_000,
    messagesPerDayAndUnit: 300_000_000,
  },
};

export function limitsOf({ sku, units }: HubSize): HubLimits {
  const { telemetry, twinReads, twinUpdates, ...perUnit } = SKUS[sku];
  const operationsPerMinute = perUnit.operationsPerMinuteAndUnit * units;
  const rate = ({ perUnit, atLeast }: { readonly perUnit: number; readonly atLeast: number }) =>
    Math.max(atLeast, perUnit * units);
  return {
    telemetryPerSecond: rate(telemetry),
    connectionsPerSecond: rate(telemetry),
    twinReadsPerSecond: rate(twinReads),
    twinUpdatesPerSecond: rate(twinUpdates),
    registryPerMinute: operationsPerMinute,
    queriesPerMinute: perUnit.queriesPerMinuteAndUnit * units,
    cloudToDeviceSendsPerMinute: operationsPerMinute,
    cloudToDeviceReceivesPerMinute: perUnit.receivesPerMinuteAndUnit * units,
    fileUploadsPerMinute: operationsPerMinute,
    jobsPerMinute: operationsPerMinute,
    configurationsPerMinute: CONFIGURATIONS_PER_MINUTE_AND_UNIT * units,
    messagesPerDay: perUnit.messagesPerDayAndUnit * units,
  };
}

/** Body and properties of a device-to-cloud message together. */
export const MAX_TELEMETRY_BYTES = 256 * 1024;
/** Request and response of a direct method. */
export const MAX_METHOD_BYTES = 128 * 1024;
/** Messages are metered in chunks of this size. */
export const METER_BYTES = 4 * 1024;
