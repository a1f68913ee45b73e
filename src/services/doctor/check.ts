/** What a check came to. SKIPPED: there was nothing to look at, or it could not be looked at from here. */
export type CheckStatus = 'OK' | 'WARNING' | 'FAILED' | 'SKIPPED';

/** What a check found, in words for somebody who runs such a server for the first time. */
export interface Finding {
  readonly status: CheckStatus;
  /** What is so. */
  readonly message: string;
  /** What to do about it, with the option or the place where; null when nothing needs doing. */
  readonly fix: string | null;
}

/** One thing that has to be right. */
export interface Check {
  /** Words joined by hyphens; it stays the same from version to version. */
  readonly name: string;
  /** Whether the log is told at the start what it finds: it is cheap, calls nobody, and nothing else says it then. */
  readonly atStart: boolean;
  /**
   * Looks. What goes wrong meanwhile may be thrown.
   * @param signal ends the looking; connections are to be closed by it
   */
  run(signal: AbortSignal): Promise<Finding>;
}

export const ok = (message: string): Finding => ({ status: 'OK', message, fix: null });
export const skipped = (message: string): Finding => ({ status: 'SKIPPED', message, fix: null });
export const warning = (message: string, fix: string): Finding => ({ status: 'WARNING', message, fix });
export const failed = (message: string, fix: string): Finding => ({ status: 'FAILED', message, fix });
