package qrate.snapshots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.cdb.Cdb;
import qrate.testkit.Seeds;

class QmailNewuTest extends CommandTest {
    private Path users;

    @BeforeEach
    void makeUsers() throws IOException {
        users = Files.createDirectories(state.resolve("users"));
    }

    @Test
    void makesTheDatabaseThatLspawnReads() throws Exception {
        assign("""
                +:alias:7790:2108:/var/qmail/alias:-::
                +Joe-:joe:507:100:/home/joe:-:pre-:more:fields
                =Joe:joe:507:100:/home/joe:::
                =joe:second:1:1:/home/second:::
                .
                what stands behind the dot is not read
                """);
        assertEquals(0, run(new QmailNewu(), ""));
        assertEquals("", said() + complained());
        try (Cdb cdb = Cdb.open(users.resolve("cdb"))) {
            assertEquals("alias|7790|2108|/var/qmail/alias|-|", get(cdb, "!"));
            assertEquals("joe|507|100|/home/joe|-|pre-", get(cdb, "!joe-"));
            assertEquals("joe|507|100|/home/joe||", get(cdb, "!joe\0"));
            assertEquals("-", get(cdb, ""));
        }
        try (Stream<Path> files = Files.list(users)) {
            assertEquals(2, files.count());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "=joe:joe:1:1:/home:::\n",
                "=joe:joe:1:1:/home:::",
                "=joe:joe:1:1:/home::\n.\n",
                "joe:joe:1:1:/home:::\n.\n",
                "\n.\n",
                ":joe:1:1:/home::::\n.\n",
                "=j\0oe:joe:1:1:/home:::\n.\n"
            })
    void complainsAndLeavesTheDatabaseAlone(String assign) throws Exception {
        assign("=ann:ann:1:1:/home/ann:::\n.\n");
        assertEquals(0, run(new QmailNewu(), ""));
        byte[] before = Files.readAllBytes(users.resolve("cdb"));
        assign(assign);
        assertEquals(111, run(new QmailNewu(), ""));
        assertTrue(complained().startsWith("qmail-newu: fatal: bad format in users/assign: "), complained());
        assertArrayEquals(before, Files.readAllBytes(users.resolve("cdb")));
    }

    @Test
    void needsItsFileAndNoArguments() throws Exception {
        assertEquals(111, run(new QmailNewu(), ""));
        assertTrue(complained().startsWith("qmail-newu: fatal: unable to read users/assign"), complained());
        assertEquals(100, run(new QmailNewu(), "", "x"));
        assign(".\n");
        Files.createDirectories(users.resolve("cdb/in-the-way"));
        assertEquals(111, run(new QmailNewu(), ""));
        assertTrue(complained().startsWith("qmail-newu: fatal: unable to write users/cdb"), complained());
    }

    @Test
    void readsNoFileOfMoreThanHalfAGigabyte() throws Exception {
        try (RandomAccessFile holes =
                new RandomAccessFile(users.resolve("assign").toFile(), "rw")) {
            holes.setLength(QmailNewu.ASSIGN_BYTES_MAX + 1);
        }
        assertEquals(111, run(new QmailNewu(), ""));
        assertEquals("qmail-newu: fatal: users/assign is larger than 536870912 bytes\n", complained());
    }

    /// Whatever stands in users/assign is taken whole or refused, and never breaks anything else.
    @Test
    void takesOrRefusesWhateverStandsInItsFile() {
        String letters = "=+:.\n\0ajoe-1\u00e9";
        Seeds.forAll(2000, random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int i = 0; i < length; i++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                Assignments.ofFile(text.append(random.nextBoolean() ? "\n.\n" : "")
                        .toString()
                        .getBytes(ISO_8859_1));
            } catch (Assignments.BadFormat e) {
                assertTrue(e.getMessage().startsWith("bad format in users/assign: "), e.getMessage());
            }
        });
    }

    private void assign(String text) throws IOException {
        Files.write(users.resolve("assign"), text.getBytes(ISO_8859_1));
    }

    private static String get(Cdb cdb, String key) throws IOException {
        Optional<byte[]> found = cdb.get(key.getBytes(ISO_8859_1));
        return new String(found.orElseThrow(), ISO_8859_1).replace('\0', '|');
    }

    @Test
    void keepsEveryByteOfAName() throws Exception {
        Files.write(users.resolve("assign"), new byte[] {
            '+',
            'x',
            (byte) 0xe9,
            ':',
            'u',
            ':',
            '1',
            ':',
            '1',
            ':',
            '/',
            ':',
            '-',
            ':',
            (byte) 0xff,
            ':',
            '\n',
            '.',
            '\n'
        });
        assertEquals(0, run(new QmailNewu(), ""), complained());
        try (Cdb cdb = Cdb.open(users.resolve("cdb"))) {
            assertEquals(List.of("u|1|1|/|-|\u00ff", "\u00e9"), List.of(get(cdb, "!x\u00e9"), get(cdb, "")));
        }
    }
}
