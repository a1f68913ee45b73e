import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds. Most answers take milliseconds; what takes longer than a second is logged. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Fewer, because there may be 200 names. */
const OPERATION_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5];

/** Everything that is measured, in a registry of its own: several servers in one process do not mix. */
export type Instruments = ReturnType<typeof createInstruments>;

export function createInstruments() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `pomona_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `pomona_${name}`, help, labelNames, registers });
  const seconds = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: number[],
  ) => new Histogram<L>({ name: `pomona_${name}`, help, labelNames, buckets, registers });
  return { registry, ...requests(counter, seconds), ...graphql(counter, gauge, seconds), ...state(gauge) };
}

type MakeCounter = <L extends string>(name: string, help: string, labels?: readonly L[]) => Counter<L>;
type MakeGauge = <L extends string>(name: string, help: string, labels?: readonly L[]) => Gauge<L>;
type MakeHistogram = <L extends string>(
  name: string,
  help: string,
  labels: readonly L[],
  buckets: number[],
) => Histogram<L>;

/** What this process did, since it started. */
function requests(counter: MakeCounter, seconds: MakeHistogram) {
  return {
    httpDuration: seconds(
      'http_request_duration_seconds',
      'Time to answer HTTP requests, by route as it is registered.',
      ['method', 'route', 'status'],
      BUCKETS,
    ),
    checkins: counter('device_checkins_total', 'Check-in messages of devices, by the HTTP status answered.', [
      'message',
      'status',
    ]),
    connects: counter(
      'device_connects_total',
      'Connections of devices, by what they reported, the HTTP status answered and whether a command was handed out.',
      ['report', 'status', 'command'],
    ),
    commands: counter('commands_total', 'Times a command came to a status.', ['request_type', 'status']),
    pushes: counter('pushes_total', 'Attempts to push, by what became of them and why.', [
      'status',
      'reason',
    ]),
    alerts: counter('alerts_total', 'Alerts raised.', ['alert']),
  };
}

function graphql(counter: MakeCounter, gauge: MakeGauge, seconds: MakeHistogram) {
  return {
    operations: seconds(
      'graphql_operation_duration_seconds',
      'Time to answer GraphQL operations; of subscriptions, time to begin.',
      ['operation', 'type', 'outcome'],
      OPERATION_BUCKETS,
    ),
    graphqlErrors: counter('graphql_errors_total', 'Errors in GraphQL answers.', ['code']),
    connections: gauge(
      'graphql_connections',
      'GraphQL connections that stay open: WebSockets, and event streams.',
      ['transport'],
    ),
    subscriptions: gauge('graphql_subscriptions', 'GraphQL subscriptions under way.'),
    eventsDropped: counter(
      'graphql_events_dropped_total',
      'Events that subscribers lost because they did not read.',
    ),
    overflows: counter(
      'graphql_overflows_total',
      'Times so many events waited for a subscriber that they were let go; it is told to catch up.',
    ),
  };
}

/** What the database and the configuration say; the same from every process, but for what was told. */
function state(gauge: MakeGauge) {
  return {
    databaseUp: gauge('database_up', 'Whether the database answered when it was last asked: 1 or 0.'),
    commandsWaiting: gauge('commands_waiting', 'Commands that are not finished.', ['status']),
    oldestCommand: gauge(
      'command_oldest_waiting_seconds',
      'How long the command waits that has waited longest; 0 when none does.',
    ),
    pushesWaiting: gauge('pushes_waiting', 'Pushes whose outcome is not known yet.'),
    oldestPush: gauge('push_oldest_waiting_seconds', 'How long the push waits that has waited longest.'),
    devices: gauge('devices', 'Devices.', ['enrollment']),
    deployments: gauge('deployments', 'Devices that were given a workflow, by where they stand.', ['status']),
    events: gauge(
      'event_position',
      'Numbers of events: the last written, readable, and told by this process.',
      ['point'],
    ),
    certificateDays: gauge(
      'certificate_days_left',
      'Days until a certificate runs out; negative when it has.',
      ['purpose', 'subject'],
    ),
    depAccounts: gauge('dep_accounts', 'DEP accounts, by how far they are.', ['status']),
    depDevices: gauge(
      'dep_devices',
      'Devices that Apple assigned to this server, by whether they have their DEP profile there.',
      ['assignment'],
    ),
    depSync: gauge(
      'dep_seconds_since_sync',
      'How long ago the DEP account was in step with Apple that has waited longest; 0 when none has a server token.',
    ),
    endingTokens: gauge('api_tokens_expiring', 'API tokens that run out within thirty days.'),
    info: gauge('info', 'Always 1.', ['version', 'database']),
  };
}
