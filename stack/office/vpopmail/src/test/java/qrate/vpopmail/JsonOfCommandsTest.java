package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.JsonWriter;
import qrate.directory.Edit;
import qrate.directory.Json;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.Shapes;
import qrate.directory.Tokens;
import qrate.testkit.Seeds;

/// Whatever of vpopmail's commands reads says the same as JSON, in the shapes of REST.
class JsonOfCommandsTest extends DirectoryByHand {
    private static final String ODD = "o'\u9673\"\u001b[2J\\";

    @BeforeEach
    void start() throws Exception {
        assertEquals(0, run("vadddomain example.test secret-word"));
        assertEquals(0, run("vaddaliasdomain example.test alias.test"));
        assertEquals(0, run("vadduser -q 1000S ann@example.test secret-word"));
        assertEquals(0, run("valias -i ann@example.test \u9673@example.test"), err.toString(UTF_8));
    }

    private Object json(String line) throws Exception {
        assertEquals(0, run(line), err.toString(UTF_8));
        assertEquals("", err.toString(UTF_8));
        return Json.value(out.toByteArray());
    }

    private Map<String, Object> object(String line) throws Exception {
        return Json.asObject(json(line));
    }

    private List<?> list(String line) throws Exception {
        return (List<?>) json(line);
    }

    @Test
    void mailboxesAreWhatRestSaysAndWhereTheyLie() throws Exception {
        Map<String, Object> ann = object("vuserinfo --json ann@example.test");
        Map<String, Object> rest = Shapes.of(domains.mailbox("ann@example.test").orElseThrow());
        assertEquals(Json.value(JsonWriter.write(rest).getBytes(UTF_8)), without(ann, "uid", "gid", "folder", "usage"));
        assertEquals("0%", ann.get("usage"));
        assertTrue(ann.get("folder").toString().endsWith("domains/example.test/ann"), ann::toString);
        List<?> all = list("vuserinfo --json -D example.test");
        assertEquals(2, all.size());
        assertTrue(all.contains(ann));
        assertEquals(100, run("vuserinfo --json nobody@example.test"));
        assertEquals("", out.toString(UTF_8));
    }

    private static Map<String, Object> without(Map<String, Object> shape, String... names) {
        Map<String, Object> rest = new LinkedHashMap<>(shape);
        rest.keySet().removeAll(List.of(names));
        return rest;
    }

    @Test
    void domainsAreWhatRestSaysWithTheirOtherNames() throws Exception {
        Map<String, Object> one = object("vdominfo --json example.test");
        assertEquals(List.of("alias.test"), one.get("aliasDomains"));
        assertEquals(2L, one.get("mailboxes"));
        assertTrue(one.get("folder").toString().endsWith("domains/example.test"), one::toString);
        Map<String, Object> alias = object("vdominfo --json alias.test");
        assertEquals("example.test", alias.get("aliasOf"));
        List<?> both = list("vdominfo --json");
        assertEquals(2, both.size());
        assertTrue(both.containsAll(List.of(one, alias)), both::toString);
        assertEquals(0, run("vmoddomlimits -P 5 example.test"));
        assertEquals(
                Map.of("mailboxes", 5L, "aliases", 0L, "quotaBytes", 0L), json("vmoddomlimits --json example.test"));
    }

    @Test
    void aliasesAreTheirLines() throws Exception {
        assertEquals(
                List.of(Map.of("address", "\u9673@example.test", "target", "ann@example.test")),
                json("valias --json example.test"));
        assertEquals(json("valias --json example.test"), json("valias -s --json \u9673@example.test"));
    }

    @Test
    void staffSessionsAndTokensAreWhatRestSays() throws Exception {
        domains.apply(new Edit.AddAdministrator("admin", new Password.Clear("long-enough")));
        Map<?, ?> admin = (Map<?, ?>) list("administrators --json").getFirst();
        assertEquals("admin", admin.get("name"));
        assertEquals("", admin.get("signedIn"), "never");
        assertEquals(List.of(), json("sessions --json"));
        Tokens.Wish wish = Tokens.Wish.usual("caf\u00e9 \" [x]");
        assertTrue(domains.tokens()
                .create(new Principal.Administrator("admin"), wish)
                .isPresent());
        Map<?, ?> token = (Map<?, ?>) list("tokens --json admin").getFirst();
        assertEquals("caf\u00e9 \" [x]", token.get("label"));
        assertEquals(List.of(), json("tokens --json nobody"));
        domains.as("admin").signIns().begin("a secret", ODD, Duration.ofHours(1));
        Map<?, ?> session = (Map<?, ?>) list("sessions --json").getFirst();
        assertEquals(ODD, session.get("browser"));
    }

    @Test
    void itStandsBesideNothingThatChangesOrChoosesFields() throws Exception {
        for (String line : List.of(
                "vuserinfo --json -n ann@example.test",
                "vdominfo --json -v example.test",
                "valias --json -d ann@example.test",
                "vmoddomlimits --json -P 9 example.test",
                "administrators --json -d admin",
                "administrators --json -R a@b.test admin",
                "tokens --json -d x",
                "vadduser --json bob@example.test secret-word",
                "vdominfo --json=1 example.test")) {
            assertEquals(100, run(line), line);
            assertTrue(
                    err.toString(UTF_8).startsWith(line.substring(0, line.indexOf(' ')) + ": usage: "),
                    err.toString(UTF_8));
            assertEquals("", out.toString(UTF_8));
        }
    }

    /// A value of any shape, with texts of any letters.
    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0 -> text(random);
            case 1 -> random.nextLong();
            case 2 -> random.nextBoolean();
            case 3 -> {
                List<Object> items = new ArrayList<>();
                for (int left = random.nextInt(4); left > 0; left--) {
                    items.add(value(random, depth + 1));
                }
                yield items;
            }
            default -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (int left = random.nextInt(4); left > 0; left--) {
                    members.put(text(random), value(random, depth + 1));
                }
                yield members;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
            int c = random.nextInt(random.nextBoolean() ? 0x100 : Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(Character.getType(c) == Character.SURROGATE ? '"' : c);
        }
        return text.toString();
    }

    @Test
    void whateverIsWrittenIsReadAgainAsItWas() {
        Seeds.forAll(2000, random -> {
            Object value = value(random, 0);
            try {
                assertEquals(value, Json.value(JsonWriter.write(value).getBytes(UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
