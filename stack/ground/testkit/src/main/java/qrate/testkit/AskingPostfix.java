package qrate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/// A Postfix of the test's own, from the distribution's package, on a loopback port, that asks a milter about all mail
/// and delivers it into Maildirs `mail/USER` of its folder. Its master wants to be started by root.
public final class AskingPostfix implements AutoCloseable {
    private static final List<String> FOLDERS = List.of(
            "active",
            "bounce",
            "corrupt",
            "defer",
            "deferred",
            "flush",
            "hold",
            "incoming",
            "maildrop",
            "private",
            "public",
            "saved",
            "trace");
    private static final int STOP_SECONDS_MAX = 20;

    private final int port;
    private final Process master;

    /// @param home a folder for all that it writes
    /// @param milter as Postfix names it: `inet:127.0.0.1:PORT`
    /// @param users who have mailboxes at here.test
    public AskingPostfix(Path home, String milter, String... users) throws IOException, InterruptedException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        run("chmod", "755", home.toString());
        for (String folder : FOLDERS) {
            run(
                    "install",
                    "-d",
                    "-o",
                    "postfix",
                    home.resolve("queue/" + folder).toString());
        }
        run("install", "-d", "-o", "root", home.resolve("queue/pid").toString());
        run("install", "-d", "-o", "postfix", home.resolve("data").toString());
        run("install", "-d", "-o", "nobody", home.resolve("mail").toString());
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(
                home.resolve("conf/boxes"),
                Arrays.stream(users)
                        .map(user -> user + "@here.test " + user + "/\n")
                        .collect(Collectors.joining()));
        Files.writeString(home.resolve("conf/master.cf"), """
                127.0.0.1:%d inet n - n - 10 smtpd
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                proxymap unix - - n - - proxymap
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                virtual unix - n n - - virtual
                anvil unix - - n - 1 anvil
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port));
        Files.writeString(home.resolve("conf/main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log
                maillog_file_prefixes = /
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mx.here.test
                mydestination =
                mynetworks = 127.0.0.0/8
                smtpd_peername_lookup = no
                smtp_dns_support_level = disabled
                alias_maps =
                alias_database =
                local_recipient_maps =
                virtual_mailbox_domains = here.test
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = texthash:%1$s/conf/boxes
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 100
                smtpd_recipient_restrictions = permit_mynetworks, reject
                smtpd_milters = %2$s
                milter_default_action = tempfail
                """.formatted(home, milter));
        master = new ProcessBuilder(
                        "/usr/lib/postfix/sbin/master",
                        "-c",
                        home.resolve("conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile())
                .start();
        Awaitility.await().until(this::listens);
    }

    private boolean listens() {
        try (Socket _ = connect()) {
            return true;
        } catch (IOException _) {
            return false; // not yet
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /// A connection to its SMTP.
    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() throws IOException {
        master.destroy();
        try {
            if (!master.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("Postfix does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
