/** Why a command cannot be made. Stable names; a caller may switch on them. */
export type CommandErrorCode =
  'unknown-request-type' | 'bad-parameter' | 'undecodable' | 'not-a-command' | 'bad-command-uuid';

/**
 * A command that was asked for and cannot be sent. The message says what was wrong and what would be right.
 * `path` leads to the parameter, outermost first: `['Options', 'PurchaseMethod']`, `['Settings', '0', 'Item']`.
 */
export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly path: readonly string[];

  constructor(code: CommandErrorCode, message: string, path: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CommandError';
    this.code = code;
    this.path = path;
  }
}

/** A `bad-parameter` error: "Options.PurchaseMethod: " and then what is wrong with it. */
export function badParameter(path: readonly string[], fault: string): CommandError {
  return new CommandError('bad-parameter', `${path.join('.')}: ${fault}`, path);
}
