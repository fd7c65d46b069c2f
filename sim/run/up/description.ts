/** What `footfall up --json` prints when everything is ready: a contract that scripts depend on. */
export interface UpDescription {
  readonly ready: true;
  /** The certificate authority to trust, PEM. */
  readonly caPath: string;
  readonly iotHub: {
    readonly hostName: string;
    readonly mqttPort: number;
    /** WebSocket `/$iothub/websocket`. */
    readonly wsPort: number;
    readonly httpsPort: number;
    /** Of back ends: messages to devices, feedback, file notifications. */
    readonly amqpPort: number;
    readonly serviceConnectionString: string;
    /** Device-to-cloud messages, for Event Hubs consumers. */
    readonly builtInEndpoint: {
      readonly connectionString: string;
      readonly hub: string;
      readonly partitions: number;
    };
    readonly devices: readonly { readonly deviceId: string; readonly connectionString: string }[];
  };
  readonly dps: {
    readonly idScope: string;
    readonly host: string;
    readonly port: number;
    /** Base64; a device's key is its HMAC-SHA256 of the registration id. */
    readonly enrollmentGroupKey: string;
    /** Of the service API, at `iotHub.httpsPort`. */
    readonly serviceConnectionString: string;
  };
  readonly blob: { readonly connectionString: string };
  readonly eventHubs: {
    readonly connectionString: string;
    readonly hub: string;
    readonly partitions: number;
  };
  readonly face: { readonly endpoint: string; readonly key: string };
  readonly powerBi: { readonly endpoint: string; readonly token: string };
  readonly dashboard: {
    readonly url: string;
    readonly tokens: { readonly viewer: string; readonly analyst: string; readonly operator: string };
  };
  /**
   * Where keys are listed and regenerated, as Azure Resource Manager does it, with an operator's token:
   * `POST <url><storageAccount>/regenerateKey?api-version=…`, `POST <url><eventHubsPolicy>/regenerateKeys?api-version=…`.
   */
  readonly management: {
    readonly url: string;
    readonly storageAccount: string;
    readonly eventHubsPolicy: string;
    readonly token: string;
  };
  /** What the simulated cameras see. */
  readonly cameras: {
    /** A page of all of them, for a browser. */
    readonly url: string;
    readonly views: readonly {
      readonly cameraId: string;
      /** Base of the Dev Kit's camera REST: `<rest>/login`. */
      readonly rest: string;
      readonly mjpeg: string;
      readonly snapshot: string;
      /** A JSON object a line for each frame with objects. */
      readonly metadata: string;
    }[];
  };
  readonly health: { readonly url: string };
  /** Services elsewhere in the place of stand-ins, as a person reads them. */
  readonly at: readonly string[];
}
