export { findMariadb, startMariadb, type PrivateMariadb } from '../../simulator/mariadb.js';
