/**
 * Custom allocation ("Understand custom allocation policies with Azure IoT Hub Device Provisioning Service"): a program
 * of the user's, an Azure Function as a rule, is asked which hub a device belongs to.
 */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { isObject } from '../twins/twin-document.js';

/** How the program is asked: a POST of `request` to `url`; its answer as JSON. Rejects when there is none. */
export type AskWebhook = (url: string, request: Properties) => Promise<Json>;

export interface Allocation {
  readonly hubName: string;
  /** Null: the enrolment's own. */
  readonly initialTwin: { readonly tags: Properties; readonly desired: Properties } | null;
  /** For the device. */
  readonly payload?: Json;
}

/** Throws for an answer that names no hub. */
export function allocationOf(answer: Json): Allocation {
  if (!isObject(answer) || typeof answer.iotHubHostName !== 'string') {
    throw new TypeError("the webhook's answer has no iotHubHostName");
  }
  const { initialTwin, iotHubHostName: hubName, payload } = answer;
  return {
    hubName,
    initialTwin: isObject(initialTwin) ? twinIn(initialTwin) : null,
    ...(payload === undefined || payload === null ? {} : { payload }),
  };
}

/** `{ tags, properties: { desired } }`, as enrolments and webhooks write it. */
export function twinIn({ properties, tags }: Properties): {
  readonly tags: Properties;
  readonly desired: Properties;
} {
  const desired = isObject(properties) ? properties.desired : undefined;
  return { tags: isObject(tags) ? tags : {}, desired: isObject(desired) ? desired : {} };
}
