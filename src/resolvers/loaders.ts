import DataLoader from 'dataloader';
import type { Profile } from '../entities/profile.js';
import type { InventoryKind } from '../entities/inventory.js';
import type { Page, PageRequest } from '../services/page.js';
import type { Services } from '../services/services.js';

/** Keys of one statement at most; a page has 100 rows, a mutation's payload may have thousands. */
const MAX_BATCH = 500;

type Uuids = readonly string[];

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * Gathers what many rows of one answer need into one statement for each kind. To be made anew for every operation and
 * every event: what was loaded is remembered.
 */
export function createLoaders(services: Services) {
  const { devices, history, pushes, profiles, contacts, deployments, inventory, dep } = services;
  return {
    catalog: once(() => services.catalog.current()),
    device: each((uuids) => devices.getMany(uuids), byUuid),
    channels: many(
      (uuids) => devices.channelsOf(uuids),
      (channel) => channel.deviceUuid,
    ),
    lastSeen: keyed((uuids: Uuids) => contacts.lastSeen(uuids)),
    command: each((uuids) => history.byUuids(uuids), byUuid),
    fragment: keyed((bodyUuids: Uuids) => history.fragments(bodyUuids)),
    identityCertificate: each((uuids) => services.identityCertificates.getMany(uuids), byUuid),
    enrollmentProfile: each((uuids) => services.enrollmentProfiles.getMany(uuids), byUuid),
    report: keyed((seqs: readonly number[]) => history.reports(seqs)),
    push: each((uuids) => pushes.getMany(uuids), byUuid),
    deployment: each(
      (uuids) => deployments.getMany(uuids),
      (deployment) => deployment.deviceUuid,
    ),
    items: many(
      (uuids) => deployments.itemsOf(uuids),
      (item) => item.deviceUuid,
    ),
    rollout: keyed((uuids: Uuids) => deployments.rollouts(uuids)),
    content: contentLoader((wanted) => profiles.contents(wanted)),
    depAccount: each((uuids) => dep.accounts.getMany(uuids), byUuid),
    depProfile: each((uuids) => dep.profiles.getMany(uuids), byUuid),
    /** By the uuid of the device. */
    depDevice: each(
      (uuids) => dep.devices.getMany(uuids),
      ({ deviceUuid }) => deviceUuid,
    ),
    depDeviceCount: keyed((uuids: Uuids) => dep.devices.counts(uuids)),
    depProfileDeviceCount: keyed((uuids: Uuids) => dep.devices.countsOfProfiles(uuids)),
    /** All of them, in their order: they are few. */
    depRules: once(() => dep.rules.list()),
    inventory: perKind((kind) => keyed((uuids: Uuids) => inventory.read<unknown>(uuids, kind))),
    /** Pages of lists that many rows have one of: the same page of each, in one statement. */
    pages: pageLoaders(),
  };
}

function byUuid(row: { readonly uuid: string }): string {
  return row.uuid;
}

/** Null where nothing has the key. */
function keyed<K, V>(load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): DataLoader<K, V | null> {
  return new DataLoader(
    async (keys) => {
      const found = await load(keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize: MAX_BATCH },
  );
}

function each<V>(load: (keys: readonly string[]) => Promise<readonly V[]>, keyOf: (row: V) => string) {
  return keyed<string, V>(async (keys) => new Map((await load(keys)).map((row) => [keyOf(row), row])));
}

function many<V>(
  load: (keys: readonly string[]) => Promise<readonly V[]>,
  ownerOf: (row: V) => string,
): DataLoader<string, readonly V[]> {
  return new DataLoader(
    async (keys) => {
      const found = Map.groupBy(await load(keys), ownerOf);
      return keys.map((key) => found.get(key) ?? []);
    },
    { maxBatchSize: MAX_BATCH },
  );
}

/** By profile; contents may be large, so few at a time. */
function contentLoader(load: (profiles: readonly Profile[]) => Promise<ReadonlyMap<string, Buffer>>) {
  return new DataLoader<Profile, Buffer | null, string>(
    async (profiles) => {
      const found = await load(profiles);
      return profiles.map((profile) => found.get(profile.uuid) ?? null);
    },
    { maxBatchSize: 100, cacheKeyFn: byUuid },
  );
}

function perKind<L>(make: (kind: InventoryKind) => L): (kind: InventoryKind) => L {
  const made = new Map<InventoryKind, L>();
  return (kind) => {
    const loader = made.get(kind) ?? make(kind);
    made.set(kind, loader);
    return loader;
  };
}

function pageLoaders() {
  const made = new Map<string, DataLoader<string, unknown>>();
  /** @param list names the list and whatever narrows it, so that different lists are not taken for one */
  return <T>(
    list: string,
    request: PageRequest,
    load: (owners: readonly string[]) => Promise<ReadonlyMap<string, Page<T>>>,
  ): DataLoader<string, Page<T> | null> => {
    const key = JSON.stringify([list, request]);
    const loader = (made.get(key) as DataLoader<string, Page<T> | null> | undefined) ?? keyed(load);
    made.set(key, loader);
    return loader;
  };
}

export interface Once<T> {
  /** The value at once when it is there, so that what is nested below needs no turn of the event loop. */
  <R>(use: (value: T) => R): R | Promise<R>;
}

function once<T extends object>(load: () => Promise<T>): Once<T> {
  let value: T | undefined;
  let loading: Promise<T> | undefined;
  return (use) => {
    if (value !== undefined) return use(value);
    loading ??= load().then((loaded) => (value = loaded));
    return loading.then(use);
  };
}
