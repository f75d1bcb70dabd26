package qrate.snapshots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Program;

class QmailPw2uTest extends CommandTest {
    private static final String PASSWD = """
            root:x:0:0:root:/root:/bin/sh
            alias:x:7790:2108::/var/qmail/alias:/bin/true
            joe:x:507:100:Joe:/home/joe:/bin/sh
            Ann:x:508:100::/home/ann:/bin/sh
            gone:x:509:100::/home/gone:/bin/sh
            other:x:510:100::/home/joe:/bin/sh
            no account
            short:x:1:1
            """;

    private static final String ALIAS = """
            +:alias:7790:2108:/var/qmail/alias:-::
            =alias:alias:7790:2108:/var/qmail/alias:::
            +alias-:alias:7790:2108:/var/qmail/alias:-::
            """;

    private static final String JOE = """
            =joe:joe:507:100:/home/joe:::
            +joe-:joe:507:100:/home/joe:-::
            """;

    private final Map<Path, Long> homes =
            Map.of(Path.of("/var/qmail/alias"), 7790L, Path.of("/home/joe"), 507L, Path.of("/home/ann"), 508L);

    private final Program pw2u = new QmailPw2u(
            folder -> homes.containsKey(folder) ? OptionalLong.of(homes.get(folder)) : OptionalLong.empty());

    private Path users;

    @BeforeEach
    void makeUsers() throws IOException {
        users = Files.createDirectories(state.resolve("users"));
    }

    @Test
    void givesEachUserWithAHomeOfHisOwnHisAddresses() throws Exception {
        assertEquals(0, run(pw2u, PASSWD), complained());
        assertEquals(ALIAS + JOE + ".\n", said());
        assertEquals(0, run(pw2u, PASSWD, "-o", "-U"));
        assertEquals(ALIAS + JOE + ".\n", said());
    }

    @Test
    void obeysItsOptions() throws Exception {
        assertEquals(0, run(pw2u, PASSWD, "-u"));
        assertTrue(said().contains("=Ann:Ann:508:100:/home/ann:::\n"), said());
        assertEquals(0, run(pw2u, PASSWD, "-H"));
        assertTrue(said().contains("=gone:") && said().contains("=other:") && !said().contains("root"), said());
        assertEquals(111, run(pw2u, PASSWD, "-h"));
        assertEquals("qmail-pw2u: fatal: home directory /home/gone does not exist\n", complained());
        assertEquals("", said());
        assertEquals(0, run(pw2u, PASSWD, "-c+"));
        assertTrue(said().contains("+joe+:joe:507:100:/home/joe:-::\n"), said());
        assertEquals(0, run(pw2u, PASSWD, "-c", "."));
        assertTrue(said().contains("+joe.:joe:507:100:/home/joe:-::\n"), said());
        assertEquals(0, run(pw2u, PASSWD, "-C"));
        assertTrue(!said().contains("+joe"), said());
        assertEquals(0, run(pw2u, PASSWD, "-/"));
        assertTrue(said().contains("+joe-:joe:507:100:/home/joe:-/::\n"), said());
        assertTrue(said().contains("=joe:joe:507:100:/home/joe:::\n"), said());
        assertEquals(0, run(pw2u, PASSWD, "-/C"));
    }

    @Test
    void obeysTheFilesBesideTheAssignments() throws Exception {
        Files.writeString(users.resolve("exclude"), "# nobody\n");
        Files.writeString(users.resolve("mailnames"), "joe:old:\njoe:j:joe.shmoe:\nnobody:x:\n");
        Files.writeString(users.resolve("subusers"), "sales:joe:shop:\nnot a line\n");
        Files.writeString(users.resolve("append"), "=extra:joe:507:100:/home/joe:::\n");
        assertEquals(0, run(pw2u, PASSWD), complained());
        assertEquals(ALIAS + """
                =j:joe:507:100:/home/joe:::
                +j-:joe:507:100:/home/joe:-::
                =joe.shmoe:joe:507:100:/home/joe:::
                +joe.shmoe-:joe:507:100:/home/joe:-::
                =sales:joe:507:100:/home/joe:-:shop:
                +sales-:joe:507:100:/home/joe:-:shop-:
                =extra:joe:507:100:/home/joe:::
                .
                """, said());
        Files.writeString(users.resolve("assign"), said());
        assertEquals(0, run(new QmailNewu(), ""), complained());
    }

    @Test
    void takesOnlyUsersThatAreIncludedAndNotExcluded() throws Exception {
        Files.writeString(users.resolve("include"), "alias\nJOE\n");
        assertEquals(0, run(pw2u, PASSWD, "-H"));
        assertEquals(ALIAS + JOE + ".\n", said());
        Files.writeString(users.resolve("exclude"), "joe\n");
        assertEquals(0, run(pw2u, PASSWD, "-H"));
        assertEquals(ALIAS + ".\n", said());
    }

    @Test
    void stopsWithoutTheUsersItNeeds() throws Exception {
        assertEquals(111, run(pw2u, "joe:x:507:100:Joe:/home/joe:/bin/sh\n"));
        assertEquals("qmail-pw2u: fatal: unable to find alias user\n", complained());
        Files.writeString(users.resolve("subusers"), "sales:nobody:shop:\n");
        assertEquals(111, run(pw2u, PASSWD));
        assertEquals("qmail-pw2u: fatal: unable to find nobody user for subuser\n", complained());
        assertEquals("", said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "joe", "-c", "-"})
    void refusesAWrongCall(String argument) throws Exception {
        assertEquals(100, run(pw2u, PASSWD, argument));
        assertTrue(complained().startsWith("qmail-pw2u: usage: "));
    }
}
