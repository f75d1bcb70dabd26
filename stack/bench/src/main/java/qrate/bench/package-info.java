/// To be written.
package qrate.bench;
