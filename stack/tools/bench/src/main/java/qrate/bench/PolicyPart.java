package qrate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import qrate.testkit.DnsServer;

/// What it costs to look at each message with SPF, DKIM and DMARC: Qrate with its gate and without, Postfix without
/// any policy, and with opendkim and opendmarc. The gate asks a DNS server of this run, once: then it remembers.
final class PolicyPart {
    private static final String PASSED = "dmarc=pass";
    private static final int HOUR_SECONDS = 3600;

    private final Run run;

    private PolicyPart(Run run) {
        this.run = run;
    }

    static void run(Run run) throws IOException {
        if (run.shape() == Run.Shape.COMPOSE) {
            run.out().println("policy: in one process only (--shape embedded or both)");
            return;
        }
        new PolicyPart(run).accepting();
    }

    private void accepting() throws IOException {
        SmtpLoad load = run.load(1, Run.BODY_BYTES);
        SignedMail mail = SignedMail.of(load);
        try (DnsServer dns = DnsServer.start();
                Servers servers = new Servers(run, "policy")) {
            dns.ttl(HOUR_SECONDS).putText(SignedMail.KEY_NAME, mail.key());
            dns.putText(SignedMail.POLICY_NAME, SignedMail.POLICY).putText(SignedMail.DOMAIN, SignedMail.SPF);
            List<Server.Holding> checking = new ArrayList<>();
            Path root = run.root();
            Map<String, String> gate =
                    Map.of("QRATE_DNS", dns.hostAndPort(), "QRATE_GATE", "inet:" + Processes.freePort() + "@127.0.0.1");
            checking.add(servers.add(
                    new QrateServer(root.resolve("policy-gate"), run.jvm(), Server.first(), "qrate, SPF DKIM DMARC", gate)));
            if (AskingPeer.installed()) {
                checking.add(servers.add(new AskingPeer(root.resolve("policy-peer"), mail)));
            } else {
                run.out().println("opendkim and opendmarc are not installed: Qrate is measured without them");
            }
            for (Server.Holding server : checking) {
                check(server, load, mail);
            }
            List<Server.Holding> all = new ArrayList<>(checking);
            all.add(1, servers.add(new QrateServer(root.resolve("policy-none"), run.jvm(), Server.first())));
            servers.postfix(PostfixServer.Setting.USUAL).ifPresent(all::add);
            for (Server.Holding server : all) {
                server.hold(true);
            }
            List<String> recipients = recipients();
            for (Server.Holding server : all) {
                if (server instanceof Server.Ours) {
                    run.warmUp(server, () -> load.run(server.smtp(), run.messages(), recipients, mail.text()));
                }
            }
            run.rounds().accept(all, load, run.messages(), mail.text());
            run.rounds().accept(all, run.load(20, Run.BODY_BYTES), run.messages(), mail.text());
        }
    }

    private static List<String> recipients() {
        return Server.first().stream().map(local -> local + "@" + Server.DOMAIN).toList();
    }

    /// One message must have passed all of it: what is not done costs nothing.
    private void check(Server server, SmtpLoad load, SignedMail mail) throws IOException {
        String first = recipients().getFirst();
        new SmtpLoad(1, 1, load.bodyBytes(), false).run(server.smtp(), 1, List.of(first), mail.text());
        Rounds.awaitDelivered(server, 1);
        try (Stream<Path> files = Files.list(server.maildir(0).resolve("new"))) {
            for (Path file : files.toList()) {
                if (!Files.readString(file).contains(PASSED)) {
                    throw new IOException(server.name() + " does not find " + PASSED + ":\n" + Files.readString(file));
                }
            }
        }
        server.clear();
    }
}
