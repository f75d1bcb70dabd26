package qrate.smoketests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What must be said, offered and refused at the doors, before any mail goes through.
final class Doors {
    private static final String STRANGER = "smoke@sender.invalid";

    /// Ends of data that some servers take for CRLF dot CRLF (CVE-2023-51764 and its family).
    private static final List<String> SMUGGLED = List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n.\r", "\r.\r");

    private final Target target;
    private final Target.Login login;
    private final String id;

    /// @param id a word that no other run uses
    Doors(Target target, Target.Login login, String id) {
        this.target = target;
        this.login = login;
        this.id = id;
    }

    void run(Report report) {
        report.check("SMTP greets", this::greets);
        report.check("SMTP offers its extensions", this::offers);
        report.check("SMTP does STARTTLS", this::startsTls);
        report.check("AUTH is refused without TLS", this::refusesPlainAuth);
        report.check("submission is refused without AUTH", this::refusesAnonymousSubmission);
        report.check("relaying is refused", this::refusesRelay);
        report.check("an unknown user is refused at RCPT", this::refusesUnknownUser);
        report.check("a wrong password is refused by SMTP", this::refusesWrongPasswordBySmtp);
        report.check("a wrong password is refused by POP3", this::refusesWrongPasswordByPop3);
        report.check("plaintext behind STARTTLS is dropped", this::dropsInjectedPlaintext);
        for (String end : SMUGGLED) {
            String shown = end.replace("\r", "CR").replace("\n", "LF");
            report.check("smuggling by " + shown + " is refused", () -> refusesSmuggling(end));
        }
        report.check("POP3 offers its capabilities", this::offersPop3);
    }

    private RawClient smtp() throws IOException {
        RawClient wire = RawClient.plain(target, target.ports().smtp());
        wire.expect("220");
        wire.smtp("EHLO smoke.invalid", "250");
        return wire;
    }

    private void greets() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().smtp())) {
            wire.expect("220");
            wire.smtp("NOOP", "250");
            wire.smtp("QUIT", "221");
        }
    }

    private void offers() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().smtp())) {
            wire.expect("220");
            String offers =
                    String.join(" ", wire.smtp("EHLO smoke.invalid", "250")).toUpperCase(Locale.ROOT);
            for (String name : List.of(
                    "PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES", "STARTTLS")) {
                require(offers.contains(name), name + " is not offered");
            }
            require(!offers.contains("AUTH"), "AUTH is offered without TLS");
        }
    }

    private void startsTls() throws IOException {
        try (RawClient wire = smtp()) {
            wire.smtp("STARTTLS", "220");
            wire.startTls();
            String offers = String.join(" ", wire.smtp("EHLO smoke.invalid", "250"));
            require(!offers.contains("STARTTLS"), "STARTTLS is offered twice");
        }
    }

    private void refusesPlainAuth() throws IOException {
        for (int port : List.of(target.ports().smtp(), target.ports().submission())) {
            try (RawClient wire = RawClient.plain(target, port)) {
                wire.expect("220");
                wire.smtp("EHLO smoke.invalid", "250");
                wire.smtp("AUTH PLAIN " + RawClient.plain("smoke-" + id + "@" + login.domain(), "not-a-password"), "5");
            }
        }
    }

    private void refusesAnonymousSubmission() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().submission())) {
            wire.expect("220");
            wire.smtp("EHLO smoke.invalid", "250");
            wire.smtp("MAIL FROM:<" + login.address() + ">", "5");
        }
    }

    private void refusesRelay() throws IOException {
        try (RawClient wire = smtp()) {
            wire.smtp("MAIL FROM:<" + STRANGER + ">", "250");
            for (String recipient : List.of(
                    "smoke-" + id + "@relay.invalid",
                    "smoke-" + id + "%relay.invalid@elsewhere.invalid",
                    "smoke-" + id + "@relay.invalid@elsewhere.invalid")) {
                wire.smtp("RCPT TO:<" + recipient + ">", "5");
            }
        }
    }

    private void refusesUnknownUser() throws IOException {
        try (RawClient wire = smtp()) {
            wire.smtp("MAIL FROM:<" + STRANGER + ">", "250");
            String line = wire.smtp("RCPT TO:<nobody-" + id + "@" + login.domain() + ">", "550")
                    .getLast();
            require(line.contains("5.1.1"), "no 5.1.1 in: " + line);
        }
    }

    private void refusesWrongPasswordBySmtp() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().submission())) {
            wire.expect("220");
            wire.smtp("EHLO smoke.invalid", "250");
            wire.smtp("STARTTLS", "220");
            wire.startTls();
            wire.smtp("EHLO smoke.invalid", "250");
            wire.smtp("AUTH PLAIN " + RawClient.plain(login.address(), "wrong-" + id), "535");
        }
    }

    private void refusesWrongPasswordByPop3() throws IOException {
        try (RawClient wire = RawClient.secured(target, target.ports().pop3s())) {
            wire.line();
            wire.pop3("USER " + login.address(), "+OK");
            wire.pop3("PASS wrong-" + id, "-ERR [AUTH]");
        }
    }

    private void dropsInjectedPlaintext() throws IOException {
        try (RawClient wire = smtp()) {
            wire.send("STARTTLS\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII));
            try {
                wire.expect("220");
            } catch (IOException _) {
                return; // refused at once
            }
            require(wire.closed(), "the connection goes on");
        }
    }

    private void refusesSmuggling(String end) throws IOException {
        try (RawClient wire = smtp()) {
            wire.smtp("MAIL FROM:<" + STRANGER + ">", "250");
            wire.smtp("RCPT TO:<" + login.address() + ">", "250");
            wire.smtp("DATA", "354");
            String hidden = "MAIL FROM:<" + login.address() + ">\r\nRCPT TO:<" + login.address()
                    + ">\r\nDATA\r\nSubject: smuggled\r\n" + Mail.MARK + ": " + id + "\r\n\r\nsmuggled\r\n.\r\n";
            String outer = "Subject: smuggling\r\n" + Mail.MARK + ": " + id + "\r\n\r\nouter";
            wire.send((outer + end + hidden).getBytes(StandardCharsets.US_ASCII));
            wire.expect("5");
            require(wire.closed(), "the connection goes on");
        }
    }

    private void offersPop3() throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().pop3())) {
            wire.line();
            wire.pop3("CAPA", "+OK");
            String offers = new String(wire.pop3Lines(), StandardCharsets.US_ASCII);
            for (String name : List.of("STLS", "TOP", "UIDL", "PIPELINING", "RESP-CODES")) {
                require(offers.contains(name), name + " is not offered");
            }
            require(!offers.contains("USER") && !offers.contains("SASL"), "a password is taken without TLS");
            wire.pop3("USER " + login.address(), "-ERR");
            wire.pop3("STAT", "-ERR");
            wire.pop3("QUIT", "+OK");
        }
    }

    static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
