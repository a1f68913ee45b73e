import { buildCommand } from '../../apple/commands/index.js';
import type { Transaction } from '../../database/index.js';
import type { Application } from '../../entities/application.js';
import { SubjectKind } from '../../entities/enums.js';
import type { CatalogSnapshot } from '../catalog/snapshot.js';
import { prepareBody, type PreparedBody } from '../commands/bodies.js';
import type { Change } from './plan.js';

/** The body of the command that carries out a change, or why there can be none. */
export type Payload = { readonly body: PreparedBody } | { readonly impossible: string };

/** Makes the commands of changes, each distinct one once: a profile that goes to 1,000 devices is rendered a single time. */
export class Payloads {
  readonly #made = new Map<string, Payload>();
  readonly #contents = new Map<string, Buffer>();

  private constructor(private readonly catalog: CatalogSnapshot) {}

  /** Loads the contents of all profiles that will be installed, in one statement per hundred. */
  static async forChanges(
    tx: Transaction,
    catalog: CatalogSnapshot,
    changes: Iterable<Change>,
  ): Promise<Payloads> {
    const payloads = new Payloads(catalog);
    const revisions = new Set<string>();
    for (const { action, wanted } of changes) {
      if (action === 'INSTALL' && wanted?.kind === SubjectKind.PROFILE) revisions.add(wanted.revision);
    }
    const uuids = [...revisions];
    for (let start = 0; start < uuids.length; start += 100) {
      const chunk = uuids.slice(start, start + 100);
      const rows = await tx.query<{ uuid: string; content: Uint8Array }>(
        `SELECT uuid, content FROM profile_revisions WHERE uuid IN (${chunk.map(() => '?').join(', ')})`,
        chunk,
      );
      for (const row of rows) payloads.#contents.set(row.uuid, Buffer.from(row.content));
    }
    return payloads;
  }

  for(change: Change): Payload {
    const key = payloadKey(change);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = change.action === 'INSTALL' ? this.#install(change) : removal(change);
    this.#made.set(key, made);
    return made;
  }

  #install({ wanted }: Change): Payload {
    if (wanted === undefined) return { impossible: 'Nothing is wanted.' };
    if (wanted.kind === SubjectKind.APPLICATION) {
      const application = this.catalog.applications.get(wanted.subjectUuid);
      return application === undefined
        ? { impossible: 'The application was deleted.' }
        : { body: installApplication(application) };
    }
    const content = this.#contents.get(wanted.revision);
    if (content === undefined) return { impossible: 'The profile was deleted.' };
    return { body: prepareBody(buildCommand('InstallProfile', { Payload: content })) };
  }
}

function payloadKey({ action, wanted, current }: Change): string {
  if (action === 'INSTALL') return `install:${wanted?.kind}:${wanted?.subjectUuid}:${wanted?.revision}`;
  return `remove:${current?.kind}:${current?.identifier ?? current?.subjectUuid}`;
}

/** ManagementFlags 1: the app goes when the device leaves management. */
function installApplication(application: Application): PreparedBody {
  const source =
    application.manifestUrl === null
      ? { iTunesStoreID: application.itunesStoreId }
      : { ManifestURL: application.manifestUrl };
  const options = application.itunesStoreId === null ? {} : { Options: { PurchaseMethod: 1 } };
  return prepareBody(buildCommand('InstallApplication', { ...source, ...options, ManagementFlags: 1 }));
}

function removal({ current }: Change): Payload {
  if (current === undefined || current.identifier === null) {
    return {
      impossible:
        'It cannot be removed: its bundle identifier is not known. Set it on the application, then retry.',
    };
  }
  const [requestType, identifier] =
    current.kind === SubjectKind.PROFILE
      ? ['RemoveProfile', current.identifier]
      : ['RemoveApplication', current.identifier];
  return { body: prepareBody(buildCommand(requestType ?? '', { Identifier: identifier })) };
}
