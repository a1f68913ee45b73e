import { readDocument, readElement, type Element } from './element.js';
import { Asn1Error } from './errors.js';
import { CONSTRUCTED, TAG } from './tags.js';

/**
 * Reads what an element is made of in the order its type lists it, as the ASN.1 definition reads: `next` for a field that
 * must be there, `optional` for one that may, `end` when the type has no more.
 */
export class Fields {
  private at: number;

  constructor(private readonly parent: Element) {
    if ((parent.tag & CONSTRUCTED) === 0)
      throw new Asn1Error('malformed', 'a single value where a structure should be');
    this.at = parent.bodyStart;
  }

  get more(): boolean {
    return this.at < this.parent.bodyEnd;
  }

  /** The next element, whatever it is. `name` is for the error's message. */
  any(name: string): Element {
    if (!this.more) throw new Asn1Error('malformed', `${name} is missing`);
    const element = readElement(this.parent.source, this.at, this.parent.bodyEnd);
    this.at = element.end;
    return element;
  }

  next(tag: number, name: string): Element {
    const element = this.any(name);
    if (element.tag !== tag) throw new Asn1Error('malformed', `${name} is of another type`);
    return element;
  }

  optional(tag: number): Element | undefined {
    return this.more && this.parent.source[this.at] === tag ? this.any('an optional field') : undefined;
  }

  end(name: string): void {
    if (this.more) throw new Asn1Error('malformed', `${name} has a field too many`);
  }
}

/**
 * The fields of the one SEQUENCE that these bytes are, with nothing after it. `name` is for the error's message.
 * @throws Asn1Error
 */
export function documentFields(bytes: Uint8Array, name: string): Fields {
  const element = readDocument(bytes);
  if (element.tag !== TAG.SEQUENCE) throw new Asn1Error('malformed', `${name} is not a SEQUENCE`);
  return new Fields(element);
}

/**
 * The members of a SET OF or SEQUENCE OF.
 * @throws Asn1Error `too-large` when there are more than `most`.
 */
export function members(parent: Element, most: number, name: string): Element[] {
  const fields = new Fields(parent);
  const found: Element[] = [];
  while (fields.more) {
    if (found.length === most) throw new Asn1Error('too-large', `more than ${most} ${name}`);
    found.push(fields.any(name));
  }
  return found;
}
