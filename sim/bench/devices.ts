/**
 * What a device costs: thousands connect, take their twins, send, lose the hub and come back, from a process of their
 * own; beside a plain broker, if there is one. Then twenty thousand of them in virtual time, and a hundred thousand
 * connects that may leave nothing behind.
 */
import type { Bench, BenchFigure } from './bench.js';
import { type LoadFigures, measure, type PhaseFigures } from './devices/measure.js';
import { hubUnderLoad, mosquittoUnderLoad, type ServerUnderLoad } from './devices/server.js';
import { soak } from './devices/soak.js';
import { stormOf } from './devices/storm.js';

const DEVICES = 2_000;
const MESSAGES_EACH = 20;
const STORM_DEVICES = 20_000;
/** A hundred thousand connects, with a look at the heap after every tenth of them. */
const SOAK_ROUNDS = 10;
const SOAK_CONNECTS = 10_000;

type Report = (figure: BenchFigure) => void;

export const devicesBench: Bench = {
  name: 'devices',
  summary: 'what a device costs: connects, messages and a reconnect storm, beside a plain broker',
  async run(report, progress) {
    const plain = await measured('IoT Hub', await hubUnderLoad(false), progress);
    reportLoad('devices', plain, report);
    reportLoad('devices.tls', await measured('IoT Hub over TLS', await hubUnderLoad(true), progress), report);
    const broker = await mosquittoUnderLoad();
    if (broker === null) progress('mosquitto is not installed: no plain broker to compare with');
    else {
      const figures = await measured('mosquitto', broker, progress);
      reportLoad('devices.mosquitto', figures, report);
      reportRatios(plain, figures, report);
    }
    const storm = await stormOf(STORM_DEVICES);
    const name = `devices.storm${STORM_DEVICES}`;
    report({ metric: `${name}.cpuPerConnect`, value: storm.cpuMicrosecondsPerConnect, unit: 'µs' });
    report({ metric: `${name}.heapPerConnection`, value: storm.heapBytesPerConnection, unit: 'B' });
    report({ metric: `${name}.heapLeftPerConnection`, value: storm.heapBytesLeft, unit: 'B' });
    report({ metric: `${name}.backAfter`, value: storm.backAfterSeconds, unit: 'virtual s' });
    report({ metric: `${name}.refusals`, value: storm.refusals, unit: '1' });
    await reportSoak(report, progress);
  },
};

async function reportSoak(report: Report, progress: (text: string) => void): Promise<void> {
  const { bytesLeftPerConnect, cpuMicrosecondsPerConnect, heapMb } = await soak(
    SOAK_ROUNDS,
    SOAK_CONNECTS,
    progress,
  );
  const name = `devices.soak${SOAK_ROUNDS * SOAK_CONNECTS}`;
  report({ metric: `${name}.cpuPerConnect`, value: cpuMicrosecondsPerConnect, unit: 'µs' });
  report({ metric: `${name}.heapAfterFirst`, value: heapMb[0] ?? 0, unit: 'MB' });
  report({ metric: `${name}.heapAfterLast`, value: heapMb.at(-1) ?? 0, unit: 'MB' });
  report({ metric: `${name}.heapLeftPerConnect`, value: bytesLeftPerConnect, unit: 'B' });
}

async function measured(
  what: string,
  server: ServerUnderLoad,
  progress: (text: string) => void,
): Promise<LoadFigures> {
  try {
    const figures = await measure(server, DEVICES, MESSAGES_EACH);
    const { connects, messages } = figures;
    progress(
      `${what}: ${connects.perSecond.toFixed(0)} connects/s (${connects.cpuMicroseconds.toFixed(0)} µs of its processor each), ` +
        `${messages.perSecond.toFixed(0)} messages/s (${messages.cpuMicroseconds.toFixed(0)} µs)`,
    );
    return figures;
  } finally {
    await server.close();
  }
}

function reportLoad(
  name: string,
  { bytesPerDevice, connects, messages, storm }: LoadFigures,
  report: Report,
): void {
  report({ metric: `${name}.connectsPerSecond`, value: connects.perSecond, unit: '1/s' });
  report({ metric: `${name}.cpuPerConnect`, value: connects.cpuMicroseconds, unit: 'µs' });
  report({ metric: `${name}.messagesPerSecond`, value: messages.perSecond, unit: '1/s' });
  report({ metric: `${name}.cpuPerMessage`, value: messages.cpuMicroseconds, unit: 'µs' });
  reportLatency(`${name}.acknowledged`, messages, report);
  report({ metric: `${name}.storm.connectsPerSecond`, value: storm.perSecond, unit: '1/s' });
  reportLatency(`${name}.storm.connected`, storm, report);
  report({ metric: `${name}.bytesPerDevice`, value: Math.round(bytesPerDevice), unit: 'B' });
}

function reportLatency(name: string, { p50Ms, p99Ms }: PhaseFigures, report: Report): void {
  report({ metric: `${name}P50`, value: p50Ms, unit: 'ms' });
  report({ metric: `${name}P99`, value: p99Ms, unit: 'ms' });
}

function reportRatios(hub: LoadFigures, broker: LoadFigures, report: Report): void {
  for (const phase of ['connects', 'messages'] as const) {
    report({
      metric: `devices.${phase}PerSecond.mosquittoRatio`,
      value: hub[phase].perSecond / broker[phase].perSecond,
      unit: 'ratio',
      of: `devices.mosquitto.${phase}PerSecond`,
    });
  }
}
