export * from './answers/index.js';
export { commandType, commandTypes } from './catalogue.js';
export type {
  CommandKey,
  CommandPlatform,
  CommandType,
  KeyPlatforms,
  KeyType,
  Platform,
} from './catalogue.js';
export { commandFragment, envelope, readRawCommand } from './envelope.js';
export type { RawCommand } from './envelope.js';
export { CommandError } from './errors.js';
export type { CommandErrorCode } from './errors.js';
export { buildCommand } from './request.js';
