const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop that no other waiter shares, first come first served: however many documents are
 * read at once, each round of the loop does one slice of one of them.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}
