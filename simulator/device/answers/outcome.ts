import type { PlistDict } from '../../../src/apple/plist/index.js';
import type { Issued } from '../../pki.js';
import type { ErrorChain } from '../behaviour.js';
import type { DeviceFacts, DeviceOptions } from '../options.js';
import type { ChannelState, DeviceState } from '../state.js';

/** Everything an answer may be made from, and what carrying out a command changes. */
export interface AnswerContext {
  readonly facts: DeviceFacts;
  readonly options: DeviceOptions;
  readonly identity: Issued;
  readonly device: DeviceState;
  /** The channel the command came on: the device itself, or one of its users. */
  readonly channel: ChannelState;
}

/** How carrying out a command ended: the keys beside `Status`, or why it failed. */
export interface Outcome {
  readonly extra?: PlistDict;
  readonly error?: ErrorChain;
  /** The device erases itself once it has answered. */
  readonly erases?: boolean;
}

/** Carries out one command. `request` is its `Command` dictionary. */
export type Answerer = (request: PlistDict, context: AnswerContext) => Outcome;

export const DONE: Outcome = {};

/** An error of one link, or of an outer and an inner one. */
export function failed(...links: [domain: string, code: number, description: string][]): Outcome {
  return {
    error: links.map(([ErrorDomain, ErrorCode, LocalizedDescription]) => ({
      ErrorCode,
      ErrorDomain,
      LocalizedDescription,
      USEnglishDescription: LocalizedDescription,
    })),
  };
}

/** The strings of an array in a request; `undefined` when there is no such array. */
export function strings(request: PlistDict, key: string): string[] | undefined {
  const value = request[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}
