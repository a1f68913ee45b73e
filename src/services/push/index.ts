export type { ApnsSender } from './attempt.js';
export { Pushes, type OwedChannel, type PushRequest } from './pushes.js';
export { Repush } from './repush.js';
export { PushSender, type PushSenderOptions } from './sender.js';
