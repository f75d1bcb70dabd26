package qrate.reports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.dmarc.reports.ReportParcel;
import qrate.dmarc.reports.ReportRounds;

/// Hands over what the gate has left in `gate/reports`, as long as `control/dmarcreports` says whom it is from.
///
/// The gate is not believed: no link of it is followed, what is no {@link ReportParcel} goes, the message around it is
/// made here, and a day has its limit. Its file is deleted once the queue has the message, so that a crash between the
/// two sends it twice, with the same id.
public final class ReportPost implements AutoCloseable {
    /// How often it is looked.
    static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    /// Most files that one look takes.
    static final int A_LOOK_MAX = 100;

    /// The user that a message is from in the ledger.
    static final String USER = "dmarcreports";

    private static final String NEW = ".new";

    private final Path gate;
    private final Control control;
    private final Intake queue;
    private final InstantSource clock;
    private final Log log;
    private final Repeating looks = new Repeating("report-post", LOOK_EVERY, this::look);
    private LocalDate day = LocalDate.EPOCH;
    private int sent;
    private final SaidOnce trouble;

    ReportPost(State state, Intake queue, InstantSource clock, Log log) {
        this.gate = state.gate();
        this.control = new Control(state.control(), clock);
        this.queue = queue;
        this.clock = clock;
        this.log = log;
        this.trouble = new SaidOnce(log::line);
    }

    /// Looks from now on.
    public static ReportPost start(State state, Intake queue, InstantSource clock, Log log) {
        ReportPost post = new ReportPost(state, queue, clock, log);
        post.looks.start();
        return post;
    }

    /// Hands over what is there.
    void look() {
        try {
            Optional<String> from = control.line("dmarcreports");
            if (from.isPresent() && Files.isDirectory(gate)) {
                look(from.get());
            }
            trouble.well();
        } catch (NoSuchFileException _) {
            // there is no gate, or it has made none yet
        } catch (IOException | RuntimeException e) {
            trouble.say("admin: warning: reports of DMARC: ", e);
        }
    }

    private void look(String from) throws IOException {
        try (DirectoryStream<Path> own = Files.newDirectoryStream(gate)) {
            if (!(own instanceof SecureDirectoryStream<Path> folder)) {
                throw new IOException("this system's folders cannot be read without following links");
            }
            try (SecureDirectoryStream<Path> reports =
                    folder.newDirectoryStream(Path.of(ReportRounds.FOLDER), LinkOption.NOFOLLOW_LINKS)) {
                int looked = 0;
                for (Path file : reports) {
                    Path name = file.getFileName();
                    if (!name.toString().endsWith(NEW)
                            && (looked++ == A_LOOK_MAX || !handedOver(reports, name, from))) {
                        return;
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /// @return whether the next one may go, too
    private boolean handedOver(SecureDirectoryStream<Path> reports, Path name, String from) throws IOException {
        Instant now = clock.instant();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(day)) {
            day = today;
            sent = 0;
        }
        BasicFileAttributes found = reports.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (found.isDirectory()) {
            return true; // nobody's
        }
        // to open a pipe may take for ever
        Optional<ReportParcel> parcel = found.isRegularFile() ? read(reports, name) : Optional.empty();
        if (parcel.isEmpty()) {
            log.line("admin: warning: reports of DMARC: " + Log.escape(name.toString()) + " is none, and is deleted");
            reports.deleteFile(name);
            return true;
        }
        if (sent == ReportRounds.A_DAY_MAX) {
            throw new IOException("more than " + ReportRounds.A_DAY_MAX + " today; the others wait for tomorrow");
        }
        Body message = ReportMail.of(parcel.get(), from, control.lineOrMe("me"), now);
        Envelope envelope =
                Envelope.of(from, parcel.get().to().toArray(String[]::new)).from(Client.uid(USER));
        return switch (queue.accept(envelope, message)) {
            case Verdict.Delivered _ -> {
                sent++;
                reports.deleteFile(name);
                yield true;
            }
            case Verdict.Later(String why) -> throw new IOException(why);
            case Verdict.Never(String why) -> {
                log.line("admin: warning: reports of DMARC: one about "
                        + parcel.get().domain() + " is dropped: " + why);
                reports.deleteFile(name);
                yield true;
            }
        };
    }

    private static Optional<ReportParcel> read(SecureDirectoryStream<Path> reports, Path name) throws IOException {
        try (SeekableByteChannel channel =
                        reports.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                InputStream in = Channels.newInputStream(channel)) {
            return ReportParcel.read(in.readNBytes(ReportParcel.BYTES_MAX + 1));
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
