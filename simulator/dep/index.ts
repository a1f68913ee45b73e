/** A stand-in for Apple's device assignment service. */
export type { AssignedProfile } from './assigned-profile.js';
export { DepServer, type ScriptedOutcome } from './dep-server.js';
export { FakeDep, type DepRequestSeen, type FakeDepOptions } from './fake-dep.js';
export type { AppleDevice, OpType } from './inventory.js';
export type { DepMishap } from './script.js';
