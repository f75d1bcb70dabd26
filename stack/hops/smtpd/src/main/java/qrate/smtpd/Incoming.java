package qrate.smtpd;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.message.HeaderReader;

/// One message on its way in, by DATA or by BDAT. What is refused is still read to its end, and not kept.
final class Incoming implements AutoCloseable, ContentDecoder.Sink {
    /// Most bytes still read of a message that is refused already; a client that sends more is cut off.
    static final long REFUSED_BYTES_MAX = 256L << 20;

    private final Spool.Held held;
    private final ContentDecoder decoder;
    private final Hops hops = new Hops();
    private final Optional<HeaderReader> header;
    private final long bytesMax;
    private final Log log;
    private final Time time;
    private long size;
    private long dropped;
    private boolean broken;

    /// When it must have come in whole, by which clock.
    record Time(InstantSource clock, Instant end) {
        boolean isOver() {
            return clock.instant().isAfter(end);
        }
    }

    /// How it comes.
    ///
    /// @param data by DATA, with dots, or else by BDAT
    /// @param known whether a user sends it, whose header is looked at and whose line endings are mended
    record Manner(boolean data, boolean known) {}

    /// @param held where it is kept
    /// @param bytesMax databytes, 0 for no limit
    Incoming(Spool.Held held, long bytesMax, Manner manner, Log log, Time time) {
        this.held = held;
        this.decoder = new ContentDecoder(manner.data, !manner.data || manner.known, this);
        this.header = manner.known ? Optional.of(new HeaderReader(Submitted.WANTED)) : Optional.empty();
        this.bytesMax = bytesMax;
        this.log = log;
        this.time = time;
    }

    /// Takes a piece; see {@link ContentDecoder#feed}.
    int feed(byte[] bytes, int from, int to) throws IOException {
        return decoder.feed(bytes, from, to);
    }

    /// Says that the last chunk is over.
    void finish() throws IOException {
        decoder.finish();
    }

    boolean ended() {
        return decoder.ended();
    }

    /// Whether the connection must end now: smuggling, a message without end, or one that drips.
    Optional<String> fatal() {
        if (decoder.bare()) {
            return Optional.of("554 5.6.0 bare CR or LF is not allowed");
        }
        if (time.isOver()) {
            return Optional.of("421 4.4.2 that message takes too long");
        }
        return dropped > REFUSED_BYTES_MAX ? Optional.of("552 5.3.4 message too big") : Optional.empty();
    }

    /// Why the message as it is so far is refused, if it is.
    Optional<String> refusal() {
        if (bytesMax > 0 && size > bytesMax) {
            return Optional.of("552 5.3.4 sorry, that message size exceeds my databytes limit");
        }
        if (decoder.nul()) {
            return Optional.of("554 5.6.0 NUL is not allowed in a message");
        }
        if (decoder.longLine()) {
            return Optional.of("554 5.6.0 a line is longer than " + ContentDecoder.LINE_BYTES_MAX + " bytes");
        }
        if (hops.tooMany()) {
            return Optional.of("554 5.4.6 too many hops, this message is looping");
        }
        return broken ? Optional.of("451 4.3.0 no room for the message now") : Optional.empty();
    }

    @Override
    public void text(byte[] bytes, int offset, int length) {
        hops.reader().text(bytes, offset, length);
        if (header.isPresent()) {
            header.get().text(bytes, offset, length);
        }
        if (wanted(length)) {
            try {
                held.write(bytes, offset, length);
            } catch (IOException e) {
                breakOff(e);
            }
        }
    }

    @Override
    public void newline() {
        hops.reader().newline();
        header.ifPresent(HeaderReader::newline);
        if (wanted(1)) {
            try {
                held.write((byte) '\n');
            } catch (IOException e) {
                breakOff(e);
            }
        }
    }

    private boolean wanted(int length) {
        size += length;
        boolean wanted = !broken && !decoder.nul() && !decoder.longLine() && (bytesMax == 0 || size <= bytesMax);
        if (!wanted) {
            dropped += length;
        }
        return wanted;
    }

    private void breakOff(IOException e) {
        broken = true;
        log.line("qmail-smtpd: unable to spool: " + e);
    }

    /// What the header of a user's message says; asked for once it is whole.
    Optional<Submitted> submitted() {
        return header.map(reader -> new Submitted(reader.header()));
    }

    /// Where it has been delivered before, as it says.
    Set<String> delivered() {
        return hops.delivered();
    }

    long size() {
        return size;
    }

    /// The message with lines ended by LF; valid until {@link #close()}.
    Body body() throws IOException {
        return held.body();
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
