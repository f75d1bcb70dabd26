package qrate.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// qmail's queue folder, as qmail's INTERNALS describes it, while qmail-send does not run.
///
/// `todo/ID` is the whole envelope of a message that qmail-send has not looked at; else `info/N/ID` holds the sender,
/// `local/N/ID` and `remote/N/ID` the recipients, each with T in front while it is owed and D once it is done. A
/// message
/// with none of these was never accepted.
final class OldQueue {
    /// Most recipients of a message that are read.
    static final int RECIPIENTS_MAX = 100_000;

    private static final int ADDRESS_BYTES_MAX = 1000;

    private final Path queue;
    private final Rewriting rewriting;

    OldQueue(Path queue, Rewriting rewriting) {
        this.queue = queue;
        this.rewriting = rewriting;
    }

    /// A message in the old queue.
    ///
    /// @param number its number there
    /// @param content where it is
    /// @param bounce what its next bounce would have said of recipients that failed; mostly nothing
    record Message(String number, Path content, Outcome outcome, String bounce) {}

    /// What is owed of a message.
    sealed interface Outcome {
        /// Somebody is owed it.
        record Owed(String sender, List<String> recipients) implements Outcome {
            public Owed {
                recipients = List.copyOf(recipients);
            }
        }

        /// Everybody had it.
        record Over() implements Outcome {}

        /// qmail-queue had not finished it, and its sender was told nothing.
        record Unfinished() implements Outcome {}

        /// It makes no sense.
        record Broken(String why) implements Outcome {}
    }

    /// Bytes that are no envelope.
    static final class BadEnvelope extends IOException {
        private static final long serialVersionUID = 1L;

        BadEnvelope(String why) {
            super(why);
        }
    }

    /// Every message, by folder and number.
    List<Message> messages() throws IOException {
        List<Message> all = new ArrayList<>();
        for (Path folder : Source.list(queue.resolve("mess"))) {
            for (Path file : Source.isFolder(folder) ? Source.list(folder) : List.<Path>of()) {
                String number = Source.name(file);
                if (number.matches("[0-9]{1,20}")) {
                    all.add(message(Source.name(folder), number, file));
                }
            }
        }
        return all;
    }

    private Message message(String folder, String number, Path content) {
        try {
            Optional<Path> bounce = file("bounce", folder, number);
            String said = bounce.isEmpty() ? "" : bounce(Source.read(bounce.get()));
            return new Message(number, content, outcome(folder, number), said);
        } catch (IOException e) {
            return new Message(number, content, new Outcome.Broken(Source.why(e)), "");
        }
    }

    private static String bounce(byte[] content) {
        return new String(content, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
    }

    private Outcome outcome(String folder, String number) throws IOException {
        Optional<Path> todo = file("todo", folder, number);
        if (todo.isPresent()) {
            return envelope(Source.read(todo.get()));
        }
        Optional<Path> info = file("info", folder, number);
        if (info.isEmpty()) {
            return new Outcome.Unfinished();
        }
        String sender = sender(Source.read(info.get()));
        List<String> recipients = new ArrayList<>();
        for (String channel : List.of("local", "remote")) {
            Optional<Path> file = file(channel, folder, number);
            if (file.isPresent()) {
                for (String address : owed(Source.read(file.get()))) {
                    recipients.add(channel.equals("local") ? rewriting.undo(address) : address);
                }
            }
        }
        return recipients.isEmpty() ? new Outcome.Over() : new Outcome.Owed(sender, recipients);
    }

    /// A message's file, in its folder or, as `todo` and `bounce` mostly are, in none.
    private Optional<Path> file(String kind, String folder, String number) {
        for (Path path : List.of(
                queue.resolve(kind).resolve(folder).resolve(number),
                queue.resolve(kind).resolve(number))) {
            if (Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /// `todo/ID`: `u`, `p`, `F` and `T` records, each ended by NUL.
    static Outcome envelope(byte[] content) throws BadEnvelope {
        String sender = "";
        boolean known = false;
        List<String> recipients = new ArrayList<>();
        for (String record : records(content)) {
            switch (record.charAt(0)) {
                case 'u', 'p' -> {
                    // who called qmail-queue
                }
                case 'F' -> {
                    sender = record.substring(1);
                    known = true;
                }
                case 'T' -> recipients.add(record.substring(1));
                default -> throw new BadEnvelope("a record that begins with " + record.charAt(0));
            }
        }
        if (!known) {
            throw new BadEnvelope("no sender");
        }
        return recipients.isEmpty() ? new Outcome.Over() : new Outcome.Owed(sender, recipients);
    }

    /// `info/N/ID`.
    static String sender(byte[] content) throws BadEnvelope {
        List<String> records = records(content);
        if (records.size() != 1 || records.getFirst().charAt(0) != 'F') {
            throw new BadEnvelope("no sender");
        }
        return records.getFirst().substring(1);
    }

    /// `local/N/ID` or `remote/N/ID`: who is still owed.
    static List<String> owed(byte[] content) throws BadEnvelope {
        List<String> owed = new ArrayList<>();
        for (String record : records(content)) {
            switch (record.charAt(0)) {
                case 'T' -> owed.add(record.substring(1));
                case 'D' -> {
                    // had it
                }
                default -> throw new BadEnvelope("a record that begins with " + record.charAt(0));
            }
        }
        return owed;
    }

    private static List<String> records(byte[] content) throws BadEnvelope {
        List<String> records = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] != 0) {
                continue;
            }
            if (i == from || i - from > ADDRESS_BYTES_MAX || records.size() > RECIPIENTS_MAX + 3) {
                throw new BadEnvelope("an empty or too long record, or too many");
            }
            String record = Lines.utf8(ByteBuffer.wrap(content, from, i - from))
                    .orElseThrow(() -> new BadEnvelope("an address that is not UTF-8"));
            if (record.chars().anyMatch(c -> c == '\r' || c == '\n')) {
                throw new BadEnvelope("a line end in an address");
            }
            records.add(record);
            from = i + 1;
        }
        if (from < content.length) {
            throw new BadEnvelope("it ends within a record");
        }
        return records;
    }
}
