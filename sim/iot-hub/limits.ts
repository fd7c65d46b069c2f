/** What a hub of a size takes in ("IoT Hub quotas and throttling"). */

export type Sku = 'S1' | 'S2' | 'S3';

export interface HubSize {
  readonly sku: Sku;
  readonly units: number;
}

/** Operations a second, hub-wide, and the messages a day. */
export interface HubLimits {
  readonly telemetryPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly twinReadsPerSecond: number;
  readonly twinUpdatesPerSecond: number;
  readonly messagesPerDay: number;
}

interface SkuLimits {
  readonly telemetry: { readonly perUnit: number; readonly atLeast: number };
  readonly twinReads: { readonly perUnit: number; readonly atLeast: number };
  readonly twinUpdates: { readonly perUnit: number; readonly atLeast: number };
  readonly messagesPerDayAndUnit: number;
}

const SKUS: Readonly<Record<Sku, SkuLimits>> = {
  S1: {
    telemetry: { perUnit: 12, atLeast: 100 },
    twinReads: { perUnit: 0, atLeast: 100 },
    twinUpdates: { perUnit: 0, atLeast: 50 },
    messagesPerDayAndUnit: 400_000,
  },
  S2: {
    telemetry: { perUnit: 120, atLeast: 0 },
    twinReads: { perUnit: 10, atLeast: 100 },
    twinUpdates: { perUnit: 5, atLeast: 50 },
    messagesPerDayAndUnit: 6_000_000,
  },
  S3: {
    telemetry: { perUnit: 6000, atLeast: 0 },
    twinReads: { perUnit: 500, atLeast: 0 },
    twinUpdates: { perUnit: 250, atLeast: 0 },
    messagesPerDayAndUnit: 300_000_000,
  },
};

export function limitsOf({ sku, units }: HubSize): HubLimits {
  const { telemetry, twinReads, twinUpdates, messagesPerDayAndUnit } = SKUS[sku];
  const rate = ({ perUnit, atLeast }: { readonly perUnit: number; readonly atLeast: number }) =>
    Math.max(atLeast, perUnit * units);
  return {
    telemetryPerSecond: rate(telemetry),
    connectionsPerSecond: rate(telemetry),
    twinReadsPerSecond: rate(twinReads),
    twinUpdatesPerSecond: rate(twinUpdates),
    messagesPerDay: messagesPerDayAndUnit * units,
  };
}

/** Body and properties of a device-to-cloud message together. */
export const MAX_TELEMETRY_BYTES = 256 * 1024;
/** Request and response of a direct method. */
export const MAX_METHOD_BYTES = 128 * 1024;
/** Messages are metered in chunks of this size. */
export const METER_BYTES = 4 * 1024;
