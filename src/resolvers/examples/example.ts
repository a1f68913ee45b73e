/** An operation that shows how one task is done: a tab of the explorer, and a file of `docs/examples`. */
export interface Example {
  /** In kebab case: the file's name. */
  readonly name: string;
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}
