export { Listeners } from './listeners.js';
export { openTls, Tls } from './tls.js';
