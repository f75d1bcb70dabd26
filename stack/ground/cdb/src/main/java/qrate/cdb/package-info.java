/// Constant databases: one file, replaced whole, read without locks.
///
/// Receives from: tcprules, the directory (writers). Hands to: tcpserver, the directory's readers.
/// Owns: the file format. Promise: a reader sees one whole database; a damaged one throws IOException, never answers
/// wrong
/// bounds, never reads outside the file.
/// Trust: every offset and length in a file is checked against its size.
///
/// Standards: cdb(5) by D. J. Bernstein: 256 tables of (hash, position), little-endian 32-bit, hash 5381 with h*33 ^ c.
package qrate.cdb;
