import { z } from 'zod';

export type JsonObject = Record<string, unknown>;
type Direction = 'input' | 'output';

const COMPONENTS = '#/components/schemas/';

/** Turns schemas into JSON Schema (2020-12, which OpenAPI 3.1 uses), and gathers those with a name of their own. */
export class JsonSchemas {
  readonly #named = new Map<string, JsonObject>();

  /** The schema, or a reference to it when it has a name. `input`: what may be sent; `output`: what is answered. */
  of(schema: z.ZodType, io: Direction): JsonObject {
    // Inside something else, for a schema at the top is never a reference.
    const { items, $defs } = z.toJSONSchema(z.array(schema), { io, override: asPublished });
    for (const [name, one] of Object.entries($defs ?? {}))
      this.#named.set(name, referring(one as JsonObject));
    return referring(items as JsonObject);
  }

  /** The schemas by name, in the order of their names. */
  get named(): JsonObject {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** A later server may answer more: who reads an answer must not refuse what is not named. */
function asPublished({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

function referring(schema: JsonObject): JsonObject {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${COMPONENTS}`);
  return JSON.parse(text) as JsonObject;
}
