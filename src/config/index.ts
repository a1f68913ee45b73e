export { ConfigError, loadConfig, type Config } from './load.js';
export { OPTIONS } from './options.js';
