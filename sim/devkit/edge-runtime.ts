/**
 * What runs on a Dev Kit from the moment it has power until it has none: the IoT Edge agent, the IoT Edge hub and the
 * modules of the deployment, each with an identity and a connection of its own, as an edge device that reaches its
 * hub over MQTT has.
 */
import { z } from 'zod';
import {
  HubError,
  type Json,
  type MethodAnswer,
  type MethodHandler,
  type OutgoingMessage,
  type Properties,
} from '../../pipeline/camera-module/hub-connection.js';
import { PictureRefusedError, type PictureStore } from '../../pipeline/camera-module/picture-store.js';
import { type Retry, retryBy } from '../../pipeline/camera-module/retry-schedule.js';
import { TwinConnection } from '../../pipeline/camera-module/twin-connection.js';
import type { CameraHardware } from './camera/camera-hardware.js';
import { CameraProgram, type CameraProgramFigures } from './camera/camera-program.js';
import type { DevKitOptions } from './dev-kit.js';
import type { DeviceClock } from './device-clock.js';
import type { DeviceDisk } from './device-disk.js';
import { EdgeAgent } from './edge-agent/edge-agent.js';
import type { ModuleSpecification } from './edge-agent/manifest.js';
import { endingProgram, idleProgram, type ModuleProgram } from './edge-agent/module-program.js';
import { ModuleSupervisor } from './edge-agent/module-supervisor.js';
import { EdgeHub } from './edge-hub/edge-hub.js';
import { type HubOutcome, hubReport } from './edge-hub/hub-report.js';
import { LatestOnly } from './latest-only.js';
import { TwinReporter } from './twin-reporter.js';

const AGENT = '$edgeAgent';
const HUB = '$edgeHub';
/** The variable that says where a camera module's pictures go. */
const CONTAINER_VARIABLE = 'PICTURE_CONTAINER_SAS_URL';
/** Of a process that ended by a fault of memory: 128 + 11. */
const CRASHED = 139;

const restartRequest = z.object({ schemaVersion: z.string(), id: z.string() });

export interface EdgeRuntimeParts {
  readonly kit: DevKitOptions;
  readonly disk: DeviceDisk;
  readonly deviceClock: DeviceClock;
  readonly hardware: CameraHardware;
  /** Whether the camera's module ends as soon as it starts. */
  readonly isCrashing: () => boolean;
  /** Hears the figures of a run of the camera's module at its end. */
  readonly onProgramEnded: (figures: CameraProgramFigures) => void;
}

export class EdgeRuntime {
  private readonly parts: EdgeRuntimeParts;
  private readonly edgeHub: EdgeHub;
  private readonly edgeAgent: EdgeAgent;
  private readonly hubReporter: TwinReporter;
  private readonly connections = new Map<string, TwinConnection>();
  private readonly supervisors = new Map<string, ModuleSupervisor>();
  private camera: { readonly module: string; readonly program: CameraProgram } | null = null;
  private hubOutcome: HubOutcome | null = null;
  private stopped = false;

  constructor(parts: EdgeRuntimeParts) {
    this.parts = parts;
    const { disk, kit } = parts;
    this.edgeHub = new EdgeHub({
      device: kit.name,
      disk: disk.hub,
      clock: kit.services.clock,
      maxBytes: kit.messageLimits.maxBytes,
      retryOf: (endpoint) => this.retryOf(endpoint === '$upstream' ? 'messages' : `input/${endpoint}`),
      upstreamReady: async (module) => this.connections.get(module)?.whenOpen(),
      sendUpstream: async (module, message) => this.connectionOf(module).send(message),
      sendToModule: async (module, input, message) => {
        const supervisor = this.supervisors.get(module);
        if (supervisor === undefined) throw new Error(`there is no module '${module}'`);
        await supervisor.receive(input, message);
      },
      onLost: (message, reason) => kit.observer.onEdgeMessageLost(message, reason),
      onUnrouted: (module, message) => kit.observer.onUnrouted(module, message),
    });
    this.edgeAgent = new EdgeAgent({
      disk: disk.agent,
      startedAtMs: parts.deviceClock.now(),
      apply: (modules) => this.run(modules),
      modules: () => [...this.supervisors.values()],
      report: (patch) => this.reportAs(AGENT, patch),
    });
    this.hubReporter = new TwinReporter(disk.hub, (patch) => this.reportAs(HUB, patch));
  }

  /** The run of the camera's module that is under way; null while there is none. */
  get cameraProgram(): CameraProgram | null {
    return this.camera?.program ?? null;
  }

  async start(): Promise<void> {
    await this.edgeAgent.restore();
    if (this.stopped) return;
    const deployments = new LatestOnly<Properties>((desired) => this.edgeAgent.configure(desired));
    await this.connectAs(AGENT, (desired) => deployments.put(desired), {
      ping: async () => ({ status: 200, payload: null }),
      RestartModule: (payload) => this.restartModule(payload),
    });
  }

  /** At once, as power goes. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.edgeHub.stop();
    const connections = [...this.connections.values()];
    await Promise.all([
      ...[...this.supervisors.values()].map((supervisor) => supervisor.stop()),
      ...connections.map((connection) => connection.stop()),
    ]);
    this.endCamera();
  }

  /** Ends the process of the camera's module. */
  crashCamera(): void {
    if (this.camera !== null) this.supervisors.get(this.camera.module)?.kill(CRASHED);
  }

  /** A message for a module's input, as it comes from a route. */
  send(module: string, message: OutgoingMessage): Promise<void> {
    return this.edgeHub.send(module, message);
  }

  /** Makes what runs the same as `modules`. */
  private async run(modules: readonly ModuleSpecification[]): Promise<void> {
    const settings = new LatestOnly<Properties>((desired) => this.configureHub(desired));
    await this.connectAs(HUB, (desired) => settings.put(desired));
    const wanted = new Map(modules.map((module) => [module.name, JSON.stringify(module)]));
    for (const [name, supervisor] of this.supervisors) {
      if (wanted.get(name) === JSON.stringify(supervisor.specification)) continue;
      this.supervisors.delete(name);
      await supervisor.stop();
      if (this.camera?.module === name) this.endCamera();
      if (!wanted.has(name)) await this.forgetConnection(name);
    }
    const camera = cameraModuleOf(modules);
    for (const specification of modules) {
      if (this.stopped || this.supervisors.has(specification.name)) continue;
      const isCamera = specification === camera;
      if (isCamera) await this.makeCameraConnection(specification.name);
      else if (this.parts.kit.programs !== undefined) await this.connectAs(specification.name, () => {});
      const supervisor = this.supervise(specification, isCamera);
      this.supervisors.set(specification.name, supervisor);
      if (!this.stopped) supervisor.start();
    }
    // In the order of the deployment, whichever of them are new.
    const ordered = modules.flatMap(({ name }) => this.supervisors.get(name) ?? []);
    this.supervisors.clear();
    for (const supervisor of ordered) this.supervisors.set(supervisor.specification.name, supervisor);
    if (!this.stopped) this.edgeHub.start();
  }

  private supervise(specification: ModuleSpecification, isCamera: boolean): ModuleSupervisor {
    const { deviceClock, kit } = this.parts;
    const other = () => kit.programs?.(specification, (message) => this.send(specification.name, message));
    return new ModuleSupervisor({
      specification,
      clock: kit.services.clock,
      deviceTimeMs: () => deviceClock.now(),
      program: () => {
        try {
          return isCamera ? this.newCamera(specification) : (other() ?? idleProgram());
        } catch (error) {
          // As a process does that meets settings it cannot work with.
          const reason = error instanceof Error ? error.message : String(error);
          kit.observer.onWarning(`the module '${specification.name}' cannot start: ${reason}`);
          return endingProgram(1);
        }
      },
      onChanged: () => this.reportModules(),
    });
  }

  private newCamera(specification: ModuleSpecification): ModuleProgram {
    this.endCamera();
    const { isCrashing, onProgramEnded: _onProgramEnded, ...parts } = this.parts;
    const { environment, name } = specification;
    const program = new CameraProgram({
      ...parts,
      moduleName: name,
      place: {
        storeId: environment.STORE_ID ?? 'store',
        cameraId: environment.CAMERA_ID ?? parts.kit.name,
        section: environment.CAMERA_SECTION ?? 'all',
      },
      pictures: this.pictureStore(name, environment[CONTAINER_VARIABLE]),
      twin: this.connectionOf(name),
      edgeHub: this.edgeHub,
    });
    this.camera = { module: name, program };
    if (!isCrashing()) return program;
    return endingProgram(CRASHED);
  }

  private endCamera(): void {
    if (this.camera !== null) this.parts.onProgramEnded(this.camera.program.figures());
    this.camera = null;
  }

  private pictureStore(module: string, containerSasUrl: string | undefined): PictureStore {
    const { disk, kit } = this.parts;
    if (containerSasUrl !== undefined) return kit.pictureStore(containerSasUrl, disk.camera.unanswered);
    const problem = `the module '${module}' has no ${CONTAINER_VARIABLE}: its pictures have nowhere to go`;
    kit.observer.onWarning(problem);
    return { put: () => Promise.reject(new PictureRefusedError(problem)) };
  }

  private async makeCameraConnection(module: string): Promise<void> {
    if (this.connections.has(module)) return;
    const { disk } = this.parts;
    const method = (call: (program: CameraProgram) => ReturnType<CameraProgram['startCamera']>) =>
      (async () => {
        if (this.camera === null) return { status: 500, payload: { Response: 'the module does not run' } };
        return call(this.camera.program);
      }) satisfies MethodHandler;
    await this.makeConnection(
      module,
      (desired) => {
        disk.twins.set(module, desired);
        this.camera?.program.desire(desired);
      },
      {
        StartCamera: method((program) => program.startCamera()),
        StopCamera: method((program) => program.stopCamera()),
      },
    );
  }

  private async configureHub(desired: Properties): Promise<void> {
    if (Object.keys(desired).length <= 1) return;
    const { code, description } = this.edgeHub.configure(desired);
    this.warnOfIdleRoutes();
    this.hubOutcome = { version: Number(desired.$version), code, description };
    await this.reportHub();
  }

  private warnOfIdleRoutes(): void {
    const modules = this.edgeAgent.manifest?.modules.map(({ name }) => name) ?? [];
    const runs = `which the deployment does not run; it runs ${modules.join(', ') || 'none'}`;
    const { observer } = this.parts.kit;
    for (const { name, sink, source } of this.edgeHub.routes) {
      const from = source.kind === 'messages' ? source.module : null;
      if (from !== null && !modules.includes(from))
        observer.onWarning(`the route '${name}' starts at the module '${from}', ${runs}`);
      if (sink.kind === 'module' && !modules.includes(sink.module))
        observer.onWarning(`the route '${name}' ends at the module '${sink.module}', ${runs}`);
    }
  }

  private reportModules(): void {
    if (this.stopped) return;
    void this.edgeAgent.report();
    void this.reportHub();
  }

  private async reportHub(): Promise<void> {
    if (this.hubOutcome === null) return;
    const { name } = this.parts.kit;
    const clients = [...this.supervisors.values()].map(({ specification, state, isRunning }) => ({
      name: `${name}/${specification.name}`,
      isConnected: isRunning,
      lastConnectedTimeMs: state.lastStartTimeMs,
      lastDisconnectedTimeMs: state.lastExitTimeMs,
    }));
    await this.hubReporter.say(hubReport(this.hubOutcome, clients));
  }

  private async reportAs(identity: string, patch: Properties): Promise<void> {
    await this.connections
      .get(identity)
      ?.report(patch)
      .catch((error: Error) => this.parts.kit.observer.onWarning(`report of ${identity}: ${error.message}`));
  }

  private connectionOf(module: string): TwinConnection {
    const connection = this.connections.get(module);
    if (connection === undefined) throw new HubError('FF_HUB_DISCONNECTED', `'${module}' has no connection`);
    return connection;
  }

  private async forgetConnection(module: string): Promise<void> {
    await this.connections.get(module)?.stop();
    this.connections.delete(module);
  }

  /** "Communicate with edgeAgent using built-in direct methods", RestartModule. */
  private async restartModule(payload: Json): Promise<MethodAnswer> {
    const request = restartRequest.safeParse(payload);
    if (!request.success) {
      const message = 'the payload must be { "schemaVersion": "1.0", "id": "<module>" }';
      return { status: 400, payload: { message } };
    }
    const supervisor = this.supervisors.get(request.data.id);
    if (supervisor === undefined)
      return { status: 400, payload: { message: `there is no module '${request.data.id}'` } };
    await supervisor.restartNow();
    return { status: 200, payload: null };
  }

  private async connectAs(
    identity: string,
    onDesired: (desired: Properties) => void,
    methods: Readonly<Record<string, MethodHandler>> = {},
  ): Promise<void> {
    if (this.connections.has(identity)) return;
    await this.makeConnection(identity, onDesired, methods);
    if (!this.stopped) this.connectionOf(identity).start();
  }

  private async makeConnection(
    identity: string,
    onDesired: (desired: Properties) => void,
    methods: Readonly<Record<string, MethodHandler>>,
  ): Promise<void> {
    const { deviceClock, kit } = this.parts;
    const connectionString = await this.connectionStringOf(identity);
    const connection = new TwinConnection({
      connect: () => kit.connect(connectionString, () => deviceClock.now()),
      clock: kit.services.clock,
      retry: this.retryOf(identity),
      onDesired,
      methods,
      onFailed: (error) => kit.observer.onDisconnected(identity, error),
    });
    this.connections.set(identity, connection);
  }

  private retryOf(what: string): Retry {
    const { name, retry, services } = this.parts.kit;
    const jitter = services.rng(`camera/${name}/retry/${what}`);
    return retryBy(retry, () => jitter.next());
  }

  /** However long it takes, unless it was got before: without it the device can do nothing. */
  private async connectionStringOf(module: string): Promise<string> {
    const { disk, kit } = this.parts;
    const retry = this.retryOf(`${module}/identity`);
    for (;;) {
      const known = disk.identities.get(module);
      if (known !== undefined) return known;
      try {
        disk.identities.set(module, await kit.moduleConnectionString(module));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.stopped) kit.observer.onWarning(`identity of ${module}: ${reason}`);
        await kit.services.clock.sleep(retry.nextDelayMs());
      }
    }
  }
}

/** The device has one camera: the module that is told where pictures go gets it, or else the first that runs. */
function cameraModuleOf(modules: readonly ModuleSpecification[]): ModuleSpecification | null {
  const running = modules.filter(({ status }) => status === 'running');
  return (
    running.find(({ environment }) => environment[CONTAINER_VARIABLE] !== undefined) ?? running[0] ?? null
  );
}
