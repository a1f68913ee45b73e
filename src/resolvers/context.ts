import type { Principal } from '../services/access.js';
import type { Services } from '../services/services.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { ConfiguredLimits } from './limits.js';
import type { CursorCodec } from './plumbing/cursor.js';
import type { Caller } from './plumbing/rate-limit.js';

/** What every resolver of one operation, or of one event of a subscription, is given. */
export interface GraphqlContext {
  readonly services: Services;
  readonly cursors: CursorCodec;
  /** Undefined when no token came along: introspection is all that is answered then. */
  readonly principal: Principal | undefined;
  /** Whom operations are charged to. */
  readonly caller: Caller;
  readonly limits: ConfiguredLimits;
  /** Remember what they loaded, so each mutation of an operation begins with new ones. */
  loaders: Loaders;
}

/** @param address where a caller without a token comes from */
export type ContextMaker = (principal: Principal | undefined, address?: string) => GraphqlContext;

/** Makes contexts with loaders of their own. */
export function contextMaker(
  services: Services,
  cursors: CursorCodec,
  limits: ConfiguredLimits,
): ContextMaker {
  return (principal, address = '') => ({
    services,
    cursors,
    principal,
    limits,
    caller:
      principal === undefined
        ? { key: `address ${address}`, anonymous: true }
        : { key: `token ${principal.tokenUuid}`, anonymous: false },
    loaders: createLoaders(services),
  });
}
