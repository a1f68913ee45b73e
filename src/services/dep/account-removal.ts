import type { Clock } from '../../clock.js';
import { lockClause, type Database, type Transaction } from '../../database/index.js';
import { DepAccount } from '../../entities/dep-account.js';
import { DepDefinition, DepRule } from '../../entities/dep-profile.js';
import type { Outbox } from '../../events/index.js';
import { PomonaError } from '../../errors.js';
import type { DepDevices } from './dep-devices.js';
import { removeUnseen } from './record-page.js';
import { lockRules } from './state.js';

/** Gives accounts up. Their devices stay, with their history, as devices that Apple no longer tells of. */
export class DepAccountRemoval {
  constructor(
    private readonly database: Database,
    private readonly devices: Pick<DepDevices, 'counts'>,
    private readonly outbox: Outbox,
    private readonly now: Clock,
  ) {}

  /**
   * Deletes an account with its key and its token. A sync that is under way ends with its next page.
   * @param force also while Apple has devices there
   * @throws PomonaError NOT_FOUND; IN_USE while a rule names it, or (unless forced) it has devices
   */
  async delete(uuid: string, force = false): Promise<DepAccount> {
    const devices = (await this.devices.counts([uuid])).get(uuid) ?? 0;
    return this.database.transaction(async (tx) => {
      await lockRules(tx);
      const account = await lockAccount(tx, uuid);
      const rules = await tx.manager.countBy(DepRule, { accountUuid: uuid });
      if (rules > 0)
        throw new PomonaError('IN_USE', `${rules} rules are for the account "${account.name}" alone.`);
      if (devices > 0 && !force)
        throw new PomonaError(
          'IN_USE',
          `The account "${account.name}" has ${devices} devices. Forced, it is deleted, and they are no longer told of by Apple.`,
          { path: ['force'] },
        );
      const generation = account.generation + 1;
      await removeUnseen(tx, this.outbox, { accountUuid: uuid, generation, at: this.now() });
      await tx.manager.delete(DepDefinition, { accountUuid: uuid });
      await tx.manager.delete(DepAccount, { uuid });
      return account;
    });
  }
}

async function lockAccount(tx: Transaction, uuid: string): Promise<DepAccount> {
  await tx.query(`SELECT 1 FROM dep_accounts WHERE uuid = ?${lockClause(tx.dialect)}`, [uuid]);
  const account = await tx.manager.findOneBy(DepAccount, { uuid });
  if (account === null) throw new PomonaError('NOT_FOUND', `There is no DEP account ${uuid}.`);
  return account;
}
