package qrate.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import qrate.core.Body;

/// Messages of our own with something else than plain ASCII in them (RFC 2045, RFC 2046): a text, or several parts, as
/// reports have (RFC 3462). Lines end with LF; what is not ASCII goes as it is, 8bit.
public final class Mime {
    private static final String VERSION = "MIME-Version: 1.0\n";
    private static final String TEXT = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";

    /// Boundaries that are told apart: each that a part mentions costs it twenty bytes, so that no message has as many.
    private static final int BOUNDARIES_MAX = 1 << 26;

    private Mime() {}

    /// A part.
    ///
    /// @param fields its own header, each line with its LF
    public record Part(String fields, Body content) {
        /// One of text.
        public static Part text(String text) {
            return new Part(TEXT, Body.of(text.getBytes(UTF_8)));
        }
    }

    /// A message of one text.
    ///
    /// @param header fields, each line with its LF
    public static Body text(String header, String text) {
        return Body.of((header + VERSION + TEXT + "\n" + text).getBytes(UTF_8));
    }

    /// A message of several parts. Each is read once for the boundary, which occurs in none of them, and again whenever
    /// the message is.
    ///
    /// @param header fields, each line with its LF
    /// @param type behind `multipart/`, with its parameters
    /// @param name in the boundary: at most 40 letters and digits
    /// @throws IOException when a part cannot be read
    public static Body multipart(String header, String type, String name, List<Part> parts) throws IOException {
        String boundary = boundary("=_qrate_" + name + "_", parts);
        List<Body> pieces = new ArrayList<>();
        String between = header + VERSION + "Content-Type: multipart/" + type + ";\n\tboundary=\"" + boundary + "\"\n";
        for (Part part : parts) {
            pieces.add(Body.of((between + "\n--" + boundary + "\n" + part.fields + "\n").getBytes(UTF_8)));
            pieces.add(part.content);
            between = "";
        }
        pieces.add(Body.of((between + "\n--" + boundary + "--\n").getBytes(UTF_8)));
        return new Joined(List.copyOf(pieces));
    }

    private record Joined(List<Body> pieces) implements Body {
        @Override
        public long size() {
            return pieces.stream().mapToLong(Body::size).sum();
        }

        @Override
        public InputStream open() throws IOException {
            List<InputStream> streams = new ArrayList<>();
            for (Body piece : pieces) {
                streams.add(piece.open());
            }
            return new SequenceInputStream(Collections.enumeration(streams));
        }
    }

    private static String boundary(String start, List<Part> parts) throws IOException {
        BitSet used = new BitSet();
        for (Part part : parts) {
            try (InputStream in = new BufferedInputStream(part.content.open())) {
                used(in, start, used);
            }
        }
        return start + used.nextClearBit(0) + "_=";
    }

    /// Finds the numbers behind a text that begins with `=` and has no other.
    private static void used(InputStream in, String start, BitSet used) throws IOException {
        int matched = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            matched = b == start.charAt(matched) ? matched + 1 : b == '=' ? 1 : 0;
            if (matched == start.length()) {
                int number = 0;
                in.mark(1);
                for (b = in.read(); b >= '0' && b <= '9' && number < BOUNDARIES_MAX; b = in.read()) {
                    number = number * 10 + b - '0';
                    in.mark(1);
                }
                in.reset();
                if (number < BOUNDARIES_MAX) {
                    used.set(number);
                }
                matched = 0;
            }
        }
    }
}
