package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Postfix that asks Debian's opendkim and opendmarc about each message. They read the domain's records from files and
/// have no network of their own, so that nothing is asked elsewhere; SPF is not checked, which spares them work.
final class AskingPeer implements Server.Holding {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/sbin/opendkim"), Path.of("/usr/sbin/opendmarc"));
    private static final long SOCKET_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

    private final List<Process> milters = new ArrayList<>();
    private final PostfixServer postfix;

    static boolean installed() {
        return PostfixServer.installed() && PROGRAMS.stream().allMatch(Files::isExecutable);
    }

    AskingPeer(Path home, SignedMail mail) throws IOException {
        Files.createDirectories(home);
        Processes.run("chmod", "755", home.toString());
        Path keys = home.resolve("keys");
        Files.writeString(keys, SignedMail.KEY_NAME + " " + mail.key() + "\n");
        Path policies = home.resolve("policies");
        Files.writeString(policies, SignedMail.POLICY_NAME + " " + SignedMail.POLICY + "\n");
        Path nobody = home.resolve("nobody");
        Files.writeString(nobody, "192.0.2.1\n");
        Files.writeString(home.resolve("opendkim.conf"), """
                Mode v
                Syslog no
                Socket local:%1$s/dkim.sock
                UMask 000
                InternalHosts refile:%1$s/nobody
                AuthservID mail.bench.test
                TestDNSData file:%1$s/keys
                """.formatted(home));
        Files.writeString(home.resolve("opendmarc.conf"), """
                Syslog false
                Socket local:%1$s/dmarc.sock
                UMask 000
                IgnoreHosts %1$s/nobody
                AuthservID mail.bench.test
                TrustedAuthservIDs mail.bench.test
                RejectFailures false
                TestDNSData %1$s/policies
                """.formatted(home));
        start(home, "dkim", "opendkim", "-f", "-x");
        start(home, "dmarc", "opendmarc", "-f", "-c");
        String asked = "smtpd_milters = unix:%1$s/dkim.sock, unix:%1$s/dmarc.sock".formatted(home);
        postfix = new PostfixServer(
                home.resolve("postfix"),
                new PostfixServer.Setting("postfix, opendkim, opendmarc", 20, List.of(asked), List.of(), List.of()));
    }

    private void start(Path home, String word, String program, String foreground, String configuration)
            throws IOException {
        milters.add(Processes.start(
                home.resolve(word + ".out"),
                "unshare",
                "--net",
                program,
                foreground,
                configuration,
                home.resolve(program + ".conf").toString()));
        Path socket = home.resolve(word + ".sock");
        for (long start = System.nanoTime(); Files.notExists(socket); ) {
            if (System.nanoTime() - start > SOCKET_NANOS_MAX) {
                throw new IOException(program + " does not listen: " + Files.readString(home.resolve(word + ".out")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        Processes.run("chmod", "666", socket.toString());
    }

    @Override
    public String name() {
        return postfix.name();
    }

    @Override
    public InetSocketAddress smtp() {
        return postfix.smtp();
    }

    @Override
    public InetSocketAddress pop3() {
        return postfix.pop3();
    }

    @Override
    public Path maildir(String local) {
        return postfix.maildir(local);
    }

    @Override
    public double cpuSeconds() throws IOException {
        double all = postfix.cpuSeconds();
        for (Process milter : milters) {
            all += ProcessTree.cpuSeconds(milter.pid());
        }
        return all;
    }

    @Override
    public void hold(boolean held) throws IOException {
        postfix.hold(held);
    }

    @Override
    public void clear() throws IOException {
        postfix.clear();
    }

    @Override
    public void close() throws IOException {
        postfix.close();
        milters.forEach(Processes::stop);
    }
}
