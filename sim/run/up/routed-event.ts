/** What a hub routes, as an event of an event hub ("Create and read IoT Hub messages", System property names). */
import rhea from 'rhea';
import type { Publication } from '../../event-hubs/codec/event-message.js';
import {
  authMethodText,
  MESSAGE_SOURCE_ANNOTATION,
  type RoutableMessage,
} from '../../iot-hub/routing/message.js';

/** "IoT Hub uses a hash of the device ID to determine which partition to store its messages in." */
export function publicationOf(message: RoutableMessage): Publication {
  return { events: [encoded(message)], partitionKey: message.identity.deviceId };
}

function encoded(message: RoutableMessage) {
  const { body, enqueuedAtMs, generationId, identity, properties, source, system } = message;
  const authMethod = authMethodText(message);
  const encodedMessage = rhea.message.encode({
    // Typed as a section of its own, so that the body's bytes stay as they are.
    body: rhea.message.data_section(Buffer.from(body)),
    ...(system.mid === undefined ? {} : { message_id: system.mid }),
    ...(system.cid === undefined ? {} : { correlation_id: system.cid }),
    ...(system.uid === undefined ? {} : { user_id: system.uid }),
    ...(system.ct === undefined ? {} : { content_type: system.ct }),
    ...(system.ce === undefined ? {} : { content_encoding: system.ce }),
    application_properties: { ...properties },
    message_annotations: {
      'iothub-connection-device-id': identity.deviceId,
      ...(identity.moduleId === null ? {} : { 'iothub-connection-module-id': identity.moduleId }),
      ...(authMethod === null
        ? {}
        : {
            'iothub-connection-auth-generation-id': generationId,
            'iothub-connection-auth-method': authMethod,
          }),
      ...(system.sub === undefined ? {} : { 'dt-subject': system.sub }),
      'iothub-enqueuedtime': rhea.types.wrap_timestamp(enqueuedAtMs),
      'iothub-message-source': MESSAGE_SOURCE_ANNOTATION[source],
    },
  });
  return { message: encodedMessage, payloadBytes: body.length };
}
