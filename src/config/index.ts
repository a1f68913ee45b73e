export { ConfigError, loadConfig, type Config } from './load.js';
export { isLoopback } from './listening.js';
export { OPTIONS } from './options.js';
