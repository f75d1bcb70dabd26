/// To be written.
package qrate.qmqp;
