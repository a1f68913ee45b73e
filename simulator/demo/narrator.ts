import { EventEmitter, once } from 'node:events';
import type { GraphqlClient } from './graphql.js';

/** What happens to a device, as far as the story waits for it. */
export type Moment = 'KNOWN' | 'ASSIGNED' | 'CONVERGED' | 'CONFIGURED';

interface Told {
  readonly device: { readonly serialNumber: string } | null;
}
type DeviceTold = Told & { readonly change: string | null };
type DeploymentTold = Told & {
  readonly status: string;
  readonly counts: { readonly installed: number; readonly total: number } | null;
};
type CommandTold = Told & { readonly status: string; readonly requestType: string };
interface SyncTold {
  readonly state: string;
  readonly added: number;
  readonly message: string | null;
}

/** Words for `deviceChanged`; what is not here goes without saying. */
const CHANGES: Readonly<Record<string, string>> = {
  DEP_ADDED: 'is told by Apple: bought, and still in its box',
  DEP_ASSIGNED: 'has its profile at Apple, and its workflow here',
  AUTHENTICATED: 'asks to enrol',
};
const MOMENTS: Readonly<Record<string, Moment>> = { DEP_ADDED: 'KNOWN', DEP_ASSIGNED: 'ASSIGNED' };

/** Prints what happens, line by line, from real subscriptions, and knows what has happened to whom. */
export class Narrator {
  readonly #moments = new EventEmitter();
  readonly #reached = new Map<Moment, Set<string>>();
  readonly #stops: (() => void)[] = [];
  readonly #closely = new Set<string>();
  #added = 0;

  constructor(private readonly print: (line: string) => void) {}

  /** Tells of each command, push and step of this device; of others, how far they are. */
  lookClosely(serialNumber: string): void {
    this.#closely.add(serialNumber);
  }

  /** Tells all that happens from now on. Nothing is missed: the cursor of now is asked for first. */
  async listen(client: GraphqlClient): Promise<void> {
    const { server } = await client.run<{ server: { eventCursor: string } }>('{ server { eventCursor } }');
    const watch = <T>(field: string, fields: string, told: (event: T) => void): void => {
      const query = `subscription ($after: String) { ${field}(after: $after) { ${fields} } }`;
      const stop = client.subscribe<Record<string, T>>(
        query,
        (data) => {
          const event = data[field];
          if (event !== undefined) told(event);
        },
        { after: server.eventCursor },
      );
      this.#stops.push(stop);
    };
    watch<SyncTold>('depSyncProgress', 'state added message', (event) => this.#sync(event));
    const device = 'device { serialNumber }';
    watch<DeviceTold>('deviceChanged', `change ${device}`, (event) => this.#device(event));
    watch<DeploymentTold>('deploymentProgress', `status counts { installed total } ${device}`, (event) =>
      this.#deployment(event),
    );
    watch<CommandTold>('commandUpdated', `status requestType ${device}`, (event) => this.#command(event));
    watch<Told & { status: string }>('pushResult', `status ${device}`, (event) => {
      if (event.status === 'DELIVERED') this.#detail(event, 'is woken by a push');
    });
  }

  /**
   * Resolves when all of these have come so far.
   * @throws {Error} naming those that have not, when `signal` is aborted first
   */
  async reached(moment: Moment, serialNumbers: readonly string[], signal: AbortSignal): Promise<void> {
    const missing = (): string[] => serialNumbers.filter((one) => !this.#reached.get(moment)?.has(one));
    while (missing().length > 0) {
      await once(this.#moments, 'moment', { signal }).catch(() => {
        throw new Error(`${missing().join(', ')}: not ${moment.toLowerCase()} in time`);
      });
    }
  }

  hush(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Page by page. One that has no new device is about what this server changed itself, and is nothing to tell. */
  #sync({ state, added, message }: SyncTold): void {
    if (state === 'FAILED') return this.print(`  Apple says no: ${message ?? ''}`);
    if (state === 'RUNNING' && added === this.#added) return;
    this.#added = added;
    const words = state === 'DONE' ? 'Apple has no more' : 'Apple tells, page by page';
    this.print(`  ${'sync'.padEnd(13)} ${words}: ${added} new devices`);
  }

  #device(event: DeviceTold): void {
    const words = CHANGES[event.change ?? ''];
    if (words !== undefined) this.#line(event, words);
    if (event.change === 'ENROLLED') this.#line(event, this.#enrolled(event));
    const moment = MOMENTS[event.change ?? ''];
    if (moment !== undefined) this.#reach(moment, event);
  }

  #enrolled({ device }: Told): string {
    const fromApple = this.#reached.get('KNOWN')?.has(device?.serialNumber ?? '') === true;
    return fromApple ? 'is enrolled, and waits in Setup Assistant' : 'is enrolled';
  }

  #deployment(event: DeploymentTold): void {
    const { installed = 0, total = 0 } = event.counts ?? {};
    if (event.status === 'CONVERGED') {
      this.#line(event, `✔ has everything its workflow wants (${installed} of ${total})`);
      this.#reach('CONVERGED', event);
    } else if (installed > 0) this.#detail(event, `has ${installed} of ${total}`);
  }

  #command(event: CommandTold): void {
    const { requestType, status } = event;
    if (status !== 'QUEUED' && status !== 'SENT')
      this.#detail(event, `${requestType} ${status.toLowerCase()}`);
    if (requestType !== 'DeviceConfigured' || status !== 'ACKNOWLEDGED') return;
    this.#line(event, '✔ leaves Setup Assistant');
    this.#reach('CONFIGURED', event);
  }

  #detail(event: Told, words: string): void {
    if (this.#closely.has(event.device?.serialNumber ?? '')) this.#line(event, words);
  }

  #line({ device }: Told, words: string): void {
    this.print(`  ${(device?.serialNumber ?? '?').padEnd(13)} ${words}`);
  }

  #reach(moment: Moment, { device }: Told): void {
    const reached = this.#reached.get(moment) ?? new Set();
    this.#reached.set(moment, reached.add(device?.serialNumber ?? ''));
    this.#moments.emit('moment');
  }
}
