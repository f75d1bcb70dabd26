package qrate.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Json;
import qrate.directory.Opening;
import qrate.directory.Settings;

class ApplyTest {
    private static final String FILE = """
        control:
          databytes: 50000000
          badmailfrom: ["@spam.test", bad@far.test]
          smtproutes: [":relay.test:587 alice secret"]
          rcpthosts: [other.test]
          concurrencyremote: 30
        administrators:
          admin: {password: correct horse battery}
          bob: {password: correct horse battery}
        domains:
          example.test:
            alias_domains: [example.example]
            catch_all: ann@example.test
            limits: {mailboxes: 10, aliases: 20, quota: 100MB}
            mailboxes:
              postmaster: {password: correct horse battery}
              ann: {password: correct horse battery, quota: 50MB, pop: false}
              cid: {password: correct horse battery, update_password: on_create}
            aliases:
              sales: [ann@example.test, bob@elsewhere.test]
            lists:
              team:
                owner: ann@example.test
                moderated: true
                prefix: "[team]"
                subscribers: [x@far.test, y@far.test]
                moderators: [ann@example.test]
          second.test: {}
        """;

    @TempDir
    private Path folder;

    private Rig rig;

    @BeforeEach
    void makeRig() throws Exception {
        rig = new Rig(folder.resolve("one"));
    }

    private void applied(String yaml, String... options) throws Exception {
        assertEquals(0, rig.apply(yaml, options), rig.err());
    }

    @Test
    void changesOfListsAndControlFilesStandInTheAuditLogToo() throws Exception {
        applied("control: {databytes: 5}\ndomains: {example.test: {lists: {team: {subscribers: [a@far.test]}}}}\n");
        applied("control: {databytes: 6}\ndomains: {example.test: {lists: {team: {moderated: true}}}}\n");
        applied("control: {me: mail.example.test}\ndomains: {example.test: {lists: {}}}\n", "--prune", "--yes");
        try (Domains domains = Domains.open(
                rig.state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), rig.state), InstantSource.system())) {
            List<String> said = domains.audit().newest(20).stream()
                    .map(event -> event.door() + ": " + event.what())
                    .toList();
            for (String line : List.of(
                    "set control file databytes: 5",
                    "list team@example.test: made",
                    "add to subscribers of list team@example.test: a@far.test",
                    "set control file databytes: 5 -> 6",
                    "list team@example.test: moderated false -> true",
                    "remove control file databytes: was 6",
                    "remove list team@example.test")) {
                assertTrue(said.contains("command: " + line), line + " " + said);
            }
        }
    }

    @Test
    void whatIsNamedIsThereAndASecondRunHasNothingToDo() throws Exception {
        assertEquals(2, rig.apply(FILE, "--dry-run"), rig.err());
        String planned = rig.out();
        assertFalse(Files.exists(rig.state.control().resolve("databytes")), "a dry run touches nothing");
        applied(FILE);
        assertTrue(rig.out().startsWith(planned), rig.out());
        assertTrue(planned.contains("add mailbox ann@example.test\n"), planned);
        assertTrue(planned.contains("add subscriber of list team@example.test: x@far.test\n"), planned);
        assertFalse(planned.contains("secret"), planned);
        assertTrue(rig.out().contains("note: control/concurrencyremote is read at the start"), rig.out());
        applied(FILE);
        assertEquals("nothing to do\n", rig.out());
        assertEquals(0, rig.apply(FILE, "--dry-run"));
        assertTrue(rig.control("rcpthosts").contains("example.example\n"), rig.control("rcpthosts"));
        assertTrue(rig.control("rcpthosts").contains("other.test\n"), rig.control("rcpthosts"));
        assertEquals("50000000\n", rig.control("databytes"));
    }

    @Test
    void anExportMakesTheSameElsewhereToTheByte() throws Exception {
        applied(FILE);
        String secret = rig.export("--secrets");
        assertEquals(0, rig.apply(secret, "--dry-run", "--prune"), rig.out());
        Rig other = new Rig(folder.resolve("two"));
        assertEquals(0, other.apply(secret), other.err());
        assertEquals(secret, other.export("--secrets"));
        assertTrue(secret.contains("password_hash: $2b$04$") || secret.contains("password_hash: \"$2"), secret);
    }

    @Test
    void hashesAndPasswordsAreExportedOnRequestOnlyAndIntoAFileOfOnesOwn() throws Exception {
        applied(FILE);
        String plain = rig.export();
        assertFalse(plain.contains("hash") || plain.contains("secret"), plain);
        assertEquals(0, rig.apply(plain, "--dry-run", "--prune"), rig.out());
        Path file = folder.resolve("out.yaml");
        rig.export("--secrets", file.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(Files.readString(file).contains("keep it from other eyes"));
    }

    @Test
    void whatDiffersIsChangedAndTheRestIsLeftAlone() throws Exception {
        applied(FILE);
        applied("""
            control: {databytes: 1}
            domains:
              example.test:
                mailboxes: {ann: {quota: 1GB}}
                aliases: {sales: [cid@example.test]}
                lists: {team: {moderated: false, subscribers: [z@far.test]}}
            """);
        assertEquals("""
            change control file databytes: 50000000 -> 1
            change mailbox ann@example.test: quota 50MB -> 1GB
            add alias sales@example.test: to cid@example.test
            remove alias sales@example.test: to ann@example.test
            remove alias sales@example.test: to bob@elsewhere.test
            change list team@example.test: moderated true -> false
            add subscriber of list team@example.test: z@far.test
            """, rig.out());
        assertTrue(rig.export().contains("- x@far.test"), "subscribers stay");
    }

    @Test
    void aPasswordIsSetAnewOnlyWhereItIsAnotherAndTheFileSaysSo() throws Exception {
        applied(FILE);
        applied(FILE.replace("correct horse battery", "another good one"));
        assertEquals("""
            change password of mailbox ann@example.test
            change password of mailbox postmaster@example.test
            """, rig.out());
    }

    @Test
    void pruningSaysWhatGoesAndWantsAYes() throws Exception {
        applied(FILE);
        String less = """
            control: {databytes: 50000000}
            domains:
              example.test:
                mailboxes: {ann: {}}
                aliases: {}
                lists: {}
            """;
        assertEquals(100, rig.apply(less, "--prune"));
        assertTrue(rig.err().contains("the domain second.test, its 1 mailboxes with all mail"), rig.err());
        assertTrue(rig.err().contains("the mailing list team@example.test"), rig.err());
        applied(FILE);
        assertEquals("nothing to do\n", rig.out());
        applied(less, "--prune", "--yes");
        assertTrue(rig.out().contains("remove mailbox cid@example.test: with all mail\n"), rig.out());
        assertFalse(rig.out().contains("remove mailbox postmaster"), rig.out());
        assertTrue(rig.out().contains("remove control file smtproutes\n"), rig.out());
        assertFalse(Files.exists(rig.state.maildirs().resolve("domains/example.test/team")));
        assertFalse(Files.exists(
                rig.state.maildirs().resolve("domains/example.test/.qmail-team"),
                java.nio.file.LinkOption.NOFOLLOW_LINKS));
        String after = rig.export();
        assertFalse(after.contains("sales") || after.contains("team") || after.contains("second"), after);
        assertEquals(0, rig.apply(less, "--prune", "--dry-run"), rig.out());
        assertEquals(100, rig.apply("domains: {}", "--prune", "--yes"));
        assertTrue(rig.err().contains("would remove every domain"), rig.err());
    }

    @Test
    void aWrongFileIsRefusedWithItsPlaceBeforeAnythingIsTouched() throws Exception {
        for (String[] wrong : new String[][] {
            {"control: {databytes: many}", "line 1, column 22: control.databytes: many: not a whole number"},
            {"control: {databites: 1}", "line 1, column 11: control.databites: there is no such control file"},
            {"domain: {}", "line 1, column 1: domain: unknown here; known: administrators, control, domains"},
            {"domains:\n  a.test:\n    mailboxes:\n      ann: {quotta: 1}", "line 4, column 13: quotta: unknown in"},
            {"domains: {a.test: {mailboxes: {ann: {quota: lots}}}}", "must be a quota"},
            {"domains: {a.test: {mailboxes: {ann: {password: x}}}}", "mailboxes.ann.password: "},
            {"domains: {a.test: {mailboxes: {Ann: {}}}}", "no local part"},
            {"domains: {A.test: {}}", "not spelled as it is stored: a.test"},
            {"domains: {a.test: {aliases: {x: [no address]}}}", "is no address"},
            {"domains: {a.test: {alias_domains: [b.test]}, b.test: {}}", "b.test stands there twice"},
            {"control: {locals: [a.test]}\ndomains: {a.test: {}}", "whose mailboxes would get no mail"},
            {"control: {tcp.smtp: ['1.2.3.:maybe']}", "address:allow or address:deny expected"},
            {"a: &x [1]\nb: !!int 3", "no tags are taken"},
            {"a: [", "line 1"},
            {"domains: {}\ndomains: {}", "stands there twice"},
            {"--- {}\n--- {}", "a second document"},
        }) {
            assertEquals(100, rig.apply(wrong[0]), wrong[0]);
            assertTrue(rig.err().contains(wrong[1]), wrong[0] + " " + rig.err());
            assertEquals("", rig.out());
        }
        assertEquals(
                "domains: {}\n",
                rig.export()
                                .lines()
                                .filter(l -> l.startsWith("domains"))
                                .findFirst()
                                .orElseThrow() + "\n");
    }

    @Test
    void aRunThatWasCutOffAnywhereIsFinishedByTheNext() throws Exception {
        applied(FILE);
        String whole = rig.export();
        for (int most = 0; ; most++) {
            Rig cut = new Rig(folder.resolve("cut" + most));
            int left = most;
            int code = cut.apply(environment -> failing(Opening.open(environment), left), FILE);
            if (code == 0) {
                assertTrue(most > 10, "so many changes were cut: " + most);
                return;
            }
            assertEquals(111, code, cut.err());
            assertEquals(0, cut.apply(FILE), cut.err());
            assertEquals(whole, cut.export(), "cut after " + most);
        }
    }

    private static final Set<String> CHANGES = Set.of("apply", "addMailboxes");

    /// A directory that goes away after so many changes.
    private static EditableDirectory failing(EditableDirectory real, int most) {
        int[] left = {most};
        return (EditableDirectory) Proxy.newProxyInstance(
                ApplyTest.class.getClassLoader(), new Class<?>[] {EditableDirectory.class}, (_, method, arguments) -> {
                    if (CHANGES.contains(method.getName()) && left[0]-- <= 0) {
                        throw new java.io.IOException("away");
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whatContradictsWhatIsThereIsRefused() throws Exception {
        applied(FILE);
        for (String[] wrong : new String[][] {
            {"domains: {example.example: {}}", "is an alias domain of example.test here"},
            {"domains: {second.test: {alias_domains: [example.example]}}", "an alias domain of example.test here"},
            {"domains: {example.test: {limits: {mailboxes: 3}, mailboxes: {new: {}}}}", "would be 4, and 3 are"},
            {"domains: {example.test: {lists: {ann: {}}}}", "a mailbox or alias has that name here"},
            {"domains: {example.test: {mailboxes: {team: {}}}}", "a mailing list has that name here"},
            {"domains: {example.test: {aliases: {team: [a@b.test]}}}", "belongs to a mailing list here"},
        }) {
            assertEquals(100, rig.apply(wrong[0]), wrong[0]);
            assertTrue(rig.err().contains(wrong[1]), wrong[0] + " " + rig.err());
        }
        applied(FILE);
        assertEquals("nothing to do\n", rig.out());
    }

    /// What is written where a domain says nothing.
    @Test
    void ownTextsOfTheSystemAreSaidChangedAndPrunedAsThoseOfADomain() throws Exception {
        applied("""
            language: zh-Hant
            texts:
              bounce-double: {en: "Not delivered at {host}.", zh-Hant: 沒有送達。}
              quota-subject: {en: Nearly full}
            """);
        assertEquals("""
            change language of this system:  -> zh-Hant
            change text of this system: bounce-double en
            change text of this system: bounce-double zh-Hant
            change text of this system: quota-subject en
            """, rig.out());
        assertTrue(rig.export().contains("\nlanguage: zh-Hant\ntexts:\n  bounce-double:\n"), rig.export());
        applied("texts: {quota-subject: {en: Full}}");
        assertEquals("change text of this system: quota-subject en\n", rig.out());
        applied("texts: {bounce-double: {en: \"\"}, quota-subject: {en: Full}}", "--prune");
        assertEquals("""
            change text of this system: bounce-double en
            change text of this system: bounce-double zh-Hant
            """, rig.out());
        assertEquals(100, rig.apply("texts: {bounce-double: {en: \"{sender}\"}}"));
        assertTrue(rig.err().contains("line 1, column 29: text: {sender} is not known here"), rig.err());
        assertEquals(100, rig.apply("language: xx"));
    }

    @Test
    void jsonSaysTheSameForPrograms() throws Exception {
        assertEquals(2, rig.apply("domains: {a.test: {}}", "--dry-run", "--json"));
        assertEquals(
                "{\"changed\":true,\"changes\":[{\"act\":\"add\",\"kind\":\"domain\",\"name\":\"a.test\",\"what\":"
                        + "\"postmaster with a password that nobody knows: set one\"}],\"notes\":[],\"error\":\"\"}\n",
                rig.out());
        assertEquals(100, rig.apply("domain: x", "--json"));
        assertTrue(
                rig.out().startsWith("{\"changed\":false,\"changes\":[],\"notes\":[],\"error\":\"the file: line 1"),
                rig.out());
        assertEquals(List.of(), rig.err().lines().skip(1).toList());
    }

    @Test
    void anAliasOfYamlCountsEachTimeAndABombIsRefused() throws Exception {
        applied("domains: {a.test: {mailboxes: {ann: &box {quota: 1MB}, bob: *box}}}");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ",").repeat(9))
                    .append("x]\n");
        }
        assertEquals(100, rig.apply(bomb.toString()));
        assertTrue(rig.err().contains("more than " + Yaml.VALUES_MAX + " values"), rig.err());
        assertEquals(100, rig.apply("[".repeat(5000)));
        assertTrue(rig.err().contains("nested deeper"), rig.err());
    }

    @Test
    void anExportAsJsonIsOneObjectAndMakesTheSameElsewhere() throws Exception {
        applied(FILE);
        String yaml = rig.export("--secrets");
        String json = rig.export("--secrets", "--json");
        assertEquals(1, json.lines().count());
        assertTrue(Json.object(json.getBytes(UTF_8)).keySet().containsAll(List.of("control", "domains")), json);
        Rig other = new Rig(folder.resolve("two"));
        assertEquals(0, other.apply(json), other.err());
        assertEquals(yaml, other.export("--secrets"));
    }
}
