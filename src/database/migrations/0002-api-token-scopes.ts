import { addColumn, type Migration, type Step } from './migration.js';

/**
 * Tokens that are there keep what their roles let them do until now: an ADMIN or OPERATOR sent any command, and read what
 * commands and profiles carried. A VIEWER did neither. Null says that nothing was decided yet: done again it finds none.
 */
const keepWhatTheyCould: Step = async (runner) => {
  await runner.query(
    "UPDATE api_tokens SET scopes = CASE role WHEN 'VIEWER' THEN '' ELSE 'SECRETS,DESTRUCTIVE' END WHERE scopes IS NULL",
  );
};

/** What a token may do beyond its role. */
export const apiTokenScopes: Migration = {
  name: '0002-api-token-scopes',
  steps: (dialect) => [addColumn(dialect, 'api_tokens', 'scopes', 'varchar(255) NULL'), keepWhatTheyCould],
};
