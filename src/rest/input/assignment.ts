import { PomonaError } from '../../errors.js';
import { Fields } from './fields.js';

/** `{"workflow_uuid"}`: the workflow to give; null for `""` and null, which take it away. Throws BAD_USER_INPUT. */
export function readAssignment(body: unknown): string | null {
  const fields = Fields.of(body);
  if (!fields.has('workflow_uuid')) {
    const how = 'workflow_uuid is missing. Send {"workflow_uuid": "…"}, or "" to take the workflow away.';
    throw new PomonaError('BAD_USER_INPUT', how, { path: ['workflow_uuid'] });
  }
  return fields.uuid('workflow_uuid') ?? null;
}
