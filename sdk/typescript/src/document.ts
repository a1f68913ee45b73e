import { printDocument, type Tree } from './print.ts';

/** Carries the types of an operation, as TypedDocumentNode does. It is never there when the program runs. */
export interface Typed<Data, Variables> {
  __apiType?: (variables: Variables) => Data;
}

/** The text of an operation, with its types. */
export type TypedText<Data, Variables> = string & Typed<Data, Variables>;

/**
 * An operation with its types: a constant of `@pomona/client/operations`, or what graphql-codegen (`documentMode` either
 * way) or gql.tada made of your own.
 */
export type TypedDocument<Data, Variables> = Typed<Data, Variables>;

/** An operation without types: its text, or its syntax tree. */
export type PlainDocument = string | Tree;

/** Anything that can be sent. */
export type Operation = PlainDocument | TypedDocument<unknown, never>;

/** What an operation is answered: `unknown`, unless the document has types. */
export type DataOf<D> = '__apiType' extends keyof D
  ? D extends Typed<infer Data, infer _Variables>
    ? Data
    : never
  : unknown;

/** The variables of an operation, as an argument that may be left out when none is required. */
export type VariablesOf<D> = '__apiType' extends keyof D
  ? D extends Typed<infer _Data, infer Variables>
    ? Optional<Variables>
    : never
  : [variables?: Readonly<Record<string, unknown>>];

/** An argument for an object; it may be left out when all its members may. */
export type Optional<Members> =
  Record<string, never> extends Members ? [variables?: Members] : [variables: Members];

/** Gives the text of an operation its types. The generated operations are made with it. */
export function typed<Data, Variables>(text: string): TypedText<Data, Variables> {
  return text;
}

/** The text that is sent for a document. @throws TypeError for what is none. */
export function textOf(document: unknown): string {
  if (typeof document === 'string') return document;
  // graphql-codegen's documentMode "string" makes a String object.
  if (Object.prototype.toString.call(document) === '[object String]') return String(document);
  if (isTree(document)) return printDocument(document);
  throw new TypeError(
    'An operation is the text of a GraphQL document, or what graphql-codegen or gql.tada made of it.',
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Document';
}
