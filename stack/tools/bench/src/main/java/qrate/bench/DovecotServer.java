package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// Debian's Dovecot serving POP3 from Maildirs, plain text on loopback.
final class DovecotServer implements Server {
    private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");

    private final Path home;
    private final int port = Processes.freePort();
    private final Process process;
    private final Passwords passwords;

    /// What it compares a password with.
    enum Passwords {
        /// One for all: what reading costs, without what signing in does.
        IN_CLEAR,
        /// A bcrypt hash each, at the cost that ours have; each sign-in computes it, as is its default.
        HASHED,
        /// The same with auth_cache_size.
        HASHED_AND_CACHED
    }

    static boolean installed() {
        return Files.isExecutable(PROGRAM) && Files.exists(Path.of("/usr/lib/dovecot/pop3"));
    }

    DovecotServer(Path home, Passwords passwords) throws IOException {
        this.home = home;
        this.passwords = passwords;
        Files.createDirectories(home.resolve("mail"));
        Processes.run("chmod", "755", home.toString());
        Processes.run("chown", "nobody", home.resolve("mail").toString());
        Path config = home.resolve("dovecot.conf");
        Files.writeString(config, """
                protocols = pop3
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                mail_location = maildir:%1$s/mail/%%n
                first_valid_uid = 100
                passdb {
                  %3$s
                }
                auth_cache_size = %4$s
                userdb {
                  driver = static
                  args = uid=65534 gid=65534 home=%1$s/mail/%%n
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %2$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                service anvil {
                  chroot =
                }
                service pop3-login {
                  chroot =
                }
                """.formatted(
                home,
                port,
                passwords == Passwords.IN_CLEAR
                        ? "driver = static\n  args = password=" + PASSWORD
                        : "driver = passwd-file\n  args = scheme=BLF-CRYPT username_format=%n " + home + "/passwords",
                passwords == Passwords.HASHED_AND_CACHED ? "10M" : "0"));
        Files.write(
                home.resolve("passwords"),
                IntStream.range(0, MAILBOXES)
                        .mapToObj(i -> "u" + i + ":" + HASH.replace("$2b$", "$2y$"))
                        .toList());
        process = Processes.start(home.resolve("out"), PROGRAM.toString(), "-F", "-c", config.toString());
        Processes.awaitPort(port);
    }

    @Override
    public String name() {
        return switch (passwords) {
            case IN_CLEAR -> "dovecot";
            case HASHED -> "dovecot, bcrypt";
            case HASHED_AND_CACHED -> "dovecot, bcrypt, cache";
        };
    }

    @Override
    public InetSocketAddress smtp() {
        throw new IllegalStateException("Dovecot has no SMTP here");
    }

    @Override
    public InetSocketAddress pop3() {
        return Processes.here(port);
    }

    @Override
    public Path maildir(String local) {
        return home.resolve("mail/" + local);
    }

    @Override
    public double cpuSeconds() throws IOException {
        return ProcessTree.cpuSeconds(process.pid());
    }

    @Override
    public void clear() throws IOException {
        Processes.clearMaildirs(this);
    }

    @Override
    public void close() throws IOException {
        Processes.stop(process);
        Processes.run("rm", "-rf", home.toString());
    }
}
