package qrate.dkim;

import static qrate.message.Wanted.HEADER_BYTES_MAX;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Body;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.HeaderReader;
import qrate.message.Wanted;

/// What signatures need of a message: its header, up to {@link Wanted#HEADER_BYTES_MAX}, and hashes of its
/// body. Read in one pass, as it goes by, with memory for no more than that.
public final class Content {
    private static final int PIECE_BYTES = 16 << 10;

    private final Header header;
    private final Map<String, List<Field>> named = new HashMap<>();
    private final Map<BodyHash, byte[]> hashes;
    private final Map<Boolean, Long> sizes;

    private Content(Header header, Map<BodyHash, byte[]> hashes, Map<Boolean, Long> sizes) {
        this.header = header;
        this.hashes = hashes;
        this.sizes = sizes;
        header.fields()
                .forEach(field -> named.computeIfAbsent(field.name(), _ -> new ArrayList<>())
                        .add(field));
    }

    /// Whose bytes are meant.
    public enum Form {
        /// The message as it came: lines end with LF or CRLF, and a CR alone is a character like others.
        RECEIVED,
        /// The message as it leaves by SMTP (`qrate.smtp.DataWriter`): a CR alone becomes a blank in the
        /// header and a line end in the body, and the last line gets an end.
        SENT
    }

    /// Reads a message from its start.
    ///
    /// @param wanted says for a header which hashes of the body are needed; {@link Verifier#wanted} and the
    ///     like
    public static Content of(Body message, Form form, Limits limits, List<Function<Header, List<BodyHash>>> wanted)
            throws IOException {
        try (InputStream in = message.open()) {
            Reader reader = new Reader(form, limits, wanted);
            byte[] piece = new byte[PIECE_BYTES];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                reader.write(piece, 0, n);
            }
            return reader.end();
        }
    }

    /// The header, each line of it with LF at its end, whatever it had; no field of it when it is cut.
    public Header header() {
        return header;
    }

    /// All fields of a name, in their order.
    ///
    /// @param name lower case
    public List<Field> named(String name) {
        return named.getOrDefault(name, List.of());
    }

    /// A hash of the body: nothing when there were more than the limit.
    public Optional<byte[]> hash(BodyHash hash) {
        return Optional.ofNullable(hashes.get(hash)).map(byte[]::clone);
    }

    /// Bytes of the canonical body; 0 where no hash of that form was asked for.
    public long bodyBytes(boolean relaxed) {
        return sizes.getOrDefault(relaxed, 0L);
    }

    /// Takes a message piece by piece. For one thread, and one message.
    public static final class Reader {
        private final LineCutter cutter;
        private final HeaderReader headerReader = new HeaderReader(Wanted.all(HEADER_BYTES_MAX));
        private final Limits limits;
        private final List<Function<Header, List<BodyHash>>> wanted;
        private final List<BodyHash> asked = new ArrayList<>();
        private final List<BodyCanonical> bodies = new ArrayList<>();
        private boolean inBody;
        /// Bytes of the line that the header's reader was given so far.
        private int given;

        /// @param wanted as in {@link Content#of}
        public Reader(Form form, Limits limits, List<Function<Header, List<BodyHash>>> wanted) {
            this.cutter = new LineCutter(form, this);
            this.limits = limits;
            this.wanted = List.copyOf(wanted);
        }

        /// Takes the next piece.
        public void write(byte[] bytes, int from, int to) {
            cutter.write(bytes, from, to);
        }

        /// Ends the message.
        public Content end() {
            cutter.end();
            if (!inBody) {
                begin();
            }
            Map<BodyHash, byte[]> hashes = new HashMap<>();
            Map<Boolean, Long> sizes = new HashMap<>();
            for (BodyCanonical body : bodies) {
                body.end();
                sizes.put(body.isRelaxed(), body.size());
            }
            for (BodyHash hash : asked) {
                bodies.stream()
                        .filter(body -> body.isRelaxed() == hash.relaxed())
                        .findFirst()
                        .flatMap(body -> body.hash(hash.length()))
                        .ifPresent(bytes -> hashes.put(hash, bytes));
            }
            Header header = headerReader.header();
            Header whole = header.cut() ? new Header(List.of(), 0, 0, header.headless(), true) : header;
            return new Content(whole, hashes, sizes);
        }

        void text(byte[] bytes, int from, int to) {
            if (inBody) {
                bodies.forEach(body -> body.text(bytes, from, to));
                return;
            }
            headerReader.text(bytes, from, to - from);
            if (headerReader.ended()) { // in the middle of a line that is none of a header
                byte[] begun = begin();
                text(bytes, Math.min(to, from + Math.max(0, begun.length - given)), to);
            }
            given += to - from;
        }

        void newline() {
            if (inBody) {
                bodies.forEach(BodyCanonical::newline);
                return;
            }
            headerReader.newline();
            given = 0;
            if (headerReader.ended() && begin().length > 0) {
                newline();
            }
        }

        /// The header is over: now it is known what is wanted of the body.
        ///
        /// @return what the header's reader had taken of the body's first line
        private byte[] begin() {
            inBody = true;
            Header header = headerReader.header();
            if (header.cut()) {
                return new byte[0];
            }
            wanted.stream()
                    .flatMap(each -> each.apply(header).stream())
                    .distinct()
                    .limit(limits.bodyHashes())
                    .forEach(this::ask);
            byte[] begun = headerReader.begun();
            text(begun, 0, begun.length);
            return begun;
        }

        private void ask(BodyHash hash) {
            asked.add(hash);
            BodyCanonical body = bodies.stream()
                    .filter(each -> each.isRelaxed() == hash.relaxed())
                    .findFirst()
                    .orElseGet(() -> {
                        BodyCanonical made = new BodyCanonical(hash.relaxed());
                        bodies.add(made);
                        return made;
                    });
            body.add(hash.length());
        }
    }
}
