/// What qmail's programs do with processes and descriptors and the JDK cannot: a child's descriptors 0 to 9, running
/// another program in one's own place, a listening socket whose connections become a child's own; qmail-start and
/// splogger, which are little more than that.
///
/// Receives from: tcpserver, smtpd, qmqp, pop3d, checkpassword, local. Hands to: any program, syslog.
/// Owns: nothing; each child belongs to who started it.
/// Promise: a child gets the descriptors it is given and no other, no signal blocked or ignored, and the environment
/// as it was given. A wait never blocks a virtual thread's carrier.
/// Trust: program names and environments come from the administrator; bytes of clients reach a program only through
/// descriptors and the environment, never through a shell.
///
/// Standards: POSIX.1-2024 (posix_spawn, execve), Linux with glibc 2.34 or newer, sd_listen_fds(3), tcp-environ(5),
/// qmail-queue(8), qmail-start(8), splogger(8), syslog(3), flock(2).
package qrate.posix;
