package qrate.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Debian's Postfix with its default durability, its files in a temporary folder, delivering to Maildirs by virtual(8).
final class PostfixServer implements Server.Holding {
    private static final Path MASTER = Path.of("/usr/lib/postfix/sbin/master");

    private static final List<String> FOLDERS = List.of(
            "data",
            "mail",
            "queue/active",
            "queue/bounce",
            "queue/corrupt",
            "queue/defer",
            "queue/deferred",
            "queue/flush",
            "queue/hold",
            "queue/incoming",
            "queue/maildrop",
            "queue/pid",
            "queue/private",
            "queue/public",
            "queue/saved",
            "queue/trace");

    private final Path home;
    private final int port = Processes.freePort();
    private final Setting setting;
    private Process master;

    /// How it is set up.
    ///
    /// @param name what the tables call it
    /// @param sending deliveries to other hosts at once, to one or to all
    /// @param main lines of main.cf beside those that every one has
    /// @param transport lines of a transport(5) table
    /// @param more mailboxes beside those that every server has
    record Setting(String name, int sending, List<String> main, List<String> transport, List<String> more) {
        /// As it comes: it slows clients down while its queue grows (in_flow_delay, 1 s).
        static final Setting USUAL = new Setting("postfix", 20, List.of(), List.of(), List.of());

        static final Setting WITHOUT_DELAY =
                new Setting("postfix, in_flow_delay=0", 20, List.of("in_flow_delay = 0"), List.of(), List.of());

        /// One that sends to other hosts.
        static Setting sending(int atOnce, List<String> transport) {
            return new Setting("postfix", atOnce, List.of(), transport, List.of());
        }

        /// One with more mailboxes.
        static Setting with(List<String> mailboxes) {
            return new Setting("postfix", 20, List.of(), List.of(), mailboxes);
        }
    }

    static boolean installed() {
        return Files.isExecutable(MASTER);
    }

    PostfixServer(Path home, Setting setting) throws IOException {
        this.home = home;
        this.setting = setting;
        Files.createDirectories(home.resolve("conf"));
        // what postfix-script makes before it starts master: the folders of postfix-files(5)
        for (String folder : FOLDERS) {
            Path path = Files.createDirectories(home.resolve(folder));
            Processes.run("chown", folder.equals("mail") ? "nobody" : "postfix", path.toString());
        }
        Processes.run("chown", "root", home.resolve("queue/pid").toString());
        Processes.run("chmod", "755", home.toString());
        // virtual(8) takes no substituted text: a line each
        StringBuilder mailboxes = new StringBuilder();
        for (int i = 0; i < MAILBOXES; i++) {
            mailboxes.append(login(i)).append(" u").append(i).append("/\n");
        }
        for (String local :
                Stream.concat(Server.many().stream(), setting.more.stream()).toList()) {
            mailboxes.append(local + "@" + DOMAIN + " " + local + "/\n");
        }
        Files.writeString(home.resolve("conf/mailboxes"), mailboxes);
        Files.write(home.resolve("conf/transport"), setting.transport);
        Files.writeString(home.resolve("conf/master.cf"), """
                127.0.0.1:%d inet n - n - 100 smtpd
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                verify unix - - n - 1 verify
                flush unix n - n 1000? 0 flush
                proxymap unix - - n - - proxymap
                showq unix n - n - - showq
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                virtual unix - n n - - virtual
                smtp unix - - n - %d smtp
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port, setting.sending));
        start(false);
    }

    /// Starts master in the foreground, so that all of Postfix stands below one process that TERM ends.
    private void start(boolean held) throws IOException {
        writeMain(held);
        master = Processes.start(
                home.resolve("out"),
                MASTER.toString(),
                "-c",
                home.resolve("conf").toString());
        Processes.awaitPort(port);
    }

    private void writeMain(boolean held) throws IOException {
        Files.writeString(home.resolve("conf/main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log
                maillog_file_prefixes = /
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mail.bench.test
                mydestination =
                mynetworks = 127.0.0.0/8
                smtpd_peername_lookup = no
                smtp_dns_support_level = disabled
                smtp_destination_concurrency_limit = %5$d
                transport_maps = texthash:%1$s/conf/transport
                alias_maps =
                alias_database =
                local_recipient_maps =
                virtual_mailbox_domains = %2$s
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = texthash:%1$s/conf/mailboxes
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 100
                smtpd_client_connection_count_limit = 0
                smtpd_recipient_restrictions = permit_mynetworks, reject
                %3$s
                %4$s
                """.formatted(
                        home,
                        DOMAIN,
                        String.join("\n", setting.main),
                        held ? "smtpd_client_restrictions = check_client_access static:HOLD" : "",
                        setting.sending));
    }

    @Override
    public String name() {
        return setting.name;
    }

    @Override
    public InetSocketAddress smtp() {
        return Processes.here(port);
    }

    @Override
    public InetSocketAddress pop3() {
        throw new IllegalStateException("Postfix has no POP3");
    }

    @Override
    public Path maildir(String local) {
        return home.resolve("mail/" + local);
    }

    @Override
    public double cpuSeconds() throws IOException {
        return ProcessTree.cpuSeconds(master.pid());
    }

    /// What was held goes aside, not away, as in {@link Processes#clearMaildirs}.
    @Override
    public void hold(boolean held) throws IOException {
        Processes.stop(master);
        if (!held) {
            Path queue = home.resolve("queue/hold");
            Path aside = home.resolve("held");
            Processes.run("mv", queue.toString(), aside.toString());
            Processes.run("mkdir", queue.toString());
            Processes.run("chown", "--reference=" + aside, queue.toString());
            Processes.run("chmod", "--reference=" + aside, queue.toString());
        }
        start(held);
    }

    /// Messages held in the queue stay there, as Qrate's do: a file each that nobody looks at again.
    @Override
    public void clear() throws IOException {
        Processes.clearMaildirs(this);
    }

    @Override
    public void close() throws IOException {
        Processes.stop(master);
        Processes.run("rm", "-rf", home.toString());
    }
}
