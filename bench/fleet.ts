import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connections, SimulatedDevice, type PreparedRequest } from '../simulator/device/index.js';
import { createAuthority, issueDeviceIdentity, type Issued } from '../simulator/pki.js';
import type { Request } from './client.js';
import type { IdentityProof } from './options.js';

export type KeyType = 'rsa' | 'ec';

export const TOPIC = 'com.apple.mgmt.External.bench';

/** Issues the identities of the benchmark's devices. */
export class Authority {
  readonly #issued: Issued = createAuthority('Pomona benchmark', { keyType: 'ec' });
  /** One key for all, because making thousands would take minutes. */
  readonly #keys = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  };

  /** Writes the authority's certificate into `directory`, for POMONA_DEVICE_CA_FILE. */
  write(directory: string): string {
    const path = join(directory, 'device-ca.pem');
    writeFileSync(path, this.#issued.certPem);
    return path;
  }

  /** @param keyType `rsa` is what most devices have; `ec` signs thirty times as fast */
  identity(name: string, keyType: KeyType): Issued {
    return issueDeviceIdentity(this.#issued, name, { key: this.#keys[keyType] });
  }
}

export interface FleetOptions {
  readonly count: number;
  readonly url: string;
  readonly authority: Authority;
  readonly proof: IdentityProof;
  /** Default `rsa`. */
  readonly keyType?: KeyType;
}

/** Devices that are enrolled, through the door and as real ones would be. */
export async function enrolledDevices(options: FleetOptions): Promise<SimulatedDevice[]> {
  const { count, url, authority, proof, keyType = 'rsa' } = options;
  const connections = new Connections({ maxSockets: 16 });
  const devices = Array.from({ length: count }, (_, index) => {
    const udid = `00008120-${index.toString(16).toUpperCase().padStart(16, '0')}`;
    const via = proof === 'header' ? { via: { header: 'rfc9440' as const } } : {};
    const serialNumber = `BENCH${String(index).padStart(5, '0')}`;
    return new SimulatedDevice({
      serverUrl: url,
      identity: authority.identity(udid, keyType),
      topic: TOPIC,
      connections,
      udid,
      serialNumber,
      ...via,
    });
  });
  const waiting = devices.values();
  await Promise.all(Array.from({ length: 16 }, () => enrolInTurn(waiting)));
  connections.close();
  return devices;
}

async function enrolInTurn(waiting: Iterable<SimulatedDevice>): Promise<void> {
  for (const device of waiting) {
    const answer = await device.enroll();
    if (answer.status !== 200)
      throw new Error(`A device could not enrol: ${answer.status} ${answer.body.toString()}`);
  }
}

/** A device's request as the load generator sends it. */
export function ready({ path, headers, body }: PreparedRequest): Request {
  return { method: 'PUT', path, headers: { ...headers, 'content-length': body.length }, body };
}
