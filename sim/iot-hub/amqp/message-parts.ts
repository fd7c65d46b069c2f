/** Parts of AMQP messages as the hub keeps them. */
import rhea, { type Message } from 'rhea';

const UUID_BYTES = 16;

/** The SDKs send ids that look like UUIDs as UUIDs, which rhea gives as 16 bytes. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Buffer.isBuffer(value)) {
    return value.length === UUID_BYTES ? rhea.uuid_to_string(value) : value.toString();
  }
  return String(value);
}

export function bodyOf({ body }: Message): Uint8Array {
  const content: unknown = body?.content ?? body;
  if (content === undefined || content === null) return new Uint8Array();
  if (Array.isArray(content)) return Buffer.concat(content as readonly Buffer[]);
  return Buffer.isBuffer(content) ? content : Buffer.from(String(content));
}

/** Without what has no value. */
export function known(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
