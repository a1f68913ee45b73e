import { malformed, PlistError } from './errors.js';
import type { PlistLimits } from './limits.js';
import type { PlistDict, PlistValue } from './types.js';

/**
 * Changing the prototype of a literal, unlike Object.create(null), keeps the object in the engine's compact form:
 * measured, a third of the memory and of the time for the dictionaries of an application list.
 */
function emptyDict(): PlistDict {
  return Object.setPrototypeOf({}, null) as PlistDict;
}

/** Puts values where they belong, in document order, without recursion, and holds the document to its limits. */
export class TreeBuilder {
  root: PlistValue | undefined;
  private readonly limits: PlistLimits;
  private readonly parents: (PlistDict | PlistValue[])[] = [];
  private dict: PlistDict | undefined;
  private array: PlistValue[] | undefined;
  private pendingKey: string | undefined;
  private nodes = 0;

  constructor(limits: PlistLimits) {
    this.limits = limits;
  }

  /** Names the next value of the innermost dictionary. */
  key(key: string, offset: number): void {
    if (this.dict === undefined) throw malformed('A key stands outside a dictionary', offset);
    if (this.pendingKey !== undefined) throw malformed('A key has no value', offset);
    if (key in this.dict) throw malformed('A dictionary has the same key twice', offset);
    this.pendingKey = key;
  }

  add(value: PlistValue, offset: number): void {
    this.nodes += 1;
    if (this.nodes > this.limits.maxNodes) {
      throw new PlistError('too-many-nodes', `More than ${this.limits.maxNodes} values`, offset);
    }
    if (this.dict !== undefined) this.addMember(this.dict, value, offset);
    else if (this.array !== undefined) this.array.push(value);
    else if (this.root === undefined) this.root = value;
    else throw malformed('The document has more than one value', offset);
  }

  openDict(offset: number): void {
    const dict = emptyDict();
    this.open(dict, offset);
    this.dict = dict;
    this.array = undefined;
  }

  openArray(offset: number): void {
    const array: PlistValue[] = [];
    this.open(array, offset);
    this.array = array;
    this.dict = undefined;
  }

  closeDict(offset: number): void {
    if (this.dict === undefined) throw malformed('A dictionary is closed that is not open', offset);
    if (this.pendingKey !== undefined) throw malformed('A key has no value', offset);
    this.close();
  }

  closeArray(offset: number): void {
    if (this.array === undefined) throw malformed('An array is closed that is not open', offset);
    this.close();
  }

  /** True while some container is still open. */
  isOpen(): boolean {
    return this.parents.length > 0;
  }

  private addMember(dict: PlistDict, value: PlistValue, offset: number): void {
    if (this.pendingKey === undefined) throw malformed('A value in a dictionary has no key', offset);
    dict[this.pendingKey] = value;
    this.pendingKey = undefined;
  }

  private open(container: PlistDict | PlistValue[], offset: number): void {
    this.add(container, offset);
    if (this.parents.length >= this.limits.maxDepth) {
      throw new PlistError(
        'too-deep',
        `More than ${this.limits.maxDepth} containers within each other`,
        offset,
      );
    }
    this.parents.push(container);
  }

  private close(): void {
    this.parents.pop();
    const parent = this.parents.at(-1);
    this.array = Array.isArray(parent) ? parent : undefined;
    this.dict = Array.isArray(parent) ? undefined : parent;
  }
}
