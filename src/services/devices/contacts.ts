import type { Clock } from '../../clock.js';
import { insertRows, onDuplicate, type Database } from '../../database/index.js';

const FLUSH_MS = 3_000;
/** More devices than this are written at once, whatever the clock says. */
const FLUSH_COUNT = 2_000;

/** When devices were last heard: kept in memory and written in batches, so that an idle device costs no write. */
export class Contacts {
  #seen = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly now: Clock,
    private readonly onError: (error: unknown) => void,
  ) {}

  heard(deviceUuid: string): void {
    this.#seen.set(deviceUuid, this.now());
    if (this.#seen.size >= FLUSH_COUNT) void this.flush().catch(this.onError);
    else this.#timer ??= setTimeout(() => void this.flush().catch(this.onError), FLUSH_MS).unref();
  }

  /** Times that are not in the database yet are answered from memory. */
  recent(deviceUuid: string): Date | undefined {
    const at = this.#seen.get(deviceUuid);
    return at === undefined ? undefined : new Date(at);
  }

  /** Writes what is known. Also called when the server stops. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#seen;
    if (batch.size === 0) return;
    this.#seen = new Map();
    const rows = [...batch].sort(([a], [b]) => (a < b ? -1 : 1));
    await this.database.transaction(async (tx) => {
      const tail = onDuplicate(tx.dialect, ['device_uuid'], ['last_seen_at']);
      await insertRows(tx, 'INSERT INTO device_contacts', ['device_uuid', 'last_seen_at'], rows, tail);
    });
  }

  /** When devices were last heard, from the database and from memory: one statement. */
  async lastSeen(deviceUuids: readonly string[]): Promise<Map<string, Date>> {
    const rows = await this.database.query<{ deviceUuid: string; at: number | string }>(
      `SELECT device_uuid AS deviceUuid, last_seen_at AS at FROM device_contacts WHERE device_uuid IN (${deviceUuids.map(() => '?').join(', ')})`,
      deviceUuids,
    );
    const seen = new Map(rows.map((row) => [row.deviceUuid, new Date(Number(row.at))]));
    for (const uuid of deviceUuids) {
      const recent = this.recent(uuid);
      if (recent !== undefined) seen.set(uuid, recent);
    }
    return seen;
  }
}
