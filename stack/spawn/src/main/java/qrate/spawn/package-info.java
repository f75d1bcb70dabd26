/// To be written.
package qrate.spawn;
