/** A request that the service side refuses, in IoT Hub's own terms ("Understand IoT Hub error codes"). */
export type ServiceErrorCode =
  | 'ArgumentInvalid'
  | 'Conflict'
  | 'ServerError'
  | 'Unauthorized'
  | 'IotHubUnauthorizedAccess'
  | 'DeviceNotFound'
  | 'ModuleNotFound'
  | 'ConfigurationNotFound'
  | 'JobNotFound'
  | 'NotFound'
  | 'DeviceNotOnline'
  | 'DeviceAlreadyExists'
  | 'ModuleAlreadyExistsOnDevice'
  | 'ConfigurationAlreadyExists'
  | 'JobAlreadyExists'
  | 'PreconditionFailed'
  | 'MessageTooLarge'
  | 'DeviceMaximumQueueDepthExceeded'
  | 'ThrottlingException'
  | 'IotHubQuotaExceeded'
  | 'NotSupported'
  | 'GatewayTimeout'
  | 'DeviceStorageNotConfigured';

export class ServiceError extends Error {
  readonly status: number;
  readonly errorCode: ServiceErrorCode;

  constructor(status: number, errorCode: ServiceErrorCode, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}
