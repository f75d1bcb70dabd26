/// To be written.
package qrate.inject;
