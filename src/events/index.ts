export { EventType, type NewEvent, type PomonaEvent } from './event.js';
export { EventFeed, type EventFilter } from './feed.js';
export { Outbox } from './outbox.js';
export { EventPump, type EventListener } from './pump.js';
