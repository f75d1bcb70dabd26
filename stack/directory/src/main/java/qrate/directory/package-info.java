/// To be written.
package qrate.directory;
