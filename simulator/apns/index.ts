export { FakeApns, type FakeApnsOptions } from './fake-apns.js';
export type { ReceivedPush, ScriptedAnswer } from './push.js';
export { Wire } from './wire.js';
