import type { Json } from '../../pipeline/camera-module/hub-connection.js';

/**
 * A manifest with the shape, the names and the mistake of the one in Microsoft's sample of the pattern
 * (Azure-Samples/azure-intelligent-edge-patterns, `footfall-analysis`): it deploys `inferencemodule`, while its route
 * and the twin with the settings are those of `footfall-inference-module`.
 */
export function sampleManifest(modelUrl: string): Json {
  const docker = (image: string, createOptions = '{}') => ({
    type: 'docker',
    settings: { image, createOptions },
  });
  return {
    modulesContent: {
      $edgeAgent: {
        'properties.desired': {
          schemaVersion: '1.0',
          runtime: { type: 'docker', settings: { minDockerVersion: 'v1.25', loggingOptions: '' } },
          systemModules: {
            edgeAgent: docker('mcr.microsoft.com/azureiotedge-agent:1.0'),
            edgeHub: {
              ...docker('mcr.microsoft.com/azureiotedge-hub:1.0'),
              status: 'running',
              restartPolicy: 'always',
            },
          },
          modules: {
            inferencemodule: {
              version: '1.0',
              ...docker('registry.test/inference:1.0', '{"HostConfig":{"NetworkMode":"host"}}'),
              env: { BLOB_CONTAINER: { value: 'fromcamera' } },
              status: 'running',
              restartPolicy: 'always',
            },
          },
        },
      },
      $edgeHub: {
        'properties.desired': {
          schemaVersion: '1.0',
          routes: {
            inferenceToHub: 'FROM /messages/modules/footfall-inference-module/outputs/* INTO $upstream',
          },
          storeAndForwardConfiguration: { timeToLiveSecs: 7200 },
        },
      },
      'footfall-inference-module': {
        'properties.desired': {
          ModelZipUrl: modelUrl,
          TimeBetweenMessagesInSeconds: 3,
          ObjectsOfInterest: '["person"]',
          ShowVideoOverlay: true,
          Bitrate: '1.5Mbps',
          Resolution: '1080P',
          VideoOverlayConfig: 'inference',
          FrameRate: 30,
          HdmiDisplayActive: true,
          VideoAnalyticsEnabled: true,
          ShowVideoPreview: true,
          Codec: 'AVC/H.264',
        },
      },
    },
  };
}
