package qrate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import qrate.core.Disk;

/// The ledger in blocks of some 16 KiB, and of each block which words may stand in it, so that who looks for one
/// reads a few blocks and not a month of files.
///
/// It is made from the files when it is asked first, at a million lines in a second or so, and then of what came
/// meanwhile. It holds half a kilobyte of memory for each block: for a million lines five megabytes.
///
/// | a line's | is found by |
/// | --- | --- |
/// | word | itself, without angle brackets and the colon behind it, in any case |
/// | address | itself, what stands behind each of its dashes, and `@` with its domain |
final class LedgerBlocks {
    /// Bytes after which a block ends, with the next end of a line.
    static final int BLOCK_BYTES = 16 << 10;

    /// Most blocks: a gibibyte of ledger. Of more, the newest.
    static final int BLOCKS_MAX = 65_536;

    private static final int CHUNK_BYTES = 64 << 10;

    /// Longest word that stands in an index, in bytes.
    private static final int WORD_BYTES_MAX = 400;

    /// Most dashes of an address that are looked behind.
    private static final int DASHES_MAX = 8;

    /// How lines begin by which the ledger learns of a message; a crash may have taken the first.
    private static final List<byte[]> FIRST = Stream.of("new msg ", "info msg ", "recovered msg ")
            .map(text -> text.getBytes(UTF_8))
            .toList();

    private static final int DECIMAL = 10;

    private final Disk disk;
    private final List<Block> blocks = new ArrayList<>();
    private String day = "";
    private long offset;

    LedgerBlocks(Disk disk) {
        this.disk = disk;
    }

    /// Some lines of a day that follow one another.
    static final class Block {
        /// Bits a block, with some 350 words, so that three of a thousand words that are not there seem to be.
        private static final int BITS = 4096;

        private static final int PROBES = 6;

        private final String day;
        private final long from;
        private final long[] bits = new long[BITS / Long.SIZE];
        private int length;
        private final String first;
        private long newest;

        private Block(String day, long from, String first, long newest) {
            this.day = day;
            this.from = from;
            this.first = first;
            this.newest = newest;
        }

        /// When its first line was written, as it stands there.
        String first() {
            return first;
        }

        /// The greatest id of a message that came in here or before.
        long newest() {
            return newest;
        }

        private void put(long hash) {
            for (int i = 0; i < PROBES; i++) {
                int bit = bit(hash, i);
                bits[bit / Long.SIZE] |= 1L << bit;
            }
        }

        /// Whether a word may stand in it; it does where this is false never.
        boolean mayHold(long hash) {
            for (int i = 0; i < PROBES; i++) {
                int bit = bit(hash, i);
                if ((bits[bit / Long.SIZE] & 1L << bit) == 0) {
                    return false;
                }
            }
            return true;
        }

        private static int bit(long hash, int probe) {
            return (int) ((hash + probe * (hash >>> Integer.SIZE | 1)) & BITS - 1);
        }
    }

    /// By what a word is found.
    static long hash(String word) {
        byte[] bytes = word.getBytes(UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    private static long hash(byte[] text, int from, int to) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (int i = from; i < to; i++) {
            byte b = text[i];
            hash = (hash ^ (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b)) * 0x100000001b3L;
        }
        return hash ^ hash >>> 29;
    }

    /// All blocks, the oldest first, with what was written meanwhile.
    List<Block> upToDate() throws IOException {
        List<String> days = disk.list(Ledger.FOLDER).stream()
                .filter(name -> Ledger.day(name).isPresent())
                .sorted()
                .toList();
        Set<String> there = new HashSet<>(days);
        if (!blocks.isEmpty() && !there.contains(blocks.getFirst().day)) {
            blocks.removeIf(block -> !there.contains(block.day));
        }
        for (String name : days) {
            if (name.compareTo(day) >= 0) {
                if (!name.equals(day)) {
                    day = name;
                    offset = 0;
                }
                try (InputStream in = disk.read(Ledger.FOLDER + "/" + day, offset)) {
                    take(in);
                } catch (NoSuchFileException _) {
                    // swept away since the folder was listed
                }
            }
        }
        if (blocks.size() > BLOCKS_MAX) {
            blocks.subList(0, blocks.size() - BLOCKS_MAX).clear();
        }
        return blocks;
    }

    private void take(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES + LedgerReader.LINE_BYTES_MAX];
        int kept = 0; // of a line that has no end yet
        for (int read = in.read(chunk); read > 0; read = in.read(chunk, kept, chunk.length - kept)) {
            int length = kept + read;
            int from = 0;
            for (int i = kept; i < length; i++) {
                if (chunk[i] == '\n') {
                    line(chunk, from, i);
                    from = i + 1;
                }
            }
            kept = length - from;
            if (kept == chunk.length) {
                line(chunk, 0, kept - 1); // no line is so long: the file is damaged, and goes on behind it
                kept = 0;
            } else {
                System.arraycopy(chunk, from, chunk, 0, kept);
            }
        }
    }

    /// Takes the next line, and the end of it.
    private void line(byte[] text, int from, int to) {
        int blank = from;
        while (blank < to && text[blank] != ' ') {
            blank++;
        }
        Block last = blocks.isEmpty() ? null : blocks.getLast();
        if (last == null || !last.day.equals(day) || last.length >= BLOCK_BYTES) {
            String first = new String(text, from, Math.min(blank - from, WORD_BYTES_MAX), UTF_8);
            last = new Block(day, offset, first, last == null ? 0 : last.newest);
            blocks.add(last);
        }
        int words = Math.min(blank + 1, to);
        for (byte[] start : FIRST) {
            if (startsWith(text, words, to, start)) {
                last.newest = Math.max(last.newest, number(text, words + start.length, to));
            }
        }
        int word = words;
        for (int i = words; i <= to; i++) {
            if (i == to || text[i] == ' ') {
                word(last, text, word, i);
                word = i + 1;
            }
        }
        last.length += to + 1 - from;
        offset += to + 1 - from;
    }

    private static boolean startsWith(byte[] text, int from, int to, byte[] start) {
        boolean same = to - from > start.length;
        for (int i = 0; same && i < start.length; i++) {
            same = text[from + i] == start[i];
        }
        return same;
    }

    private static long number(byte[] text, int from, int to) {
        long number = 0;
        for (int i = from; i < to && i - from < 18 && text[i] >= '0' && text[i] <= '9'; i++) {
            number = number * DECIMAL + text[i] - '0';
        }
        return number;
    }

    private static void word(Block block, byte[] text, int start, int end) {
        int from = start;
        int to = end;
        if (from < to && text[from] == '<') {
            from++;
        }
        while (from < to && (text[to - 1] == ':' || text[to - 1] == '>')) {
            to--;
        }
        if (from == to || to - from > WORD_BYTES_MAX) {
            return;
        }
        block.put(hash(text, from, to));
        int at = to - 1;
        while (at >= from && text[at] != '@') {
            at--;
        }
        if (at >= from) {
            block.put(hash(text, at, to));
            int dashes = 0;
            for (int i = from; i < at && dashes < DASHES_MAX; i++) {
                if (text[i] == '-') {
                    dashes++;
                    block.put(hash(text, i + 1, to));
                }
            }
        }
    }

    /// Gives each line of a block.
    void read(Block block, Consumer<String> each) throws IOException {
        byte[] bytes;
        try {
            bytes = disk.read(Ledger.FOLDER + "/" + block.day, block.from, block.length);
        } catch (NoSuchFileException _) {
            return; // swept away meanwhile
        }
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                each.accept(new String(bytes, from, i - from, UTF_8));
                from = i + 1;
            }
        }
    }
}
