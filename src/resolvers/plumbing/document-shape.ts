import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** What can be said of a validated document without its schema and variables. */
export interface DocumentShape {
  readonly aliases: number;
  readonly directives: number;
  /** Deepest nesting of fields that have selections, through fragments; introspection fields not counted. */
  readonly depth: number;
  /** The most fields that one mutation in it runs. */
  readonly mutations: number;
  /** Whether it asks what the schema is (`__schema`, `__type`; `__typename` is nothing of the kind). */
  readonly introspects: boolean;
}

/** Measures in time linear in the document: a fragment is measured once, however often it is spread. */
export function shapeOf(document: DocumentNode): DocumentShape {
  let [aliases, directives] = [0, 0];
  let introspects = false;
  visit(document, {
    Field: ({ alias, name }) => {
      aliases += alias ? 1 : 0;
      introspects ||= name.value === '__schema' || name.value === '__type';
    },
    Directive: () => void (directives += 1),
  });
  const fragments = new Fragments(document);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return {
    aliases,
    directives,
    introspects,
    depth: Math.max(0, ...operations.map((operation) => fragments.depth(operation.selectionSet))),
    mutations: Math.max(
      0,
      ...operations.filter(isMutation).map((operation) => fragments.width(operation.selectionSet)),
    ),
  };
}

function isMutation(operation: OperationDefinitionNode): boolean {
  return operation.operation === 'mutation';
}

class Fragments {
  readonly #byName = new Map<string, FragmentDefinitionNode>();
  readonly #depths = new Map<string, number>();
  readonly #widths = new Map<string, number>();

  constructor(document: DocumentNode) {
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#byName.set(node.name.value, node);
    }
  }

  depth(selectionSet: SelectionSetNode): number {
    let deepest = 0;
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        deepest = Math.max(
          deepest,
          this.#once(this.#depths, node.name.value, (inner) => this.depth(inner)),
        );
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        deepest = Math.max(deepest, this.depth(node.selectionSet));
      } else if (node.selectionSet && !node.name.value.startsWith('__')) {
        deepest = Math.max(deepest, 1 + this.depth(node.selectionSet));
      }
    }
    return deepest;
  }

  width(selectionSet: SelectionSetNode): number {
    let fields = 0;
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        fields += this.#once(this.#widths, node.name.value, (inner) => this.width(inner));
      } else {
        fields += node.kind === Kind.INLINE_FRAGMENT ? this.width(node.selectionSet) : 1;
      }
    }
    return fields;
  }

  #once(known: Map<string, number>, name: string, measure: (inner: SelectionSetNode) => number): number {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, 0);
    const fragment = this.#byName.get(name);
    const measured = fragment ? measure(fragment.selectionSet) : 0;
    known.set(name, measured);
    return measured;
  }
}
