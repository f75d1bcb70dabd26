/// To be written.
package qrate.tcpserver;
