package qrate.smoketests;

import static qrate.smoketests.Doors.require;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/// What a stranger could stop a mail server with, or get in by, at the doors for mail: each in a small dose, which a
/// server in use does not notice.
final class Strangers {
    /// Connections at once: fewer than any door lets one address have.
    static final int CONNECTIONS = 30;

    /// What has no forward secrecy, or can be told from its padding: none of it is spoken.
    private static final List<String> WEAK = List.of("_CBC_", "TLS_RSA_", "_RC4_", "_DHE_", "_anon_", "_NULL_");

    private final Target target;
    private final Target.Login login;

    Strangers(Target target, Target.Login login) {
        this.target = target;
        this.login = login;
    }

    void run(Report report) {
        Target.Ports ports = target.ports();
        report.check("submission takes no mail and no password without TLS", this::submissionWantsTls);
        report.check("POP3 takes no password without TLS", this::pop3WantsTls);
        Map<String, Integer> secured = new TreeMap<>(Map.of("SMTP", ports.smtps(), "POP3", ports.pop3s()));
        secured.forEach((name, port) -> {
            report.check(name + " does no second TLS handshake", () -> refusesSecondHandshake(port));
            report.check(name + " speaks no CBC and no DHE suite", () -> refusesWeakSuites(port));
        });
        Map<String, Integer> open =
                new TreeMap<>(Map.of("SMTP", ports.smtp(), "submission", ports.submission(), "POP3", ports.pop3()));
        open.forEach((name, port) ->
                report.check(name + " answers beside silent connections", () -> answersBesideSilence(port)));
    }

    private void submissionWantsTls() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().submission())) {
            wire.expect("220");
            String offers = String.join(" ", wire.smtp("EHLO smoke.invalid", "250"));
            require(!offers.contains("AUTH"), "AUTH is offered without TLS");
            wire.smtp("AUTH PLAIN " + RawClient.plain(login.address(), "not-the-password"), "5");
            wire.smtp("MAIL FROM:<" + login.address() + ">", "5");
        }
    }

    private void pop3WantsTls() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().pop3())) {
            wire.line();
            for (String command : List.of(
                    "USER " + login.address(),
                    "PASS not-the-password",
                    "AUTH PLAIN " + RawClient.plain(login.address(), "not-the-password"))) {
                wire.pop3(command, "-ERR");
            }
        }
    }

    private void refusesSecondHandshake(int port) throws IOException {
        // any certificate: nothing is said that is worth a look
        try (SSLSocket tls = RawClient.tls(target, port, "TLSv1.2")) {
            tls.startHandshake();
            InputStream in = tls.getInputStream();
            int b = in.read();
            while (b >= 0 && b != '\n') {
                b = in.read();
            }
            require(b == '\n', "no greeting");
            try {
                tls.startHandshake();
                tls.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
                b = in.read();
            } catch (SocketTimeoutException e) {
                throw new IOException("it neither refuses nor ends", e);
            } catch (IOException _) {
                return; // refused
            }
            require(b < 0, "it goes on after a second one");
        }
    }

    private void refusesWeakSuites(int port) throws IOException {
        try (SSLSocket tls = RawClient.tls(target, port, "TLSv1.2")) {
            tls.startHandshake(); // with a good one it is done
        }
        try (SSLSocket tls = RawClient.tls(target, port, "TLSv1.2")) {
            String[] weak = Arrays.stream(tls.getSupportedCipherSuites())
                    .filter(suite -> WEAK.stream().anyMatch(suite::contains))
                    .toArray(String[]::new);
            tls.setEnabledCipherSuites(weak);
            tls.startHandshake();
            throw new IllegalStateException(tls.getSession().getCipherSuite() + " is spoken");
        } catch (SSLException _) {
            // none in common
        }
    }

    /// RFC 5321 §4.5.3.2 lets a client be silent for five minutes: others are served meanwhile.
    private void answersBesideSilence(int port) throws IOException {
        List<RawClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                silent.add(RawClient.plain(target, port));
            }
            try (RawClient wire = RawClient.plain(target, port)) {
                String line = wire.line();
                require(line.startsWith("220") || line.startsWith("+OK"), "it greets with " + line);
            }
        } finally {
            for (RawClient wire : silent) {
                wire.close();
            }
        }
    }
}
