package qrate.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QmailGetpwTest extends CommandTest {
    private static final String ALIAS = "alias:x:7790:2108::/var/qmail/alias:/bin/true\n";
    private static final String PASSWD = "root:x:0:0::/root:/bin/sh\n" + ALIAS + """
            joe:x:507:100::/home/joe:/bin/sh
            joe-list:x:508:100::/home/list:/bin/sh
            Ann:x:509:100::/home/ann:/bin/sh
            gone:x:510:100::/home/gone:/bin/sh
            other:x:511:100::/home/joe:/bin/sh
            bad:x:512:100::/home/bad:/bin/sh
            a23456789012345678901234567890ab:x:513:100::/home/long:/bin/sh
            """;

    private final Map<String, Long> homes =
            Map.of("/root", 0L, "/home/joe", 507L, "/home/list", 508L, "/home/ann", 509L, "/home/long", 513L);

    @ParameterizedTest
    @CsvSource({
        "joe, joe|507|100|/home/joe|||",
        "JOE, joe|507|100|/home/joe|||",
        "Joe-Any.Thing, joe|507|100|/home/joe|-|Any.Thing|",
        "joe-, joe|507|100|/home/joe|-||",
        "joe-list, joe-list|508|100|/home/list|||",
        "joe-list-x, joe-list|508|100|/home/list|-|x|",
        "joe-lists, joe|507|100|/home/joe|-|lists|",
        "root, alias|7790|2108|/var/qmail/alias|-|root|",
        "ann, alias|7790|2108|/var/qmail/alias|-|ann|",
        "gone, alias|7790|2108|/var/qmail/alias|-|gone|",
        "other, alias|7790|2108|/var/qmail/alias|-|other|",
        "a23456789012345678901234567890ab, alias|7790|2108|/var/qmail/alias|-|a23456789012345678901234567890ab|",
        "Nobody, alias|7790|2108|/var/qmail/alias|-|Nobody|",
        "'', alias|7790|2108|/var/qmail/alias|-||",
    })
    void saysWhoControlsAnAddress(String local, String expected) throws Exception {
        assertEquals(0, run(getpw(PASSWD), "", local));
        assertEquals(expected, said().replace('\0', '|'));
    }

    @Test
    void printsNothingInCaseOfTrouble() throws Exception {
        assertEquals(100, run(getpw(PASSWD), ""));
        assertEquals(100, run(getpw(PASSWD), "", "a", "b"));
        assertEquals(111, run(getpw(PASSWD), "", "bad"));
        assertEquals(116, run(getpw("joe:x:507:100::/home/joe:/bin/sh\n"), "", "nobody"));
        assertEquals(111, run(new QmailGetpw(state.resolve("missing"), Passwd.Owners.real()), "", "joe"));
        assertEquals("", said() + complained());
    }

    private QmailGetpw getpw(String passwd) throws IOException {
        Path file = Files.writeString(state.resolve("passwd"), passwd);
        return new QmailGetpw(file, folder -> {
            if (folder.endsWith("bad")) {
                throw new IOException("unreadable");
            }
            Long owner = homes.get(folder.toString());
            return owner == null ? OptionalLong.empty() : OptionalLong.of(owner);
        });
    }
}
