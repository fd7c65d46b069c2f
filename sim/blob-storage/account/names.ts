/** The naming rules of "Naming and referencing containers, blobs, and metadata" in the REST reference. */

const CONTAINER_NAME = /^(?:\$root|\$web|\$logs|[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9])$/;
const BLOB_NAME_MAX_LENGTH = 1024;
/** Metadata names are C# identifiers. */
const METADATA_NAME = /^[a-z_][a-z0-9_]*$/i;
// Values travel as HTTP header values.
const METADATA_VALUE = /^[\t\x20-\x7e]*$/;
const METADATA_MAX_BYTES = 8 * 1024;

export type Metadata = Readonly<Record<string, string>>;

export function isContainerName(name: string): boolean {
  return CONTAINER_NAME.test(name);
}

export function isBlobName(name: string): boolean {
  return name.length > 0 && name.length <= BLOB_NAME_MAX_LENGTH;
}

/** Names are case-insensitive to the service; lower case here, so that every way in stores the same. */
export function normaliseMetadata(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}

export function metadataProblem(metadata: Metadata): 'InvalidMetadata' | 'MetadataTooLarge' | null {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!METADATA_NAME.test(name) || !METADATA_VALUE.test(value)) return 'InvalidMetadata';
    bytes += name.length + value.length;
  }
  return bytes > METADATA_MAX_BYTES ? 'MetadataTooLarge' : null;
}
