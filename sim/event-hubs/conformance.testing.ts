/** What Microsoft documents of Event Hubs, and the test that shows it here; null: absent. */
import type { Behaviour } from '../kernel/conformance-page.testing.js';

const SDK = 'amqp/official-client.test.ts';
const MORE = 'amqp/sdk-behaviours.test.ts';
const RIGHTS = 'amqp/rights.test.ts';
const TRANSPORTS = 'amqp/transports.test.ts';
const IDEMPOTENT = 'amqp/idempotent.test.ts';
const FUZZ = 'amqp/fuzz.test.ts';
const ACCESS = 'core/access.test.ts';
const LOG = 'core/partition-log.test.ts';
const THROUGHPUT = 'core/throughput.test.ts';
const PRODUCERS = 'core/producers.test.ts';
const JOURNAL = 'journal/journal.test.ts';
const CODEC = 'codec/codec.test.ts';
const CHECKPOINTS = '../run/event-hub-checkpoints.test.ts';

const within = (area: string) => (what: string, shownBy: Behaviour['shownBy']) => ({ area, what, shownBy });
const access = within('Access');
const sending = within('Sending');
const receiving = within('Receiving');
const management = within('Management');
const limits = within('Limits and keeping');
const ways = within('Ways in');

export const BEHAVIOURS: readonly Behaviour[] = [
  access('shared access signatures of a namespace', [ACCESS, 'of the namespace grants what its policy does']),
  access('shared access signatures of one hub', [ACCESS, 'of a hub holds for that hub alone']),
  access('Listen, Send, Manage', [ACCESS, 'with Manage may do all']),
  access('a signature in place of a key in the connection string', [MORE, 'a connection string may hold']),
  access('an expired claim ends receivers', [RIGHTS, 'ends what is being received']),
  access('an expired claim ends senders', [RIGHTS, 'ends what is being sent']),
  access('rotation of keys while running', [RIGHTS, 'is refused from then on']),
  access('a wrong key is unauthorised', [SDK, 'with a wrong key is unauthorised']),
  access('Microsoft Entra ID tokens', null),
  sending('single events and batches', [SDK, 'of a batch made by the SDK, near the limit']),
  sending('the largest batch is what the link says', [MORE, 'may not be larger than the link says']),
  sending('an event that is too large for a batch', [MORE, 'does not take what is too large']),
  sending('too much at once is refused', [SDK, 'of too much at once is refused']),
  sending('by partition key, with the service’s own hash', [
    SDK,
    'by key goes where the service would put it',
  ]),
  sending('to a partition, or in turn', [SDK, 'to a partition, and in turn']),
  sending('to a hub or partition that is not there', [SDK, 'to a hub or partition that is not there']),
  sending('bodies of every kind', [MORE, 'has its body back, whatever it is']),
  sending('properties of every AMQP type', [MORE, 'has its identifiers and properties back']),
  sending('annotated messages: data, value, sequence', [MORE, 'as an annotated message with a body']),
  sending('the buffered producer', [MORE, 'a buffered producer delivers all']),
  sending('idempotent publishing', [IDEMPOTENT, 'is admitted, and another one after it']),
  sending('what is sent again is kept once', [PRODUCERS, 'keeps each event once']),
  sending('a gap in the sequence is refused', [PRODUCERS, 'refuses a gap']),
  sending('producer epochs', [PRODUCERS, 'goes on under a higher epoch']),
  receiving('from a sequence number, offset or time, inclusive or not', [SDK, 'begins at a sequence number']),
  receiving('from the latest position', [SDK, 'from the latest position gets']),
  receiving('consumer groups', [SDK, 'of consumer groups is independent']),
  receiving('credit and prefetch', [SDK, 'in small portions, by credit']),
  receiving('a higher owner level takes the partition over', [SDK, 'with a higher owner level takes']),
  receiving('what was displaced takes up again', [MORE, 'that lost its partition takes it up again']),
  receiving('the last enqueued event with each event', [SDK, 'can follow the state of the partition']),
  receiving('annotations of the service', [CODEC, 'adds them and leaves everything else as it was']),
  receiving('a group or partition that is not there', [SDK, 'of a consumer group or partition']),
  receiving('the end of a subscription', [MORE, 'ends with its client']),
  receiving('connections that are cut', [MORE, 'a connection that is cut is made again']),
  receiving('consumers that share partitions by checkpoints in blob storage', [CHECKPOINTS, 'share']),
  management('properties of a hub', [SDK, 'of the hub']),
  management('properties of a partition', [SDK, 'of a partition, before and after events']),
  management('a partition that is not there', [SDK, 'of a partition that is not there']),
  management('the emulator’s configuration file', [
    'core/emulator-configuration.test.ts',
    'is taken as it is',
  ]),
  management('the resource manager’s REST interface', null),
  management('the schema registry', null),
  limits('partitions, consumer groups, retention of the tier', [ACCESS, 'is refused beyond the limits']),
  limits('retention by time and by size', [LOG, 'keeps the newest events that retention allows']),
  limits('throughput units, coming in', [THROUGHPUT, 'takes in 1,000 events a second']),
  limits('throughput units, going out', [THROUGHPUT, 'gives out 2 MB a second']),
  limits('server-busy, until some time has passed', [SDK, 'refuse what is too much']),
  limits('an acknowledged event survives kill -9', [JOURNAL, 'survives kill -9']),
  limits('auto-inflate; dedicated and premium tiers', null),
  limits('Capture', null),
  limits('geo-replication and recovery', null),
  ways('AMQP over TCP', [SDK, 'of the hub']),
  ways('AMQP over TLS', [TRANSPORTS, 'carries AMQP']),
  ways('AMQP over WebSockets and TLS', [TRANSPORTS, 'over TLS carry the official SDK']),
  ways('malformed AMQP harms nobody else', [FUZZ, 'ends nothing but the connection']),
  ways('HTTPS', null),
  ways('Kafka', null),
];
