import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.js';

const CODES = [...(Object.keys(ERRORS) as ErrorCode[]), 'METHOD_NOT_ALLOWED'] as const;

/** How every failure is answered, whatever its status. */
export const failure = z
  .object({
    status: z.literal('failure').optional().describe('Where a device is pushed, and only there.'),
    error: z.string().describe('What is wrong and what would be right: a sentence.'),
    code: z.enum(CODES).describe('The same for programs.'),
    details: z
      .looseObject({ field: z.string().optional().describe('Where, as in profiles[1].profile_uuid.') })
      .optional(),
    request_id: z.string().optional().describe('What to quote, where the failure is ours.'),
  })
  .meta({ id: 'Failure' });
export type FailureShape = z.output<typeof failure>;
