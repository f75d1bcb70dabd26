/// To be written.
package qrate.send;
