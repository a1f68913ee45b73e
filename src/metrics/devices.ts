import type { Instruments } from './instruments.js';

/** A request of a device as its door tells of it. The words of `message` are few: what is unknown has one word. */
export interface AnsweredDevice {
  readonly door: 'checkin' | 'connect';
  readonly message: string;
  readonly status: number;
  readonly handedOut: boolean;
}

/** Counts what devices sent and how they were answered. */
export function deviceCounter({ checkins, connects }: Instruments): (answered: AnsweredDevice) => void {
  return ({ door, message, status, handedOut }) => {
    if (door === 'checkin') return checkins.inc({ message, status });
    connects.inc({ report: message, status, command: handedOut ? 'yes' : 'no' });
  };
}
