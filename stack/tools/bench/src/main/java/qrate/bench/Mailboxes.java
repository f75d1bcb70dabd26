package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Fills Maildirs for the POP3 measure.
final class Mailboxes {
    private Mailboxes() {}

    /// Puts messages straight into `new/` of every mailbox, owned as the Maildir is.
    static void fill(Server server, int messages, int bytes) throws IOException {
        byte[] content = ("From: a@client.test\nSubject: load\n\n" + ("x".repeat(71) + "\n").repeat(bytes / 72))
                .getBytes(US_ASCII);
        for (int i = 0; i < Server.MAILBOXES; i++) {
            Path maildir = server.maildir(i);
            for (String folder : new String[] {"tmp", "new", "cur"}) {
                Files.createDirectories(maildir.resolve(folder));
            }
            for (int m = 0; m < messages; m++) {
                Files.write(
                        maildir.resolve("new/%d.Q%dR0.bench,S=%d".formatted(1_700_000_000 + m, m, content.length)),
                        content);
            }
            if (server instanceof DovecotServer) {
                Processes.run("chown", "-R", "nobody", maildir.toString());
            }
        }
    }
}
