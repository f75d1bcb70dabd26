/// To be written.
package qrate.qcontrol;
