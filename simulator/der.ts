/** The server's own DER writer: what the simulator makes with it, OpenSSL and others check in the tests. */
export * from '../src/apple/asn1/write.js';
