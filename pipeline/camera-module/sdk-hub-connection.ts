/** `HubConnection` through Microsoft's device SDK over MQTT: what runs on a real device. */
import type { Duplex } from 'node:stream';
// The default imports: Node finds no names in these two CommonJS packages.
import iotCommon from 'azure-iot-common';
import iotDevice, {
  type Client,
  type DeviceMethodRequest,
  type DeviceMethodResponse,
  type ModuleClient,
  type SharedAccessKeyAuthenticationProvider,
  type TwinProperties,
} from 'azure-iot-device';
import { Mqtt } from 'azure-iot-device-mqtt';
import { MqttBase } from 'azure-iot-mqtt-base';
import { type IClientOptions, MqttClient } from 'mqtt';
import {
  type HubConnection,
  HubError,
  type Json,
  type MethodHandler,
  type OutgoingMessage,
  type Properties,
  TOKEN_VALID_SECONDS,
  type Twin,
} from './hub-connection.js';

export interface SdkConnectionOptions {
  /** Of a device or a module. */
  readonly connectionString: string;
  /** Opens the stream that carries MQTT; by default TLS to port 8883 of the connection string's host. */
  readonly dial?: () => Duplex;
  /** Certificate authorities to trust beside the system's, PEM. */
  readonly caPem?: string;
  /** By default `TOKEN_VALID_SECONDS`; the SDK reconnects a quarter of an hour before a token expires. */
  readonly tokenValidSeconds?: number;
  /** What the device takes the time to be, which dates its tokens; by default the system's clock. */
  readonly deviceTimeMs?: () => number;
}

const TOKEN_RENEWAL_MARGIN_SECONDS = 900;
const MS_PER_SECOND = 1000;
/**
 * The SDK gives a message up after 30 s by default, though it may still arrive. A slow uplink is no failure: the
 * keep-alive says whether the connection lives.
 */
const ACKNOWLEDGEMENT_TIMEOUT_SECONDS = 3600;

type SdkClient = Client | ModuleClient;

/**
 * The SDK tells the hub which system it runs on and, the first time, asks child processes for it. Await this
 * once where time is virtual and would not wait for them.
 */
export async function warmUpSdk(): Promise<void> {
  await iotDevice.getUserAgentString();
}

export class SdkHubConnection implements HubConnection {
  private readonly options: SdkConnectionOptions;
  private readonly methods = new Map<string, MethodHandler>();
  private desiredHandler: (patch: Properties) => void = () => {};
  private disconnectHandler: (reason: HubError) => void = () => {};
  private opened: OpenConnection | null = null;

  constructor(options: SdkConnectionOptions) {
    this.options = options;
  }

  async open(): Promise<void> {
    const { client, transport } = sdkClient(this.options);
    // Whoever uses this connection has a retry schedule of their own; two would multiply.
    client.setRetryPolicy(new iotCommon.NoRetry());
    const ended = rejection();
    client.once('disconnect', () => this.finish(new HubError('FF_HUB_DISCONNECTED', 'the connection ended')));
    this.opened = { client, transport, ended };
    try {
      await client.setOptions({
        ...(this.options.caPem === undefined ? {} : { ca: this.options.caPem }),
        tokenRenewal: {
          tokenValidTimeInSeconds: this.options.tokenValidSeconds ?? TOKEN_VALID_SECONDS,
          tokenRenewalMarginInSeconds: TOKEN_RENEWAL_MARGIN_SECONDS,
        },
      });
      await client.open().catch((error: unknown) => {
        throw connectError(error);
      });
      await this.under(() => listenToDesired(transport, (patch) => this.desiredHandler(patch)));
      for (const [name, handler] of this.methods) listenToMethod(client, name, handler);
    } catch (error) {
      this.opened = null;
      client.close().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = this.opened;
    this.disconnectHandler = () => {};
    this.finish(new HubError('FF_HUB_DISCONNECTED', 'the connection was closed'));
    // The SDK takes a moment to put its timers away; the connection is of no use from here on.
    opened?.client.close().catch(() => {});
  }

  async getTwin(): Promise<Twin> {
    const properties = await this.under(({ transport }) => readTwin(transport));
    return { desired: properties.desired, reported: properties.reported };
  }

  onDesired(handler: (patch: Properties) => void): void {
    this.desiredHandler = handler;
  }

  async report(patch: Properties): Promise<void> {
    await this.under(
      ({ transport }) =>
        new Promise<void>((resolve, reject) =>
          transport.updateTwinReportedProperties(patch, (error) => (error ? reject(error) : resolve())),
        ),
    );
  }

  async send(message: OutgoingMessage): Promise<void> {
    await this.under(({ client }) => sendMessage(client, message));
  }

  onMethod(name: string, handler: MethodHandler): void {
    this.methods.set(name, handler);
  }

  onDisconnect(handler: (reason: HubError) => void): void {
    this.disconnectHandler = handler;
  }

  /** The SDK never settles a twin request whose connection is lost; so the end of the connection does. */
  private async under<T>(use: (opened: OpenConnection) => Promise<T>): Promise<T> {
    const { opened } = this;
    if (opened === null) throw new HubError('FF_HUB_DISCONNECTED', 'there is no connection to the hub');
    const result = use(opened).catch((error: unknown) => {
      throw operationError(error);
    });
    return Promise.race([result, opened.ended.promise]);
  }

  private finish(reason: HubError): void {
    const { opened } = this;
    if (opened === null) return;
    this.opened = null;
    opened.ended.reject(reason);
    this.disconnectHandler(reason);
  }
}

interface OpenConnection {
  readonly client: SdkClient;
  readonly transport: Mqtt;
  readonly ended: Rejection;
}

function sdkClient({
  connectionString,
  deviceTimeMs,
  dial,
  tokenValidSeconds = TOKEN_VALID_SECONDS,
}: SdkConnectionOptions): Pick<OpenConnection, 'client' | 'transport'> {
  const { ModuleId } = iotDevice.ConnectionString.parse(connectionString);
  const kind = ModuleId === undefined ? iotDevice.Client : iotDevice.ModuleClient;
  let transport: Mqtt | null = null;
  // The SDK constructs its transport itself. Its twin hides the patches as they come, so keep hold of it.
  class KeptTransport extends Mqtt {
    constructor(credentials: ConstructorParameters<typeof Mqtt>[0]) {
      const mqtt = new MqttBase(dial && mqttOver(dial));
      mqtt.setTimeout(ACKNOWLEDGEMENT_TIMEOUT_SECONDS);
      super(credentials, mqtt);
      transport = this;
    }
  }
  const client =
    deviceTimeMs === undefined
      ? kind.fromConnectionString(connectionString, KeptTransport)
      : kind.fromAuthenticationProvider(
          datedTokens(connectionString, deviceTimeMs, tokenValidSeconds),
          KeptTransport,
        );
  if (transport === null) throw new Error('the device SDK made no transport');
  return { client, transport };
}

/** Tokens that expire by the device's own clock: the SDK would date them by the system's. */
function datedTokens(
  connectionString: string,
  deviceTimeMs: () => number,
  validSeconds: number,
): SharedAccessKeyAuthenticationProvider {
  const parsed = iotDevice.ConnectionString.parse(connectionString);
  const { DeviceId = '', HostName = '', ModuleId, SharedAccessKey = '' } = parsed;
  class DatedTokens extends iotDevice.SharedAccessKeyAuthenticationProvider {
    protected override _sign(
      resourceUri: string,
      _expiry: number,
      callback: (error: Error, signature?: string) => void,
    ): void {
      const expiry = Math.floor(deviceTimeMs() / MS_PER_SECOND) + validSeconds;
      super._sign(resourceUri, expiry, callback);
    }
  }
  return new DatedTokens({
    host: HostName,
    deviceId: DeviceId,
    sharedAccessKey: SharedAccessKey,
    ...(ModuleId === undefined ? {} : { moduleId: ModuleId }),
  });
}

/** As the SDK's MQTT base takes it: mqtt.js, over our own stream. */
function mqttOver(dial: () => Duplex): { connect(uri: string, options: IClientOptions): MqttClient } {
  return {
    connect: (_uri, options) => new MqttClient(() => dial(), { ...options, timerVariant: 'native' }),
  };
}

function listenToDesired(transport: Mqtt, handler: (patch: Properties) => void): Promise<void> {
  transport.on('twinDesiredPropertiesUpdate', handler);
  return new Promise((resolve, reject) =>
    transport.enableTwinDesiredPropertiesUpdates((error) => (error ? reject(error) : resolve())),
  );
}

function listenToMethod(client: SdkClient, name: string, handler: MethodHandler): void {
  const listener = (request: DeviceMethodRequest | undefined, response: DeviceMethodResponse | undefined) => {
    if (request === undefined || response === undefined) return;
    handler(request.payload as Json)
      // An answer that cannot be sent is one the hub no longer waits for.
      .then(({ status, payload }) => response.send(status, payload).catch(() => {}));
  };
  if (client instanceof iotDevice.ModuleClient) client.onMethod(name, listener);
  else client.onDeviceMethod(name, listener);
}

function readTwin(transport: Mqtt): Promise<TwinProperties> {
  return new Promise((resolve, reject) =>
    transport.getTwin((error, twin) => {
      if (error) reject(error);
      else if (twin === undefined) reject(new Error('the hub answered without a twin'));
      else resolve(twin);
    }),
  );
}

async function sendMessage(client: SdkClient, message: OutgoingMessage): Promise<void> {
  const sdkMessage = new iotDevice.Message(message.body);
  sdkMessage.messageId = message.messageId;
  sdkMessage.contentType = 'application/json';
  sdkMessage.contentEncoding = 'utf-8';
  for (const [name, value] of Object.entries(message.properties)) sdkMessage.properties.add(name, value);
  if (message.output !== undefined && client instanceof iotDevice.ModuleClient) {
    await client.sendOutputEvent(message.output, sdkMessage);
  } else await client.sendEvent(sdkMessage);
}

function connectError(error: unknown): HubError {
  const message = messageOf(error);
  // CONNACK 4 and 5 of MQTT 3.1.1; all else says nothing about the credentials, whatever the SDK calls it.
  const refused = /Connection refused: (Bad username or password|Not authorized)/i.test(message);
  return refused
    ? new HubError('FF_HUB_REFUSED', `the hub refused the connection: ${message}`, { cause: error })
    : new HubError('FF_HUB_UNREACHABLE', `the hub cannot be reached: ${message}`, { cause: error });
}

function operationError(error: unknown): HubError {
  const lost =
    error instanceof iotCommon.errors.NotConnectedError || error instanceof iotCommon.errors.TimeoutError;
  return new HubError(lost ? 'FF_HUB_DISCONNECTED' : 'FF_HUB_REJECTED', messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Rejection {
  readonly promise: Promise<never>;
  readonly reject: (reason: HubError) => void;
}

function rejection(): Rejection {
  let reject: (reason: HubError) => void = () => {};
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  // Nothing may be under way when the connection ends.
  promise.catch(() => {});
  return { promise, reject };
}
