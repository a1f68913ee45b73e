export {
  createClient,
  watching,
  type CallOptions,
  type PomonaClient,
  type Send,
  type Subscribe,
} from './client.ts';
export {
  typed,
  type DataOf,
  type Operation,
  type PlainDocument,
  type Typed,
  type TypedDocument,
  type TypedText,
  type VariablesOf,
} from './document.ts';
export {
  PomonaError,
  type ClientCode,
  type ErrorCode,
  type ErrorShape,
  type PomonaErrorFacts,
  type ServerCode,
} from './errors.ts';
export type { EventOf, LiveOptions, Watched } from './live.ts';
export type { Page } from './paginate.ts';
export type { ClientOptions, Fetch } from './settings.ts';
