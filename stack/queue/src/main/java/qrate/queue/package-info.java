/// To be written.
package qrate.queue;
