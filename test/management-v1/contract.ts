import { createRequire } from 'node:module';
import type { Json } from '../support/server.js';

type Validate = ((value: unknown) => boolean) & { errors?: unknown };
interface Ajv {
  addSchema(schema: object, key: string): void;
  getSchema(reference: string): Validate | undefined;
}

/** JSON Schema by another library than the one the document was made with: the one its own validator uses. */
const require = createRequire(createRequire(import.meta.url).resolve('@seriousme/openapi-schema-validator'));
const Ajv2020 = (require('ajv/dist/2020.js') as { default: new (o: object) => Ajv }).default;
const addFormats = (require('ajv-formats') as { default: (ajv: Ajv) => void }).default;

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
}

interface Entry {
  readonly pattern: RegExp;
  readonly template: string;
}

/** What openapi.json promises, to hold answers against. */
export class Contract {
  readonly #ajv: Ajv;
  readonly #entries: readonly Entry[];

  constructor(readonly document: Json) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.#ajv);
    this.#ajv.addSchema(closed(document) as object, 'document');
    this.#entries = Object.keys(document.paths as object)
      // `/devices/fetch` before `/devices/{uuid}`.
      .sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
      .map((template) => ({
        template,
        pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]*')}$`),
      }));
  }

  /**
   * What an answer has that the document does not promise: its status, or its body. Undefined when all is well.
   * @param path with the prefix, without the query
   */
  fault(method: string, path: string, answer: Answered): string | undefined {
    // An address of more than 16 kB is refused by the listener, before there is a door.
    if (answer.status === 431) return undefined;
    const template = this.#entries.find(({ pattern }) => pattern.test(path))?.template;
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    if (template === undefined || this.document.paths[template][verb] === undefined)
      return this.#faultOutside(answer);
    const place = ['paths', template, verb, 'responses', String(answer.status)];
    const declared = this.document.paths[template][verb].responses[answer.status] as Json;
    if (declared === undefined) return `${answer.status} is not declared`;
    if (method === 'HEAD') return answer.text === '' ? undefined : 'HEAD with a body';
    const own = typeof declared.$ref === 'string' ? (declared.$ref as string).slice(2).split('/') : place;
    const content = typeof declared.$ref === 'string' ? this.#at(own).content : declared.content;
    if (content === undefined) return answer.text === '' ? undefined : 'a body where none is declared';
    return this.schemaFault([...own, 'content', 'application/json', 'schema'], answer.json);
  }

  /** What a value has against the schema at a place in the document. */
  schemaFault(place: readonly string[], value: unknown): string | undefined {
    const pointer = place
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = this.#ajv.getSchema(`document#/${pointer}`);
    if (validate === undefined) throw new Error(`There is no schema at ${pointer}`);
    return validate(value) ? undefined : JSON.stringify(validate.errors).slice(0, 1_000);
  }

  /** An address or a method that is none of the document's: a failure is one all the same. */
  #faultOutside({ status, json }: Answered): string | undefined {
    return status < 400 || json === undefined
      ? undefined
      : this.schemaFault(['components', 'schemas', 'Failure'], json);
  }

  #at(place: readonly string[]): Json {
    return place.reduce((value: Json, part) => value[part], this.document);
  }
}

/** The same, where nothing may be answered that is not named: what is published lets later servers answer more. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const object = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  const open = 'properties' in object && object['type'] === 'object' && !('additionalProperties' in object);
  return open ? { ...object, additionalProperties: false } : object;
}
