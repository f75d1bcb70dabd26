package qrate.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Fills Maildirs for what is read, or only lies there.
final class Mailboxes {
    private static final int BORN = 1_700_000_000;

    private Mailboxes() {}

    /// Puts messages straight into `cur/` of a mailbox, as read, owned as the Maildir is and named as its server names
    /// them: with their sizes.
    ///
    /// @param there how many it was given before
    static void fill(Server server, String local, int there, int messages) throws IOException {
        String text =
                "From: a@client.test\nSubject: load\n\n" + ("x".repeat(71) + "\n").repeat(BenchRun.BODY_BYTES / 72);
        byte[] content = text.getBytes(US_ASCII);
        long sent = content.length + text.lines().count(); // each line ends by two octets there
        Path maildir = server.maildir(local);
        for (String folder : new String[] {"tmp", "new", "cur"}) {
            Files.createDirectories(maildir.resolve(folder));
        }
        for (int m = there; m < there + messages; m++) {
            String name = "%d.Q%dR0.bench,S=%d,W=%d:2,S".formatted(BORN + m, m, content.length, sent);
            Files.write(maildir.resolve("cur").resolve(name), content);
        }
        Processes.run("chown", "-R", "--reference=" + maildir.getParent(), maildir.toString());
    }
}
