package qrate.smoketests;

import jakarta.activation.DataHandler;
import jakarta.mail.Authenticator;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;

/// Round trips as a usual client makes them, by Jakarta Mail.
final class Mail {
    /// Header that marks the messages of a run.
    static final String MARK = "X-Qrate-Smoke";

    private static final String DATE = "Thu, 1 Jan 2026 00:00:00 +0000";
    private static final int ATTACHMENT_BYTES = 300_000;
    private static final String SUBJECT = "Gr\u00fc\u00dfe \u2013 \u4f60\u597d \ud83d\udcec";
    private static final String TEXT = "Z\u00e4hl bis drei:\n.\n..\neins, zwei, drei\n";

    private final Target target;
    private final Target.Login login;
    private final String id;

    Mail(Target target, Target.Login login, String id) {
        this.target = target;
        this.login = login;
        this.id = id;
    }

    void run(Report report) {
        report.check("an attachment makes the round trip: submission with STARTTLS, POP3 with STLS", () -> {
            byte[] content = new byte[ATTACHMENT_BYTES];
            new Random(id.hashCode()).nextBytes(content);
            send(submission(), "attachment", content);
            receive(pop3Stls(), "attachment", content);
        });
        report.check("a mail makes the round trip: SMTPS, POP3S", () -> {
            send(smtps(), "smtps", new byte[] {0, 1, 2, '\n', '.', '\n'});
            receive(pop3s(), "smtps", new byte[] {0, 1, 2, '\n', '.', '\n'});
        });
    }

    private Session session(String protocol, int port) {
        Properties p = new Properties();
        String prefix = "mail." + protocol + ".";
        p.setProperty(prefix + "host", target.host());
        p.setProperty(prefix + "port", Integer.toString(port));
        p.setProperty(prefix + "auth", "true");
        p.setProperty(prefix + "timeout", Integer.toString(RawClient.ANSWER_MILLIS_MAX));
        p.setProperty(prefix + "connectiontimeout", Integer.toString(RawClient.ANSWER_MILLIS_MAX));
        p.setProperty(prefix + "allow8bitmime", "true");
        p.setProperty(prefix + "ssl.checkserveridentity", Boolean.toString(!target.insecure()));
        if (target.insecure()) {
            p.setProperty(prefix + "ssl.trust", "*");
        }
        p.setProperty("mail.store.protocol", protocol);
        p.setProperty("mail.transport.protocol", protocol);
        return Session.getInstance(p, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(login.address(), login.password());
            }
        });
    }

    private Session submission() {
        return mustStartTls(session("smtp", target.ports().submission()), "smtp");
    }

    private Session smtps() {
        return session("smtps", target.ports().smtps());
    }

    private Session pop3Stls() {
        return mustStartTls(session("pop3", target.ports().pop3()), "pop3");
    }

    private Session pop3s() {
        return session("pop3s", target.ports().pop3s());
    }

    private static Session mustStartTls(Session session, String protocol) {
        session.getProperties().setProperty("mail." + protocol + ".starttls.enable", "true");
        session.getProperties().setProperty("mail." + protocol + ".starttls.required", "true");
        return session;
    }

    private void send(Session session, String which, byte[] content) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(login.address()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(login.address()));
        message.setSubject(SUBJECT, "UTF-8");
        message.setHeader("Date", DATE);
        message.setHeader(MARK, id);
        message.setHeader(MARK + "-Which", which + "-" + id);
        MimeBodyPart text = new MimeBodyPart();
        text.setText(TEXT, "UTF-8");
        MimeBodyPart file = new MimeBodyPart();
        file.setDataHandler(new DataHandler(new ByteArrayDataSource(content, "application/octet-stream")));
        file.setFileName("smoke.bin");
        message.setContent(new MimeMultipart(text, file));
        try (Transport transport = session.getTransport()) {
            transport.connect();
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private void receive(Session session, String which, byte[] content) throws MessagingException, IOException {
        String mark = which + "-" + id;
        new Box(target, login).arrived(MARK + "-Which: " + mark);
        try (Store store = session.getStore()) {
            store.connect();
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_WRITE);
                int count = inbox.getMessageCount();
                Message message = IntStream.range(0, Math.min(count, Box.SEARCHED_MAX))
                        .mapToObj(i -> marked(inbox, count - i, mark))
                        .flatMap(Arrays::stream)
                        .findFirst()
                        .orElseThrow(() -> new MessagingException("the message is gone again"));
                Doors.require(SUBJECT.equals(message.getSubject()), "another subject: " + message.getSubject());
                Multipart parts = (Multipart) message.getContent();
                String text = String.valueOf(parts.getBodyPart(0).getContent()).replace("\r\n", "\n");
                Doors.require(TEXT.strip().equals(text.strip()), "another text: " + text);
                byte[] got = parts.getBodyPart(1).getInputStream().readAllBytes();
                Doors.require(Arrays.equals(content, got), "another attachment: " + got.length + " bytes");
            }
        }
    }

    private static Message[] marked(Folder inbox, int number, String mark) {
        try {
            Message message = inbox.getMessage(number);
            String[] marks = message.getHeader(MARK + "-Which");
            boolean same = marks != null && marks[0].equals(mark);
            return same ? new Message[] {message} : new Message[0];
        } catch (MessagingException e) {
            throw new IllegalStateException("message " + number + ": " + e.getMessage(), e);
        }
    }

    /// A message as bytes that must come back as they are.
    static byte[] raw(Target.Login login, String headers, String body) {
        String message = "From: <" + login.address() + ">\r\nTo: <" + login.address()
                + ">\r\nDate: " + DATE + "\r\nMessage-ID: <" + headers.hashCode() + "."
                + body.hashCode() + "@smoke.invalid>\r\n" + headers + "\r\n" + body;
        return message.getBytes(StandardCharsets.UTF_8);
    }
}
