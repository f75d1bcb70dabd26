package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Refusal;
import qrate.directory.Settings;

/// `vadduser --file FILE`: a mailbox a line, `address:password` or `address:{CRYPT}hash`. Blank lines and those that
/// begin
/// with `#` count for nothing.
final class Bulk {
    /// Largest file, in bytes.
    static final int FILE_BYTES_MAX = 64 << 20;

    /// Mailboxes made in one change.
    static final int AT_ONCE = 500;

    private static final String HASH = "{CRYPT}";

    private record Line(int number, Edit.AddMailbox mailbox) {}

    private Bulk() {}

    static Change run(EditableDirectory directory, String file, Program.Stdio stdio) throws IOException {
        int cost =
                Settings.of(stdio.environment(), State.of(stdio.environment())).bcryptCost();
        List<Line> lines = new ArrayList<>();
        int refused = 0;
        int number = 0;
        for (String text : text(file, stdio).split("\\R", -1)) {
            number++;
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                refused++;
                warn(stdio, number, "", "no colon behind an address");
                continue;
            }
            String secret = text.substring(colon + 1);
            Password password = Password.Hashed.hasScheme(secret)
                    ? new Password.Hashed(secret.startsWith(HASH) ? secret.substring(HASH.length()) : secret)
                    : new Password.Clear(secret);
            lines.add(new Line(
                    number, new Edit.AddMailbox(text.substring(0, colon).strip(), password)));
        }
        int wrong = refused;
        for (int i = 0; i < lines.size(); i += AT_ONCE) {
            refused += add(directory, lines.subList(i, Math.min(lines.size(), i + AT_ONCE)), cost, stdio);
        }
        stdio.out().println((lines.size() - (refused - wrong)) + " mailboxes added");
        return refused == 0 ? new Change.Done() : Change.refuse(Refusal.Key.BULK_FAILED, refused, Log.escape(file));
    }

    /// Hashes here, on every processor, so that the admin service is not kept from its work.
    private static int add(EditableDirectory directory, List<Line> lines, int cost, Program.Stdio stdio)
            throws IOException {
        List<Edit.AddMailbox> hashed =
                lines.parallelStream().map(line -> hashed(line.mailbox, cost)).toList();
        List<Change> outcomes = directory.addMailboxes(hashed);
        int refused = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (outcomes.get(i) instanceof Change.Refused no) {
                refused++;
                warn(
                        stdio,
                        lines.get(i).number,
                        lines.get(i).mailbox.address(),
                        Commands.words(stdio).of(no));
            }
        }
        return refused;
    }

    private static Edit.AddMailbox hashed(Edit.AddMailbox mailbox, int cost) {
        boolean clear = mailbox.password() instanceof Password.Clear;
        return clear
                        && mailbox.password().problem(cost).isEmpty()
                        && EditableDirectory.Mailbox.isAddress(mailbox.address())
                ? new Edit.AddMailbox(
                        mailbox.address(),
                        new Password.Hashed(mailbox.password().hash(cost)))
                : mailbox;
    }

    private static void warn(Program.Stdio stdio, int number, String address, String why) {
        stdio.err().println("vadduser: warning: line " + number + ": " + Log.escape(address) + ": " + why);
    }

    private static String text(String file, Program.Stdio stdio) throws IOException {
        try (InputStream in = file.equals("-")
                ? new ByteArrayInputStream(stdio.in().readNBytes(FILE_BYTES_MAX + 1))
                : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IOException(file + ": larger than " + FILE_BYTES_MAX + " bytes");
            }
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is no text in UTF-8", e);
        }
    }
}
