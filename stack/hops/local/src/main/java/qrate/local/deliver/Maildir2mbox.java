package qrate.local.deliver;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Program;
import qrate.maildir.MaildirReader;
import qrate.posix.FileLocks;
import qrate.posix.Posix;

/// `maildir2mbox`: moves the mail of the Maildir MAILDIR to the end of the mbox MAIL (maildir2mbox(1)).
///
/// MAILTMP becomes a copy of MAIL with the messages behind it, is synced, takes MAIL's place, and only then do the
/// messages go. So a crash leaves them in the Maildir, or in both, and never MAIL with half a message.
public final class Maildir2mbox implements Program {
    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final String RETURN_PATH = "return-path:";

    private record Move(Path maildir, List<MaildirReader.Entry> messages, Path mail, Path temporary) {}

    /// @return 0 when everything was moved, 100 for a wrong call, 111 when it cannot be done now; then nothing is gone
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (!arguments.isEmpty()) {
            stdio.err().println("maildir2mbox: fatal: it takes no arguments, but MAILDIR, MAIL and MAILTMP");
            return USAGE;
        }
        for (String name : List.of("MAILDIR", "MAIL", "MAILTMP")) {
            if (stdio.environment().getOrDefault(name, "").isEmpty()) {
                stdio.err().println("maildir2mbox: fatal: " + name + " not set");
                return TEMPORARY;
            }
        }
        Path maildir = Path.of(stdio.environment().get("MAILDIR"));
        Path mail = Path.of(stdio.environment().get("MAIL")).toAbsolutePath();
        Path temporary = Path.of(stdio.environment().get("MAILTMP")).toAbsolutePath();
        try {
            if (!Files.isDirectory(maildir)) {
                throw new IOException(maildir + ": no folder");
            }
            List<MaildirReader.Entry> messages = MaildirReader.list(maildir);
            if (messages.isEmpty()) {
                return 0;
            }
            try (MboxLock _ = MboxLock.of(mail, new FileLocks(new Posix()))) {
                List<Path> moved = copy(new Move(maildir, messages, mail, temporary), stdio.err());
                Files.move(temporary, mail, StandardCopyOption.ATOMIC_MOVE);
                DurableFile.syncFolder(mail.getParent());
                for (Path file : moved) {
                    Files.deleteIfExists(file);
                }
            }
            return 0;
        } catch (IOException e) {
            stdio.err().println("maildir2mbox: fatal: unable to move mail from " + maildir + " to " + mail + ": " + e);
            return TEMPORARY;
        }
    }

    /// Writes MAILTMP.
    ///
    /// @return the messages that are in it
    private static List<Path> copy(Move move, PrintStream err) throws IOException {
        Path temporary = move.temporary;
        List<Path> moved = new ArrayList<>();
        Files.deleteIfExists(temporary); // it may be a link, or somebody else's
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
            Files.copy(move.mail, out);
            for (MaildirReader.Entry message : move.messages) {
                Path maildir = move.maildir;
                Path file = message.path(maildir);
                try (InputStream in = MaildirReader.open(maildir, message)) {
                    String from = Mbox.fromLine(
                            sender(maildir, message),
                            Files.getLastModifiedTime(file).toInstant());
                    Mbox.write(out, from, in);
                    moved.add(file);
                } catch (NoSuchFileException _) {
                    // its reader has moved or deleted it meanwhile: it is not lost, and not ours this time
                } catch (AccessDeniedException e) {
                    if (!Files.isSymbolicLink(file)) {
                        throw e;
                    }
                    err.println("maildir2mbox: warning: " + Log.escape(message.file()) + " stays: " + e.getReason());
                }
            }
            out.flush();
            Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(move.mail));
            channel.force(true);
        }
        return moved;
    }

    /// The envelope sender, from the line that delivery has put on top; empty without one.
    private static String sender(Path maildir, MaildirReader.Entry message) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(MaildirReader.open(maildir, message), StandardCharsets.ISO_8859_1))) {
            char[] start = new char[2 * qrate.core.Envelope.TEXT_BYTES_MAX];
            int length = Math.max(0, reader.read(start));
            String line = new String(start, 0, length).split("\n", 2)[0].strip();
            if (!line.regionMatches(true, 0, RETURN_PATH, 0, RETURN_PATH.length())) {
                return "";
            }
            String path = line.substring(RETURN_PATH.length()).strip();
            String bare = path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
            return new String(bare.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }
}
