import { promisify } from 'node:util';
import { deflate, deflateSync, inflate } from 'node:zlib';
import {
  readCertificateList,
  readDeviceInformation,
  readInstallApplication,
  readInstalledApplicationList,
  readProfileList,
  readSecurityInfo,
  type DeviceInformation,
  type InstalledApplication,
  type InstalledProfile,
} from '../../apple/commands/index.js';
import type { Report } from '../../apple/messages/index.js';
import type { InventoryKind } from '../../entities/inventory.js';

const deflated = promisify(deflate);
const inflated = promisify(inflate);

/** The part of an answer that the inventory keeps: JSON, deflated, ready to be written. */
export interface KeptAnswer {
  readonly kind: InventoryKind;
  readonly itemCount: number;
  readonly content: Buffer;
}

/** What an acknowledged report tells of its device, read before the transaction that records it. */
export interface Finding {
  readonly kept?: KeptAnswer;
  readonly information?: DeviceInformation['columns'];
  /** PayloadIdentifier → PayloadUUID of every profile on the device. */
  readonly profiles?: ReadonlyMap<string, string>;
  /** Bundle identifiers of every application on the device. */
  readonly applications?: ReadonlySet<string>;
  /** What a device calls the application it was asked to install. */
  readonly bundleIdentifier?: string | undefined;
}

type Reader = (report: Report) => Promise<Finding>;

const READERS: Readonly<Record<string, Reader>> = {
  DeviceInformation: async (report) => {
    const { columns, queryResponses } = readDeviceInformation(report);
    return { information: columns, kept: await keep('DEVICE_INFORMATION', 1, queryResponses) };
  },
  SecurityInfo: async (report) => ({ kept: await keep('SECURITY_INFO', 1, readSecurityInfo(report)) }),
  CertificateList: async (report) => {
    const list = await readCertificateList(report);
    return { kept: await keep('CERTIFICATE_LIST', list.length, list) };
  },
  ProfileList: async (report) => {
    const list = readProfileList(report);
    return { profiles: byIdentifier(list), kept: await keep('PROFILE_LIST', list.length, list) };
  },
  InstalledApplicationList: async (report) => {
    const list = await readInstalledApplicationList(report);
    return {
      applications: identifiersOf(list),
      kept: await keep('INSTALLED_APPLICATION_LIST', list.length, list),
    };
  },
  InstallApplication: async (report) => ({
    bundleIdentifier: keepable(readInstallApplication(report).identifier),
  }),
};

/** Apple's bundle identifiers have up to 155 characters. Cut, one would name something else: a longer one is not believed. */
function keepable(identifier: string | undefined): string | undefined {
  return identifier === undefined || identifier.length > 255 ? undefined : identifier;
}

/** Reads what an acknowledged answer to this request type tells; nothing for the many that tell nothing. */
export async function findingOf(requestType: string, report: Report): Promise<Finding> {
  return (await READERS[requestType]?.(report)) ?? {};
}

/** The other way: what the inventory kept, as JSON. */
export async function readKept(content: Buffer): Promise<unknown> {
  return JSON.parse((await inflated(content)).toString('utf8')) as unknown;
}

/** Most reports are a few hundred bytes: a thread, and the quarter of a megabyte deflate usually takes, cost more than the work. */
const SMALL = { bytes: 4_096, zlib: { windowBits: 12, memLevel: 5 } };

/** Deflates; in the thread pool when it is more than a little, so that a large report does not hold up other devices. */
export async function compress(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length <= SMALL.bytes ? deflateSync(bytes, SMALL.zlib) : deflated(bytes);
}

export async function decompress(bytes: Uint8Array): Promise<Buffer> {
  return inflated(bytes);
}

async function keep(kind: InventoryKind, itemCount: number, content: unknown): Promise<KeptAnswer> {
  const json = Array.isArray(content) ? await stringifyInSlices(content) : JSON.stringify(content);
  return { kind, itemCount, content: await compress(Buffer.from(json, 'utf8')) };
}

/** A list of tens of thousands as JSON, giving the event loop a turn every thousand entries. */
async function stringifyInSlices(list: readonly unknown[]): Promise<string> {
  const parts: string[] = [];
  for (let start = 0; start < list.length; start += 1_000) {
    parts.push(
      list
        .slice(start, start + 1_000)
        .map((entry) => JSON.stringify(entry))
        .join(','),
    );
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return `[${parts.join(',')}]`;
}

function byIdentifier(list: readonly InstalledProfile[]): Map<string, string> {
  return new Map(
    list.flatMap(({ identifier, uuid }) => (identifier === undefined ? [] : [[identifier, uuid ?? '']])),
  );
}

function identifiersOf(list: readonly InstalledApplication[]): Set<string> {
  return new Set(list.flatMap(({ identifier }) => identifier ?? []));
}
