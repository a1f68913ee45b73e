import type { Transaction } from '../../database/index.js';
import { Device } from '../../entities/device.js';
import type { DepJoining, Holder } from '../dep/index.js';
import { backingOf, isEmpty, judgeAnnounced } from './announced-rules.js';
import type { Claim, Grant } from './grant-rules.js';

/** A device that enrols, and what Apple announced of its serial number. */
export interface Announced {
  /** The row to enrol as: its own, or the one that was made for the announcement. Undefined: it needs a new one. */
  readonly device: Device | undefined;
  /** Whose record moves to that row; undefined when none does. */
  readonly takenFrom: Holder | undefined;
}

/** Has a device that Apple announced enrol as the row that was made for it (see announced-rules). */
export class Announcements {
  constructor(private readonly joining: DepJoining) {}

  /**
   * The row to enrol as. What it rests on is locked until the transaction ends.
   * @param seen the row of its UDID, as it was found before
   * @param again looks for that once more: whoever enrols as the same device at the same time may have made it
   */
  async find(
    tx: Transaction,
    grant: Grant | undefined,
    { udid, serialNumber }: Claim,
    again: () => Promise<Device | undefined>,
    seen: Device | undefined,
  ): Promise<Announced> {
    const backing = backingOf(grant, serialNumber);
    if (udid === undefined || serialNumber === undefined || backing === 'NONE')
      return { device: seen, takenFrom: undefined };
    const holder = await this.joining.lockHolder(tx, serialNumber);
    if (holder === undefined) return { device: seen, takenFrom: undefined };
    const known = seen ?? (await again());
    const verdict = judgeAnnounced({ backing, knownUuid: known?.uuid, holder });
    if (verdict !== 'ADOPT') return { device: known, takenFrom: verdict === 'TAKE' ? holder : undefined };
    const announced = await tx.manager.findOneBy(Device, { uuid: holder.uuid });
    return { device: announced ?? undefined, takenFrom: undefined };
  }

  /** Moves the record, once the device has its row. */
  async settle(tx: Transaction, { takenFrom }: Announced, deviceUuid: string): Promise<void> {
    if (takenFrom !== undefined) await this.joining.move(tx, takenFrom, deviceUuid, isEmpty(takenFrom));
  }
}
