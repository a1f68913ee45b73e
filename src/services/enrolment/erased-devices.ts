import { placeholders, type Transaction } from '../../database/index.js';
import { CommandStatus } from '../../entities/enums.js';
import type { Answer, AnswerConsequence } from '../commands/outcomes.js';

/** An erased device may lie in a drawer for a while before it is set up again. */
const WINDOW_MS = 30 * 24 * 60 * 60_000;

/**
 * A device that said yes to EraseDevice forgets its certificate and does not check out: it may enrol again, by whatever is
 * good for a new device, without being taken for somebody who poses as it.
 */
export class ErasedDevices implements AnswerConsequence {
  async apply(tx: Transaction, answers: readonly Answer[]): Promise<readonly string[]> {
    const erased = answers.filter(
      ({ command, status }) => command.requestType === 'EraseDevice' && status === CommandStatus.ACKNOWLEDGED,
    );
    const last = erased.at(-1);
    if (last === undefined) return [];
    await tx.run(
      `UPDATE devices SET reenrollment_allowed_until = ? WHERE uuid IN ${placeholders(erased.length)}`,
      [last.at + WINDOW_MS, ...erased.map(({ deviceUuid }) => deviceUuid)],
    );
    return [];
  }
}
