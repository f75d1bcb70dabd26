/// To be written.
package qrate.remote;
