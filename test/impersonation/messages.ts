import { randomBytes } from 'node:crypto';
import type { SimulatedDevice, SimulatedUser } from '../../simulator/device/index.js';
import { CHECK_IN_TYPE, CONNECT_TYPE } from '../../simulator/device/wire.js';
import { TOPIC } from '../apns/setup.js';

/** A message as its sender would write it, before anybody signs it. */
export interface Message {
  readonly name: string;
  readonly path: '/mdm/checkin' | '/mdm/connect';
  readonly type: string;
  readonly body: Buffer;
}

/** Every message that a device and its user send; `commandUUID` is a command that waits for the device. */
export function everyMessage(
  device: SimulatedDevice,
  user: SimulatedUser,
  commandUUID: string,
): readonly Message[] {
  const token = { Topic: TOPIC, Token: randomBytes(32), PushMagic: 'stolen' };
  const { serialNumber } = device.facts;
  return [
    checkIn('Authenticate', device, { Topic: TOPIC, SerialNumber: serialNumber }),
    checkIn('TokenUpdate', device, { ...token, UnlockToken: randomBytes(9) }),
    checkIn('TokenUpdate', device, { ...token, AwaitingConfiguration: true }, ' in Setup Assistant'),
    checkIn('TokenUpdate', user, token, ' of a user'),
    checkIn('CheckOut', device, { Topic: TOPIC }),
    checkIn('CheckOut', user, { Topic: TOPIC }, ' of a user'),
    checkIn('SetBootstrapToken', device, { BootstrapToken: randomBytes(9) }),
    checkIn('SetBootstrapToken', device, {}, ' without one, which deletes'),
    checkIn('GetBootstrapToken', device),
    checkIn('UserAuthenticate', user),
    checkIn('UserAuthenticate', user, { DigestResponse: 'x' }, ' with a response'),
    checkIn('ReturnToService', device),
    report('Idle', device),
    report('Idle', user, ' of a user'),
    report('Acknowledged', device, '', commandUUID),
    report('Acknowledged', user, ' of a user', commandUUID),
    report('Error', device, '', commandUUID),
    report('NotNow', device, '', commandUUID),
  ];
}

type Sender = SimulatedDevice | SimulatedUser;

function checkIn(
  type: string,
  by: Sender,
  keys: Parameters<Sender['prepareCheckIn']>[1] = {},
  of = '',
): Message {
  const { body } = by.prepareCheckIn(type, keys);
  return { name: type + of, path: '/mdm/checkin', type: CHECK_IN_TYPE, body };
}

function report(
  status: 'Idle' | 'Acknowledged' | 'Error' | 'NotNow',
  by: Sender,
  of = '',
  commandUUID?: string,
): Message {
  const prepared = commandUUID === undefined ? by.prepareIdle() : by.prepareReport(status, commandUUID);
  return { name: status + of, path: '/mdm/connect', type: CONNECT_TYPE, body: prepared.body };
}
