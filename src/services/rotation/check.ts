import type { Database } from '../../database/index.js';
import type { Logger } from '../../log.js';
import { nameOf, SEALED_COLUMNS, type SealedColumn } from '../sealed-columns.js';
import type { Vault } from '../vault.js';
import { survey } from './survey.js';

/** Looks whether all that is sealed can be opened, and tells the log what cannot. */
export class SealedCheck {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly log: Logger,
    private readonly columns: readonly SealedColumn[] = SEALED_COLUMNS,
  ) {}

  async run(): Promise<void> {
    const surveyed = await survey(this.database, this.vault, this.columns);
    for (const { column, found } of surveyed) {
      if (found.OTHER_KEY > 0)
        this.log.warn(
          { column: nameOf(column), secrets: found.OTHER_KEY },
          `${found.OTHER_KEY} secrets in ${nameOf(column)} cannot be opened: they were sealed with another key. Give it as POMONA_SECRET_KEY_FORMER.`,
        );
    }
    const former = surveyed.reduce((sum, { found }) => sum + found.FORMER, 0);
    if (former > 0)
      this.log.info(
        { secrets: former },
        `${former} secrets are sealed as a former key or version did: \`npm run rotate-key\` seals them anew.`,
      );
  }
}
