package qrate.smoketests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Messages that must come out of the mailbox as they went in, byte for byte.
final class Letters {
    private static final int LINE_CHARS = 990;

    private final Target target;
    private final Target.Login login;
    private final String id;
    private final Box box;

    Letters(Target target, Target.Login login, String id) {
        this.target = target;
        this.login = login;
        this.id = id;
        this.box = new Box(target, login);
    }

    void run(Report report) {
        report.check("the mailbox opens by POP3S", box::visit);
        report.check("a submitted message arrives byte for byte", () -> {
            byte[] message = letter(
                    "plain",
                    "Subject: smoke\r\n",
                    lines("", ".", "..", ".dot", "trailing blanks  ", "\ttab", "x".repeat(LINE_CHARS), ""));
            submit(message, "");
            same(message, "plain");
        });
        report.check("8-bit text and UTF-8 headers arrive byte for byte", () -> {
            byte[] message = letter(
                    "utf8",
                    lines(
                            "Subject: Gr\u00fc\u00dfe \u4f60\u597d",
                            "MIME-Version: 1.0",
                            "Content-Type: text/plain; charset=utf-8",
                            "Content-Transfer-Encoding: 8bit"),
                    "\u00e4\u00f6\u00fc \u20ac \ud83d\udcec\r\n");
            submit(message, " BODY=8BITMIME SMTPUTF8");
            same(message, "utf8");
        });
        report.check("a message sent in chunks arrives byte for byte", () -> {
            byte[] message = letter("bdat", "Subject: chunks\r\n", ".\r\nno dots are stuffed here\r\n");
            chunks(message);
            same(message, "bdat");
        });
        report.check("mail from outside arrives", () -> {
            byte[] message = letter("outside", "Subject: from outside\r\n", "hello\r\n");
            fromOutside(message);
            same(message, "outside");
        });
        report.check("another's address is refused as sender", this::refusesForgery);
        report.check("unique ids stay the same", this::keepsIds);
    }

    /// Deletes the run's messages, and shows that they are gone and nothing was smuggled in.
    void clean(Report report) {
        report.check("own messages are deleted", () -> {
            box.delete(Mail.MARK + ": " + id);
            Doors.require(box.count(Mail.MARK + ": " + id) == 0, "some are still there");
        });
    }

    private byte[] letter(String which, String headers, String body) {
        return Mail.raw(
                login,
                headers + Mail.MARK + ": " + id + "\r\n" + Mail.MARK + "-Which: " + which + "-" + id + "\r\n",
                body);
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private void submit(byte[] message, String parameters) throws IOException {
        try (RawClient wire = RawClient.submission(target, login)) {
            wire.smtp("MAIL FROM:<" + login.address() + ">" + parameters, "250");
            wire.smtp("RCPT TO:<" + login.address() + ">", "250");
            wire.smtp("DATA", "354");
            wire.send(stuffed(message));
            wire.expect("250");
            wire.smtp("QUIT", "221");
        }
    }

    private void chunks(byte[] message) throws IOException {
        try (RawClient wire = RawClient.submission(target, login)) {
            wire.smtp("MAIL FROM:<" + login.address() + ">", "250");
            wire.smtp("RCPT TO:<" + login.address() + ">", "250");
            int half = message.length / 2;
            for (List<Integer> part : List.of(List.of(0, half), List.of(half, message.length))) {
                int from = part.get(0);
                int to = part.get(1);
                String last = to == message.length ? " LAST" : "";
                wire.send(("BDAT " + (to - from) + last + "\r\n").getBytes(StandardCharsets.US_ASCII));
                wire.send(Arrays.copyOfRange(message, from, to));
                wire.expect("250");
            }
            wire.smtp("QUIT", "221");
        }
    }

    private void fromOutside(byte[] message) throws IOException {
        try (RawClient wire = RawClient.plain(target, target.ports().smtp())) {
            wire.expect("220");
            wire.smtp("EHLO smoke.invalid", "250");
            wire.smtp("MAIL FROM:<>", "250");
            wire.smtp("RCPT TO:<" + login.address() + ">", "250");
            wire.smtp("DATA", "354");
            wire.send(stuffed(message));
            wire.expect("250");
            wire.smtp("QUIT", "221");
        }
    }

    private void same(byte[] sent, String which) throws IOException {
        byte[] got = box.arrived(Mail.MARK + "-Which: " + which + "-" + id);
        // trace lines stand in front (Return-Path, Delivered-To, Received)
        boolean ends = got.length >= sent.length
                && Arrays.equals(sent, Arrays.copyOfRange(got, got.length - sent.length, got.length));
        Doors.require(ends, "what came back differs: " + sent.length + " bytes sent, " + got.length + " received");
    }

    private void refusesForgery() throws IOException {
        try (RawClient wire = RawClient.submission(target, login)) {
            wire.smtp("MAIL FROM:<smoke-" + id + "@forged.invalid>", "5");
        }
    }

    private void keepsIds() throws IOException {
        String line = Mail.MARK + "-Which: plain-" + id;
        String first = box.uid(line).orElseThrow(() -> new IOException("the message is not there"));
        String second = box.uid(line).orElseThrow(() -> new IOException("the message is gone"));
        Doors.require(first.equals(second), first + " became " + second);
    }

    /// The message with dots stuffed and the final dot (RFC 5321 §4.5.2).
    private static byte[] stuffed(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + 64);
        boolean start = true;
        for (byte b : message) {
            if (start && b == '.') {
                out.write('.');
            }
            out.write(b);
            start = b == '\n';
        }
        out.writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
