import { insertRows, placeholders, type Sql, type Transaction } from '../../database/index.js';
import type { Logger } from '../../log.js';
import { VaultError, type Vault } from '../vault.js';
import { SECRET_ANSWERS } from './secret-answers.js';

/** A report, deflated, and the command that it answers. */
export interface KeptReport {
  readonly command: { readonly uuid: string; readonly requestType: string };
  readonly report: Buffer | null;
  readonly at: number;
}

interface Row {
  readonly seq: number | string;
  readonly uuid: string;
  readonly sealed: Uint8Array;
}

/** Whether a report goes among the sealed ones. */
export function isSealed({ command, report }: KeptReport): boolean {
  return report !== null && SECRET_ANSWERS.has(command.requestType);
}

/** The reports of commands whose answers are secrets (see secret-answers.ts). */
export class SealedReports {
  constructor(
    private readonly sql: Sql,
    private readonly vault: Vault,
    private readonly log: Logger,
  ) {}

  /** Seals those that are to be; no statement when none is. In the transaction that finishes their commands. */
  async keep(tx: Transaction, reports: readonly KeptReport[]): Promise<void> {
    const rows = reports.flatMap(({ command: { uuid, requestType }, report, at }) =>
      report === null || !SECRET_ANSWERS.has(requestType)
        ? []
        : [[uuid, this.vault.seal(report, placeOf(uuid)), at]],
    );
    if (rows.length === 0) return;
    await insertRows(
      tx,
      'INSERT INTO sealed_reports',
      ['command_uuid', 'sealed_report', 'answered_at'],
      rows,
    );
  }

  /** Reports, deflated, by the numbers of their commands: those that are sealed and can be opened. */
  async open(seqs: readonly number[]): Promise<Map<number, Buffer>> {
    const rows = await this.sql.query<Row>(
      `SELECT c.seq AS seq, s.command_uuid AS uuid, s.sealed_report AS sealed
         FROM commands c JOIN sealed_reports s ON s.command_uuid = c.uuid WHERE c.seq IN ${placeholders(seqs.length)}`,
      seqs,
    );
    return new Map(
      rows.flatMap((row) => {
        const report = this.#open(row);
        return report === undefined ? [] : [[Number(row.seq), report] as const];
      }),
    );
  }

  #open({ uuid, sealed }: Row): Buffer | undefined {
    try {
      return this.vault.open(Buffer.from(sealed), placeOf(uuid));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.log.warn({ command: uuid, code: error.code }, 'A sealed report cannot be opened');
      return undefined;
    }
  }
}

function placeOf(commandUuid: string) {
  return { table: 'sealed_reports', column: 'sealed_report', row: commandUuid } as const;
}
