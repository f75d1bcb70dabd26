package qrate.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// A seeded fuzzer: makes bytes of a corpus, by changes that parsers fear, and gives them to one target, which may
/// refuse them by an IOException and must neither break, nor hang, nor take memory beyond bounds.
///
/// `-Dqrate.fuzz.seconds=N` says how long each target is tried (1 by default), `-Dqrate.seed=N` replays one input.
public final class Fuzz {
    /// Longest run of one input, in milliseconds: a whole garbage collection or a busy machine is not a hang.
    public static final long RUN_MILLIS_MAX = 5_000;

    /// Most bytes that one input may have allocated.
    public static final long RUN_BYTES_MAX = 64L << 20;

    /// Longest input, in bytes.
    public static final int INPUT_BYTES_MAX = 64 << 10;

    private static final String[] FEARED = {
        "\0",
        "\r\n",
        "\n",
        "\r",
        "\r\n.\r\n",
        "\n.\n",
        "..",
        "@",
        "<",
        ">",
        "(",
        ")",
        "\"",
        "\\",
        ":",
        ";",
        ",",
        "[",
        "]",
        "%s",
        "$(x)",
        "../",
        "-1",
        "0",
        "2147483648",
        "4294967296",
        "9223372036854775808",
        "99999999999999999999",
        "\u00ff",
        "\ufeff",
        "=?utf-8?b?",
        "0:,",
        "1:",
        " ",
        "\t",
        "F",
        "T"
    };

    private Fuzz() {}

    /// What is tried.
    @FunctionalInterface
    public interface Target {
        /// Takes any bytes.
        ///
        /// @throws IOException for bytes that make no sense
        void take(byte[] bytes) throws IOException;
    }

    /// How it went.
    ///
    /// @param runs inputs tried
    /// @param slowest in milliseconds
    public record Outcome(long runs, long slowest) {}

    /// Tries a target for as long as the system property says.
    ///
    /// @throws AssertionError names the seed of the input that broke it, and the input in Base64
    public static Outcome run(String name, List<byte[]> corpus, Target target) {
        Long only = Long.getLong("qrate.seed");
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("qrate.fuzz.seconds", 1)).toNanos();
        long seed = only == null ? Seeds.first() : only;
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long runs = 0;
        long slowest = 0;
        do {
            byte[] input = input(corpus, new Random(seed));
            long began = System.nanoTime();
            long had = threads.getCurrentThreadAllocatedBytes();
            String wrong = "";
            Throwable cause = null;
            try {
                target.take(input);
            } catch (IOException _) {
                // refused, as it may be
            } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
                wrong = e.toString();
                cause = e;
            }
            long millis = (System.nanoTime() - began) / 1_000_000;
            long bytes = threads.getCurrentThreadAllocatedBytes() - had;
            slowest = Math.max(slowest, millis);
            wrong = millis > RUN_MILLIS_MAX ? "took " + millis + " ms" : wrong;
            wrong = bytes > RUN_BYTES_MAX ? "allocated " + bytes + " bytes" : wrong;
            if (!wrong.isEmpty()) {
                throw new AssertionError(
                        name + ": replay with -Dqrate.seed=" + seed + ": " + wrong + "\n"
                                + Base64.getEncoder().encodeToString(input),
                        cause);
            }
            runs++;
            seed++;
        } while (only == null && System.nanoTime() < end);
        System.out.println("fuzz: " + name + ": " + runs + " inputs, slowest " + slowest + " ms, nothing found");
        return new Outcome(runs, slowest);
    }

    /// Texts as a corpus.
    public static List<byte[]> corpus(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static byte[] input(List<byte[]> corpus, Random random) {
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        for (int i = random.nextInt(1 + random.nextInt(12)); i > 0; i--) {
            bytes = changed(bytes, corpus, random);
        }
        return bytes.length > INPUT_BYTES_MAX ? Arrays.copyOf(bytes, INPUT_BYTES_MAX) : bytes;
    }

    private static byte[] changed(byte[] bytes, List<byte[]> corpus, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(1 + random.nextInt(32)));
        List<byte[]> pieces = new ArrayList<>(List.of(Arrays.copyOf(bytes, at)));
        byte[] rest = Arrays.copyOfRange(bytes, end, bytes.length);
        byte[] middle = Arrays.copyOfRange(bytes, at, end);
        switch (random.nextInt(7)) {
            case 0 -> pieces.add(feared(random));
            case 1 -> {
                // left out
            }
            case 2 -> {
                for (int i = random.nextInt(1 + random.nextInt(400)); i > 0; i--) {
                    pieces.add(middle);
                }
            }
            case 3 -> {
                random.nextBytes(middle);
                pieces.add(middle);
            }
            case 4 -> {
                if (middle.length > 0) {
                    middle[random.nextInt(middle.length)] ^= (byte) (1 << random.nextInt(8));
                }
                pieces.add(middle);
            }
            case 5 -> {
                byte[] other = corpus.get(random.nextInt(corpus.size()));
                int from = random.nextInt(other.length + 1);
                pieces.add(Arrays.copyOfRange(other, from, other.length));
            }
            default -> rest = new byte[0];
        }
        pieces.add(rest);
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        byte[] all = new byte[length];
        int to = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, to, piece.length);
            to += piece.length;
        }
        return all;
    }

    private static byte[] feared(Random random) {
        return FEARED[random.nextInt(FEARED.length)].getBytes(StandardCharsets.ISO_8859_1);
    }
}
