import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the stand-in puts what the server, or the newcomer, needs in files. */
export class Files {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes one that nobody else can read. Returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
}
