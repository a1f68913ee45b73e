import { PomonaError } from '../../errors.js';
import { fieldName } from '../errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * One JSON object of a request, read field by field. Unknown fields are ignored; null is as good as absent. Throws
 * BAD_USER_INPUT that names the field, for example `profiles[2].profile_uuid`.
 */
export class Fields {
  private constructor(
    private readonly object: Readonly<Record<string, unknown>>,
    private readonly path: readonly string[],
  ) {}

  static of(body: unknown): Fields {
    if (body === undefined)
      throw new PomonaError('BAD_USER_INPUT', 'The request needs a JSON object as its body.');
    if (!isObject(body)) {
      throw new PomonaError(
        'BAD_USER_INPUT',
        `The request body must be a JSON object; this is ${kindOf(body)}.`,
      );
    }
    return new Fields(body, []);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object, name);
  }

  /** A text, by any of its names; those that are given must not differ. The empty text is as good as absent. */
  text(...names: readonly [string, ...string[]]): string | undefined {
    const given = names.map((name) => this.#one(name)).filter((value) => value !== undefined);
    if (new Set(given).size <= 1) return given[0];
    throw this.#refused(
      names[0],
      `${names.join(' and ')} are two names of one field, and differ here. Send one of them`,
    );
  }

  requiredText(...names: readonly [string, ...string[]]): string {
    const value = this.text(...names);
    if (value === undefined) throw this.#refused(names[0], `${this.#name(names[0])} is missing`);
    return value;
  }

  /** A UUID in lower case, as ids are kept. */
  uuid(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (UUID.test(value)) return value.toLowerCase();
    throw this.#refused(name, `${this.#name(name)} must be a UUID; this is “${value.slice(0, 80)}”`);
  }

  requiredUuid(name: string): string {
    return this.uuid(name) ?? this.requiredText(name);
  }

  wholeNumber(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
    throw this.#refused(name, `${this.#name(name)} must be a whole number; this is ${kindOf(value)}`);
  }

  /** A list of objects. */
  list(name: string): Fields[] | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      throw this.#refused(name, `${this.#name(name)} must be a list of objects; this is ${kindOf(value)}`);
    }
    return value.map((entry: unknown, index) => {
      const path = [...this.path, name, String(index)];
      if (isObject(entry)) return new Fields(entry, path);
      throw refused(path, `${fieldName(path)} must be an object; this is ${kindOf(entry)}`);
    });
  }

  /** A failure that is about this object as a whole. */
  refusal(sentence: string): PomonaError {
    return refused(this.path, `${fieldName(this.path)} ${sentence}`);
  }

  #one(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') {
      throw this.#refused(name, `${this.#name(name)} must be a text; this is ${kindOf(value)}`);
    }
    // Half of a surrogate pair cannot be kept: two such texts would become one.
    if (!value.isWellFormed()) throw this.#refused(name, `${this.#name(name)} is not well-formed Unicode`);
    return value;
  }

  #value(name: string): unknown {
    return (this.has(name) ? this.object[name] : undefined) ?? undefined;
  }

  #name(name: string): string {
    return fieldName([...this.path, name]);
  }

  #refused(name: string, sentence: string): PomonaError {
    return refused([...this.path, name], sentence);
  }
}

/** A UUID of the path, in lower case. Throws BAD_USER_INPUT that says what it is the id of. */
export function uuidIn(params: Readonly<Record<string, string>>, what: string): string {
  const value = params['uuid'] ?? '';
  if (UUID.test(value)) return value.toLowerCase();
  const sentence = `“${value.slice(0, 80)}” is not a UUID. The address takes the server's own uuid of the ${what}, which the list shows`;
  throw refused(['uuid'], sentence);
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

function refused(path: readonly string[], sentence: string): PomonaError {
  return new PomonaError('BAD_USER_INPUT', `${sentence}.`, { path });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
