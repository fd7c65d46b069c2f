/** The sections of an AMQP message (AMQP 1.0 Part 3, section 3.2), found without decoding what is in them. */
import { AmqpDecodeError, endOfValue, textOrBinaryAt, uint8At } from './amqp-values.js';

export const SECTION = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

export interface Section {
  readonly code: number;
  /** Of the section with its descriptor. */
  readonly start: number;
  /** Of its value. */
  readonly valueStart: number;
  readonly end: number;
}

/** A descriptor may be written as a symbol instead of a number. */
const CODE_BY_SYMBOL: ReadonlyMap<string, number> = new Map([
  ['amqp:header:list', SECTION.header],
  ['amqp:delivery-annotations:map', SECTION.deliveryAnnotations],
  ['amqp:message-annotations:map', SECTION.messageAnnotations],
  ['amqp:properties:list', SECTION.properties],
  ['amqp:application-properties:map', SECTION.applicationProperties],
  ['amqp:data:binary', SECTION.data],
  ['amqp:amqp-sequence:list', SECTION.sequence],
  ['amqp:amqp-value:*', SECTION.value],
  ['amqp:footer:map', SECTION.footer],
]);

const SMALL_ULONG = 0x53;
const ULONG = 0x80;

/** The sections of `message` in their order. Throws `AmqpDecodeError` when it is not a message. */
export function sectionsOf(message: Buffer): readonly Section[] {
  const sections: Section[] = [];
  let offset = 0;
  while (offset < message.length) {
    if (message[offset] !== 0) throw new AmqpDecodeError('a section was expected', offset);
    const valueStart = endOfValue(message, offset + 1);
    const end = endOfValue(message, valueStart);
    sections.push({ code: codeAt(message, offset + 1), start: offset, valueStart, end });
    offset = end;
  }
  if (sections.length === 0) throw new AmqpDecodeError('it is empty', 0);
  return sections;
}

function codeAt(message: Buffer, offset: number): number {
  const format = uint8At(message, offset);
  if (format === SMALL_ULONG) return uint8At(message, offset + 1);
  if (format === ULONG) return Number(message.readBigUInt64BE(offset + 1));
  const code = CODE_BY_SYMBOL.get(textOrBinaryAt(message, offset)?.toString('latin1') ?? '');
  if (code === undefined) throw new AmqpDecodeError('unknown section', offset);
  return code;
}
