package qrate.cdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.Seeds;

class CdbTest {
    @TempDir
    Path folder;

    @Test
    void findsEveryKeyAndNoOther() {
        Seeds.forAll(50, random -> {
            Map<String, String> expected = new HashMap<>();
            CdbWriter writer = new CdbWriter();
            for (int i = random.nextInt(300); i > 0; i--) {
                String key = text(random);
                if (expected.putIfAbsent(key, text(random)) == null) {
                    writer.put(key.getBytes(UTF_8), expected.get(key).getBytes(UTF_8));
                }
            }
            try (Cdb cdb = open(writer.toBytes())) {
                for (Map.Entry<String, String> entry : expected.entrySet()) {
                    assertArrayEquals(
                            entry.getValue().getBytes(UTF_8),
                            cdb.get(entry.getKey().getBytes(UTF_8)).orElseThrow());
                }
                String other = "no such " + text(random);
                assertEquals(
                        expected.containsKey(other),
                        cdb.get(other.getBytes(UTF_8)).isPresent());
                Map<String, String> listed = new HashMap<>();
                cdb.forEach((k, v) -> listed.put(new String(k, UTF_8), new String(v, UTF_8)));
                assertEquals(expected, listed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void keepsTheFirstOfTwoValues() throws IOException {
        CdbWriter writer = new CdbWriter();
        writer.put(new byte[] {1}, new byte[] {2}).put(new byte[] {1}, new byte[] {3});
        try (Cdb cdb = open(writer.toBytes())) {
            assertArrayEquals(new byte[] {2}, cdb.get(new byte[] {1}).orElseThrow());
        }
    }

    @Test
    void hashesAsThePublishedFormatDoes() {
        // cdb(5): h = ((h << 5) + h) ^ c, starting from 5381
        assertEquals(5381, Cdb.hash(new byte[0]));
        assertEquals((5381 * 33) ^ 'a', Cdb.hash(new byte[] {'a'}));
    }

    @Test
    void placesTablesBehindTheRecords() {
        byte[] file = new CdbWriter().put(new byte[] {'a'}, new byte[6]).toBytes();
        int table = Cdb.hash(new byte[] {'a'}) & 0xff;
        // one record of 8 + 1 + 6 bytes after the header of 2048, then two slots of 8 bytes
        assertEquals("0f08000002000000", HexFormat.of().formatHex(file, table * 8, table * 8 + 8));
        assertEquals(2048 + 15 + 16, file.length);
    }

    @Test
    void refusesDamagedFilesInsteadOfAnswering() {
        CdbWriter writer = new CdbWriter();
        for (int i = 0; i < 20; i++) {
            writer.put(("key" + i).getBytes(UTF_8), new byte[i]);
        }
        byte[] good = writer.toBytes();
        Seeds.forAll(300, random -> {
            byte[] bad = good.clone();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try (Cdb cdb = open(bad)) {
                List<byte[]> values = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    cdb.get(("key" + i).getBytes(UTF_8)).ifPresent(values::add);
                }
                assertTrue(values.size() <= 20);
            } catch (IOException e) {
                assertTrue(e.getMessage().endsWith("damaged cdb"), e.getMessage());
            }
        });
    }

    @Test
    void refusesAShortFile() {
        assertThrows(IOException.class, () -> open(new byte[100]));
    }

    private Cdb open(byte[] content) throws IOException {
        Path file = Files.createTempFile(folder, "t", ".cdb");
        Files.write(file, content);
        return Cdb.open(file);
    }

    private static String text(Random random) {
        return "k" + random.nextInt(1000) + "x".repeat(random.nextInt(20));
    }
}
