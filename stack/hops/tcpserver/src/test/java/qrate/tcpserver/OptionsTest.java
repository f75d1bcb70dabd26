package qrate.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.cdb.Cdb;
import qrate.testkit.Seeds;

class OptionsTest {
    private static Options parse(String line) {
        return Options.parse(List.of(line.split(" ")), Map.of("UID", "7", "GID", "8"));
    }

    @Test
    void standsAtTheDocumentedDefaults() {
        Options options = parse("0 25 program -v argument");
        assertEquals(Verbosity.ERRORS, options.verbosity());
        assertEquals(new Options.Limits(40, 0, 20), options.limits());
        assertEquals(new Options.Rights(-1, -1), options.rights());
        assertEquals(new Options.Questions(true, false, true, 26, Optional.empty()), options.questions());
        assertEquals(new Options.Flags(false, false, false, false), options.flags());
        assertEquals(List.of("program", "-v", "argument"), options.program());
        assertEquals("0:25", options.host() + ":" + options.port());
    }

    @Test
    void takesEveryOptionTogetherOrApart() {
        Options options = parse("-vHpR1XDo -c5 -C 3 -b 9 -u 1 -g2 -xr.cdb -Bhi -t 4 -lme -- h p prog");
        assertEquals(Verbosity.VERBOSE, options.verbosity());
        assertEquals(new Options.Limits(5, 3, 9), options.limits());
        assertEquals(new Options.Rights(1, 2), options.rights());
        assertEquals(new Options.Questions(false, true, false, 4, Optional.of("me")), options.questions());
        assertEquals(new Options.Flags(true, true, true, true), options.flags());
        assertEquals(Optional.of(Path.of("r.cdb")), options.rules());
        assertEquals("hi", new String(options.banner(), StandardCharsets.US_ASCII));
        assertEquals(new Options.Rights(7, 8), parse("-U h p prog").rights());
        assertEquals(
                new Options.Questions(true, false, true, 26, Optional.empty()),
                parse("-HhpPRr h p x").questions());
        assertEquals(Verbosity.QUIET, parse("-vQq h p x").verbosity());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h p", "-z h p x", "-c 0 h p x", "-c x h p x", "-t -1 h p x", "-c 99999999999 h p x", "-u", "-v"
            })
    void refusesWhatIsNoCommandLine(String line) {
        assertThrows(IllegalArgumentException.class, () -> parse(line));
    }

    @Test
    void readsAnyCommandLineToAnEnd() {
        Seeds.forAll(3000, random -> {
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                StringBuilder word = new StringBuilder(random.nextBoolean() ? "-" : "");
                for (int j = random.nextInt(5); j > 0; j--) {
                    word.append((char) (random.nextInt(95) + 32));
                }
                words.add(word.toString());
            }
            try {
                assertTrue(!Options.parse(words, Map.of()).program().isEmpty());
            } catch (IllegalArgumentException _) {
                // documented
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'6193, 23 : USERID : UNIX : ann',ann",
        "'6193, 23 : USERID : OTHER,US-ASCII : a:b ',a:b",
        "'6193, 23 : ERROR : HIDDEN-USER',''",
        "'1,2:USERID:UNIX:with blank',''",
        "nonsense,''",
        "'',''"
    })
    void readsTheAnswerOfAnIdentServer(String answer, String user) {
        assertEquals(user, Gathered.user(answer));
    }

    @Test
    void readsServices() {
        assertEquals(Optional.of(25), Tcpserver.service("smtp\t\t25/tcp\t\tmail # mail", "smtp"));
        assertEquals(Optional.of(25), Tcpserver.service("smtp 25/tcp mail", "mail"));
        assertEquals(Optional.empty(), Tcpserver.service("domain 53/udp", "domain"));
        assertEquals(Optional.empty(), Tcpserver.service("# smtp 25/tcp", "smtp"));
        assertEquals(Optional.empty(), Tcpserver.service("", "smtp"));
    }

    @Test
    void findsRulesOfUsersBeforeThoseOfHosts(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("rules.cdb");
        TcprulesCompiler.compile(
                "ann@1.2.3.4:allow,WHO=\"1\"\nann@=host.test:allow,WHO=\"2\"\n1.2.3.4:allow,WHO=\"3\"\n=host.test:deny\n",
                file);
        try (Cdb cdb = Cdb.open(file)) {
            Rules rules = Rules.of(cdb);
            assertEquals("ann@1.2.3.4", find(rules, "1.2.3.4", "host.test", "ann"));
            assertEquals("ann@=host.test", find(rules, "1.2.3.5", "host.test", "ann"));
            assertEquals("1.2.3.4", find(rules, "1.2.3.4", "host.test", "bob"));
            assertEquals("=host.test", find(rules, "1.2.3.5", "host.test", ""));
        }
    }

    private static String find(Rules rules, String ip, String host, String info) {
        return rules.find(Ip.parse(ip).orElseThrow(), host, info).orElseThrow().key();
    }
}
