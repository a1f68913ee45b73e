import { type Container, readContainer, readLeaf } from './binary-objects.js';
import { type ObjectTable, offsetOf, readTrailer, readUnsigned } from './binary-trailer.js';
import { malformed } from './errors.js';
import type { PlistLimits } from './limits.js';
import { Scanner } from './scanner.js';
import { TreeBuilder } from './tree.js';
import type { PlistValue } from './types.js';

/** A container that is being read. */
interface Frame extends Container {
  readonly ref: number;
  next: number;
}

/**
 * Reads a binary property list (`bplist00`). An object that several containers refer to is expanded each time, and each
 * time counts against the limit of nodes; only its string or data is made once and shared.
 */
export class BinaryScanner extends Scanner {
  private readonly table: ObjectTable;
  private readonly frames: Frame[] = [];
  private readonly open = new Set<number>();
  private readonly shared = new Map<number, string | Buffer>();

  constructor(document: Buffer, limits: PlistLimits) {
    super(new TreeBuilder(limits));
    this.table = readTrailer(document);
  }

  protected step(): number {
    const frame = this.frames.at(-1);
    if (frame !== undefined) return frame.next < frame.count ? this.readMember(frame) : this.close(frame);
    if (this.tree.root === undefined) return this.enter(this.table.top, this.table.bytes.length);
    this.done = true;
    return 1;
  }

  private readMember(frame: Frame): number {
    const { refSize } = this.table;
    const at = frame.refsAt + frame.next * refSize;
    frame.next += 1;
    if (frame.kind === 'array') return this.enter(this.refAt(at), at);
    const key = this.leafAt(this.refAt(at), at);
    if (typeof key.value !== 'string') throw malformed('A key that is not a string', at);
    this.tree.key(key.value, at);
    const valueAt = at + frame.count * refSize;
    return key.work + this.enter(this.refAt(valueAt), valueAt);
  }

  /** Adds object number `ref` to the tree, opening it when it is a container. */
  private enter(ref: number, from: number): number {
    const offset = offsetOf(this.table, ref, from);
    const container = readContainer(this.table, offset);
    if (container === undefined) {
      const { value, work } = this.leafAt(ref, from);
      this.tree.add(value, offset);
      return work;
    }
    if (this.open.has(ref)) throw malformed('A container within itself', offset);
    this.open.add(ref);
    this.frames.push({ ...container, ref, next: 0 });
    if (container.kind === 'dict') this.tree.openDict(offset);
    else this.tree.openArray(offset);
    return 16;
  }

  private close(frame: Frame): number {
    this.frames.pop();
    this.open.delete(frame.ref);
    if (frame.kind === 'dict') this.tree.closeDict(frame.refsAt);
    else this.tree.closeArray(frame.refsAt);
    return 1;
  }

  private leafAt(ref: number, from: number): { value: PlistValue; work: number } {
    const known = this.shared.get(ref);
    if (known !== undefined) return { value: known, work: 16 };
    const value = readLeaf(this.table, offsetOf(this.table, ref, from));
    if (typeof value !== 'string' && !Buffer.isBuffer(value)) return { value, work: 16 };
    this.shared.set(ref, value);
    return { value, work: 16 + value.length };
  }

  private refAt(at: number): number {
    return readUnsigned(this.table.bytes, at, this.table.refSize);
  }
}
