package qrate.qcontrol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A list of words on the control socket: netstrings, and an empty one at the end.
///
/// Each word is sent with one character in front, so that an empty word is not the end.
final class WordList {
    /// Longest word, in bytes.
    static final int WORD_BYTES_MAX = 16 << 10;

    /// Most words of an answer.
    static final int ANSWER_WORDS_MAX = 2_000_000;

    /// Most words of a request.
    static final int REQUEST_WORDS_MAX = 4;

    private static final char MARK = '=';

    private WordList() {}

    static void write(OutputStream out, List<String> words) throws IOException {
        for (String word : words) {
            byte[] bytes = (MARK + word).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > WORD_BYTES_MAX) {
                bytes = (MARK + word.substring(0, WORD_BYTES_MAX / 4)).getBytes(StandardCharsets.UTF_8);
            }
            out.write((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write(',');
        }
        out.write("0:,".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /// Reads a list.
    ///
    /// @return empty at the end of the stream before a list
    /// @throws IOException when it is none, or longer than allowed
    static Optional<List<String>> read(InputStream in, int wordsMax) throws IOException {
        List<String> words = new ArrayList<>();
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        while (true) {
            int length = length(in, first);
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length || in.read() != ',') {
                throw new IOException("no netstring");
            }
            if (length == 0) {
                return Optional.of(words);
            }
            if (words.size() == wordsMax || bytes[0] != MARK) {
                throw new IOException("too many words, or one without its mark");
            }
            words.add(text(bytes));
            first = in.read();
        }
    }

    private static int length(InputStream in, int first) throws IOException {
        int length = 0;
        for (int c = first; c != ':'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("in the middle of a list");
            }
            if (c < '0' || c > '9') {
                throw new IOException("no netstring");
            }
            length = length * 10 + c - '0';
            if (length > WORD_BYTES_MAX) {
                throw new IOException("a word longer than " + WORD_BYTES_MAX + " bytes");
            }
        }
        return length;
    }

    private static String text(byte[] bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("a word that is not UTF-8", e);
        }
    }
}
