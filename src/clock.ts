/** Milliseconds since 1970, UTC. Injected, so that tests can move time; `Date.now` in the product. */
export type Clock = () => number;
