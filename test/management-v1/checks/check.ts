import { expect } from 'vitest';
import type { Context, Reply } from '../kit.js';

/** One documented behaviour. Ids are never given to another. */
export interface Check {
  readonly id: `MV1-${string}`;
  /** Whom or what it keeps working. */
  readonly protects: string;
  readonly run: (ctx: Context) => Promise<void>;
}

export const NOBODY = '00000000-0000-7000-8000-000000000000';

/** The status, shown with the answer's text when it is another. */
export function expectStatus({ status, text }: Reply, expected: number): void {
  expect({ status, text }).toEqual({ status: expected, text });
}

/** A refusal as every client can read it: the status, and an object whose `error` says what was wrong. */
export function expectError(reply: Reply, status: number, says: RegExp | string = '', code?: string): void {
  expectStatus(reply, status);
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(reply.json).toMatchObject({
    error: says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says),
    code: code ?? expect.any(String),
  });
}

export function expectEmpty({ status, text }: Reply, expected: number): void {
  expect({ status, text }).toEqual({ status: expected, text: '' });
}
