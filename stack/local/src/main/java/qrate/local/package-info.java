/// To be written.
package qrate.local;
