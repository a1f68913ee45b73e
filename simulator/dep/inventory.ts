import { randomBytes } from 'node:crypto';

/** A device of the organisation, in Apple's words. */
export interface AppleDevice {
  serial_number: string;
  model: string;
  description: string;
  color: string;
  asset_tag?: string;
  os: string;
  device_family: string;
  device_assigned_by: string;
  device_assigned_date: string;
  profile_status: 'empty' | 'assigned' | 'pushed' | 'removed';
  profile_uuid?: string;
  profile_assign_time?: string;
  profile_push_time?: string;
}

type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type OpType = 'added' | 'modified' | 'deleted';

interface Operation {
  readonly type: OpType;
  readonly at: string;
  readonly device: AppleDevice;
}

/** Where a list goes on: in the devices (a fetch) or in the operations (a sync). */
interface Cursor {
  readonly kind: 'fetch' | 'sync';
  readonly from: number;
  /** For a fetch: how many operations there were when it began; a sync goes on from there. */
  readonly operations: number;
  readonly madeAt: number;
  readonly exhausted: boolean;
}

export interface ListedPage {
  readonly cursor: string;
  readonly more_to_follow: boolean;
  readonly fetched_until: string;
  readonly devices: object[];
}

export type ListFailure = 'CURSOR_REQUIRED' | 'INVALID_CURSOR' | 'EXPIRED_CURSOR' | 'EXHAUSTED_CURSOR';

const SEVEN_DAYS = 7 * 24 * 60 * 60_000;
/** Apple's dates have whole seconds. */
export const seconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** The devices that an organisation assigned to a server, and everything that was done to them, in order. */
export class Inventory {
  readonly #devices = new Map<string, AppleDevice>();
  readonly #operations: Operation[] = [];
  readonly #cursors = new Map<string, Cursor>();

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.#devices.size;
  }

  list(): readonly AppleDevice[] {
    return [...this.#devices.values()];
  }

  get(serial: string): AppleDevice | undefined {
    return this.#devices.get(serial);
  }

  add(serial: string, more: Partial<AppleDevice> = {}): AppleDevice {
    const device: AppleDevice = {
      serial_number: serial,
      model: 'iPhone 15',
      description: 'IPHONE 15 BLACK 128GB',
      color: 'BLACK',
      os: 'iOS',
      device_family: 'iPhone',
      device_assigned_by: 'admin@example.org',
      device_assigned_date: seconds(this.now()),
      profile_status: 'empty',
      ...more,
    };
    this.#devices.set(serial, device);
    this.#log('added', device);
    return device;
  }

  /**
   * @param change what is undefined is gone from now on
   * @param silent as some changes are not told by a sync
   */
  modify(serial: string, change: Changes<AppleDevice>, silent = false): void {
    const device = this.#devices.get(serial);
    if (device === undefined) throw new Error(`There is no ${serial}.`);
    Object.assign(device, change);
    for (const [key, value] of Object.entries(change)) {
      if (value === undefined) Reflect.deleteProperty(device, key);
    }
    if (!silent) this.#log('modified', device);
  }

  remove(serial: string): void {
    const device = this.#devices.get(serial);
    if (device === undefined) throw new Error(`There is no ${serial}.`);
    this.#devices.delete(serial);
    this.#log('deleted', device);
  }

  /** The same operation told again, as Apple sometimes does; with an older date it must not count. */
  repeat(serial: string, type: OpType, at: number): void {
    const device = this.#devices.get(serial) ?? { ...blank(serial) };
    this.#operations.push({ type, at: seconds(at), device: { ...device } });
  }

  fetch(cursor: string | undefined, limit: number): ListedPage | ListFailure {
    const from = this.#read(cursor);
    if (typeof from === 'string') return from;
    if (from !== undefined && (from.kind !== 'fetch' || from.exhausted)) return 'EXHAUSTED_CURSOR';
    const start = from?.from ?? 0;
    const operations = from?.operations ?? this.#operations.length;
    const all = [...this.#devices.values()];
    const devices = all.slice(start, start + limit).map((device) => ({ ...device }));
    const end = start + devices.length;
    const more = end < all.length;
    const next = this.#cursor({ kind: 'fetch', from: end, operations, exhausted: !more });
    return { cursor: next, more_to_follow: more, fetched_until: seconds(this.now()), devices };
  }

  sync(cursor: string | undefined, limit: number): ListedPage | ListFailure {
    if (cursor === undefined || cursor === '') return 'CURSOR_REQUIRED';
    const from = this.#read(cursor);
    if (typeof from === 'string') return from;
    if (from === undefined) return 'INVALID_CURSOR';
    const start = from.kind === 'sync' ? from.from : from.operations;
    const told = this.#operations.slice(start, start + limit);
    const end = start + told.length;
    const devices = told.map(({ type, at, device }) => ({ ...device, op_type: type, op_date: at }));
    const next = this.#cursor({ kind: 'sync', from: end, operations: end, exhausted: false });
    const more = end < this.#operations.length;
    return { cursor: next, more_to_follow: more, fetched_until: seconds(this.now()), devices };
  }

  #log(type: OpType, device: AppleDevice): void {
    this.#operations.push({ type, at: seconds(this.now()), device: { ...device } });
  }

  #read(cursor: string | undefined): Cursor | ListFailure | undefined {
    if (cursor === undefined || cursor === '') return undefined;
    const known = this.#cursors.get(cursor);
    if (known === undefined) return 'INVALID_CURSOR';
    return this.now() - known.madeAt > SEVEN_DAYS ? 'EXPIRED_CURSOR' : known;
  }

  #cursor(position: Omit<Cursor, 'madeAt'>): string {
    const name = randomBytes(16).toString('hex');
    this.#cursors.set(name, { ...position, madeAt: this.now() });
    return name;
  }
}

function blank(serial: string): AppleDevice {
  return {
    serial_number: serial,
    model: 'iPhone 15',
    description: '',
    color: '',
    os: 'iOS',
    device_family: 'iPhone',
    device_assigned_by: '',
    device_assigned_date: seconds(0),
    profile_status: 'empty',
  };
}
