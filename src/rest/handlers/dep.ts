import type { AccountSynced } from '../../services/dep/index.js';
import type { Services } from '../../services/services.js';
import type { Answer } from '../route.js';
import type { DevicesFetched } from '../schemas/dep.js';

/** Syncs every account at Apple that has a server token, and waits for the end. */
export async function fetchDevices({ dep }: Services): Promise<Answer> {
  return { status: 200, body: fetchedShape(await dep.onDemand.all()) };
}

function fetchedShape(synced: readonly AccountSynced[]): DevicesFetched {
  const sum = (field: 'fetched' | 'added' | 'modified' | 'deleted'): number =>
    synced.reduce((total, one) => total + one[field], 0);
  return {
    fetched: sum('fetched'),
    added: sum('added'),
    modified: sum('modified'),
    deleted: sum('deleted'),
    cursor: synced.at(-1)?.cursor ?? '',
    accounts: synced.map(({ account, fetched, added, modified, deleted, cursor }) => ({
      account_uuid: account.uuid,
      name: account.name,
      fetched,
      added,
      modified,
      deleted,
      cursor,
    })),
  };
}
