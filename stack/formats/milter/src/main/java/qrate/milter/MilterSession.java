package qrate.milter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Spool;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Wanted;

/// One SMTP session, shown to each milter in turn, with a connection to each. For one thread.
///
/// The first milter that says anything but "go on" has the word: those behind it are not told of that step.
/// Each is shown the message as the one before it has left it; of the envelope all hear what the client said.
public final class MilterSession implements AutoCloseable {
    /// Longest field that can be shown to a milter, in bytes: what fits into a packet of libmilter.
    public static final int FIELD_BYTES_MAX = MilterCommand.CHUNK_BYTES_MAX - 2;

    private static final MilterVerdict PASS = new MilterVerdict.Pass();

    private final Milters.Parts parts;
    private final Budget.Share memory;
    private final List<AskedMilter> milters;
    private final Map<String, String> macros = new HashMap<>();

    MilterSession(List<MilterSetting> settings, Milters.Parts parts, Budget.Share memory) {
        this.parts = parts;
        this.memory = memory;
        this.milters = settings.stream()
                .map(setting -> new AskedMilter(setting, parts.clock(), parts.presence()))
                .toList();
    }

    /// Says what a macro means from now on.
    ///
    /// @param name one letter, or more in braces: `i`, `{client_addr}`
    /// @param value nothing takes it away; bytes as characters
    public void define(String name, String value) {
        if (value.isEmpty()) {
            macros.remove(name);
        } else {
            macros.put(name, value.replace('\0', ' '));
        }
    }

    /// Somebody has connected. What is refused here is the session.
    public MilterVerdict connect(MilterCommand.Connect client) {
        return each(client);
    }

    /// HELO or EHLO. A message under way is given up.
    public MilterVerdict helo(String name) {
        return each(new MilterCommand.Helo(name.replace('\0', ' ')));
    }

    /// MAIL. A message under way is given up.
    ///
    /// @param address without brackets
    /// @param parameters as they stand in the command, separated by blanks
    public MilterVerdict mail(String address, String parameters) {
        return each(new MilterCommand.Mail(MilterCommand.arguments(address, parameters)));
    }

    /// RCPT. What is refused here is this recipient.
    ///
    /// @param address without brackets
    /// @param parameters as they stand in the command, separated by blanks
    public MilterVerdict rcpt(String address, String parameters) {
        return each(new MilterCommand.Rcpt(MilterCommand.arguments(address, parameters)));
    }

    /// A recipient that was refused already, for those milters that want to hear of such. Define
    /// `{rcpt_mailer}` as `error` before, `{rcpt_host}` and `{rcpt_addr}` as the enhanced code and the text of
    /// the reply.
    public void refused(String address, String parameters) {
        MilterCommand.Rcpt rcpt = new MilterCommand.Rcpt(MilterCommand.arguments(address, parameters));
        milters.forEach(milter -> milter.tellRefused(rcpt, macros));
    }

    /// DATA.
    public MilterVerdict data() {
        return each(new MilterCommand.Data());
    }

    /// A command that is not known.
    public MilterVerdict unknown(String line) {
        return each(new MilterCommand.Unknown(line.replace('\0', ' ')));
    }

    private MilterVerdict each(MilterCommand.Event event) {
        for (AskedMilter milter : milters) {
            MilterVerdict verdict = milter.tell(event, macros);
            if (!verdict.equals(PASS)) {
                boolean one = event.stage() == MilterStage.RCPT && verdict instanceof MilterVerdict.Refuse;
                if (!one && event.stage() != MilterStage.UNKNOWN) {
                    abort();
                }
                return verdict;
            }
        }
        return PASS;
    }

    /// Shows the message.
    ///
    /// @param message as the client sent it, lines ended by LF; it is read once for each milter
    /// @param own fields that stand before it when it is handed on (Received): no milter is shown them
    /// @throws IOException when the message cannot be read, or a body that takes its place cannot be kept
    public MilterOutcome message(Body message, List<Field> own) throws IOException {
        Header header = Header.of(message, Wanted.all(Wanted.HEADER_BYTES_MAX));
        Optional<String> unspeakable = unspeakable(header);
        List<Spool.Held> held = new ArrayList<>();
        Course course = new Course(new Content(header, message), held);
        boolean whole = false;
        try {
            MilterOutcome outcome;
            if (unspeakable.isPresent()) {
                outcome = refused(MilterVerdict.Refuse.of(550, unspeakable.get()), message, held);
            } else {
                outcome = shown(course, EditedHeader.of(own, header.fields()), message);
            }
            whole = true;
            return outcome;
        } finally {
            abort();
            if (!whole) {
                close(held);
            }
        }
    }

    /// What no milter can be told, so that none can be asked.
    private Optional<String> unspeakable(Header header) {
        if (milters.isEmpty()) {
            return Optional.empty();
        }
        boolean nul = header.fields().stream().anyMatch(field -> field.raw().indexOf('\0') >= 0);
        boolean tooLong = header.fields().stream().anyMatch(field -> field.raw().length() > FIELD_BYTES_MAX);
        if (nul) {
            return Optional.of("5.6.0 A field of the header has a NUL (RFC 5322)");
        }
        return header.cut() || tooLong ? Optional.of("5.3.4 The header is too long to be looked at") : Optional.empty();
    }

    private static MilterOutcome refused(MilterVerdict verdict, Body message, List<Spool.Held> held) {
        return new MilterOutcome(verdict, message, List.of(), false, held);
    }

    /// What stands behind a header.
    ///
    /// @param header as it came
    private record Content(Header header, Body message) {
        InputStream open() throws IOException {
            InputStream in = message.open();
            boolean whole = false;
            try {
                in.skipNBytes(start());
                whole = true;
                return in;
            } finally {
                if (!whole) {
                    in.close();
                }
            }
        }

        long start() {
            return header.bytes() + header.separator();
        }
    }

    /// How far a message has come.
    private static final class Course {
        private final Content first;
        private final List<Spool.Held> held;
        private final List<MilterReply.EnvelopeChange> envelope = new ArrayList<>();
        private Optional<String> quarantine = Optional.empty();
        private boolean spam;

        Course(Content first, List<Spool.Held> held) {
            this.first = first;
            this.held = held;
        }

        InputStream body() throws IOException {
            return held.isEmpty() ? first.open() : held.getLast().open();
        }
    }

    private MilterOutcome shown(Course course, EditedHeader came, Body message) throws IOException {
        EditedHeader header = came;
        for (AskedMilter milter : milters) {
            MilterChanges changes = new MilterChanges(parts.spool(), memory, message.size());
            boolean kept = false;
            try (InputStream body = course.body()) {
                MilterVerdict verdict = milter.show(header.shown(), body, macros, changes);
                if (!verdict.equals(PASS)) {
                    return refused(verdict, message, course.held);
                }
                header = header.after(changes.fields());
                course.envelope.addAll(changes.envelope());
                course.quarantine = course.quarantine.or(changes::quarantine);
                course.spam |= changes.spam();
                changes.body().ifPresent(course.held::add);
                kept = true;
            } finally {
                if (!kept) {
                    changes.forget();
                }
            }
        }
        MilterVerdict verdict = course.quarantine
                .<MilterVerdict>map(MilterVerdict.Quarantine::new)
                .orElse(PASS);
        boolean same =
                header.equals(came) && course.held.isEmpty() && came.fields().equals(came.shown());
        return new MilterOutcome(
                verdict, same ? message : edited(header, course), course.envelope, course.spam, course.held);
    }

    private static Body edited(EditedHeader header, Course course) {
        byte[] fields = header.bytes();
        byte[] lines = Arrays.copyOf(fields, fields.length + 1);
        lines[fields.length] = '\n';
        Content first = course.first;
        long size = lines.length
                + (course.held.isEmpty()
                        ? first.message.size() - first.start()
                        : course.held.getLast().size());
        return new Body() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return new SequenceInputStream(new ByteArrayInputStream(lines), course.body());
            }
        };
    }

    /// The message under way is given up.
    public void abort() {
        milters.forEach(AskedMilter::abort);
    }

    /// The session is over.
    @Override
    public void close() {
        milters.forEach(AskedMilter::quit);
    }

    private static void close(List<Spool.Held> held) throws IOException {
        for (Spool.Held one : held) {
            one.close();
        }
    }
}
