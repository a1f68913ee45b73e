import type { Principal } from '../services/access.js';
import type { Services } from '../services/services.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { CursorCodec } from './plumbing/cursor.js';

/** What every resolver of one operation, or of one event of a subscription, is given. */
export interface GraphqlContext {
  readonly services: Services;
  readonly cursors: CursorCodec;
  /** Undefined when no token came along: introspection is all that is answered then. */
  readonly principal: Principal | undefined;
  /** Remember what they loaded, so each mutation of an operation begins with new ones. */
  loaders: Loaders;
}

export type ContextMaker = (principal: Principal | undefined) => GraphqlContext;

/** Makes contexts with loaders of their own. */
export function contextMaker(services: Services, cursors: CursorCodec): ContextMaker {
  return (principal) => ({ services, cursors, principal, loaders: createLoaders(services) });
}
