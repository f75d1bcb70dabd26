package qrate.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.testkit.DnsServer;

class ExplainTest {
    @TempDir
    Path root;

    private Setting setting;

    @BeforeEach
    void set() throws IOException {
        setting = new Setting(root);
        setting.control("rcpthosts", "far.test\n.wild.test\nhack.test");
        setting.control(
                "virtualdomains",
                "virtual.test:virtual.test\nboss@far.test:alias-boss\n.wild.test:alias-wild\nout.wild.test:");
        setting.control("badrcptto", "bad@virtual.test\n@bad.test");
        setting.control("percenthack", "hack.test");
        setting.control("envnoathost", "local.test");
        setting.control("smtproutes", "route.test:[192.0.2.9]:2525 user secret\n.sub.test:");
        setting.mailbox("bad", 0);
        setting.mailbox("full", 10);
        setting.put("domains/virtual.test/full/Maildir/new/1.2.3,S=100", "x".repeat(100));
        setting.put("domains/virtual.test/full/Maildir/cur/.keep", "");
        setting.put("domains/virtual.test/.qmail-team", "|ezmlm-send '/list'\n");
        setting.put("domains/virtual.test/.qmail-run", "|/bin/true\n");
        setting.forward("team", "unused@virtual.test");
        setting.forward("run", "unused@virtual.test");
        setting.forward("fwd", "ann@virtual.test", "zoe@far.test");
        setting.forward("twice", "ann@virtual.test", "fwd@virtual.test", "ann@virtual.test");
        setting.forward("gone", "nobody@virtual.test");
        setting.forward("loop", "Loop@virtual.test");
        setting.forward("ping", "pong@virtual.test");
        setting.forward("pong", "ping@virtual.test");
        setting.put("alias/.qmail-list", "# comment\n&ann@virtual.test\n./box\n./dir/\n");
        setting.put("alias/.qmail-prog", "|exit 0\n&ann@virtual.test\n");
        setting.put("alias/.qmail-void", "# nobody reads this\n");
        setting.put("alias/dir/new/.keep", "");
        setting.put("alias/.qmail-boss-boss", "&ann@virtual.test\n");
        setting.put("alias/.qmail-wild-default", "./box\n");
        setting.put("alias/.qmail-blank", "\n&ann@virtual.test\n");
        setting.put("joe/.qmail", "./Maildir/\n");
        setting.put("joe/Maildir/new/.keep", "");
        setting.dns
                .put("far.test", "MX", "20 b.far.test.")
                .put("far.test", "MX", "10 a.far.test.")
                .put("a.far.test", "A", "192.0.2.1")
                .put("b.far.test", "A", "192.0.2.2")
                .put("b.far.test", "AAAA", "2001:db8::2")
                .put("null.test", "MX", "0 .")
                .put("direct.test", "A", "192.0.2.3")
                .put("self.test", "A", "127.0.0.1")
                .put("out.wild.test", "A", "192.0.2.4")
                .put("a.sub.test", "A", "192.0.2.5")
                .put("sick.test", "MX", "0 .")
                .fault("sick.test", DnsServer.Fault.SERVFAIL);
    }

    @AfterEach
    void close() throws IOException {
        setting.close();
    }

    /// Address, exit code, what is said of it, last line.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ann@virtual.test | 0 | smtpd: takes it from anybody | would be delivered: did 1+0+0",
                "ann@virtual.test | 0 | virtualdomains: virtual.test:virtual.test: local, with virtual.test- in front | would",
                "Ann@VIRTUAL.test | 0 | users/cdb: virtual.test-Ann belongs to user virtual.test | would be",
                "nobody@virtual.test | 100 | smtpd: refuses it: 550 5.1.1 | would be refused: 550 5.1.1",
                "bad@virtual.test | 100 | badrcptto: has it | would be refused: 550 5.7.1",
                "full@virtual.test | 100 | quota 10 bytes | would bounce: Mailbox is over its quota. (#5.2.2)",
                "team@virtual.test | 0 | list program, not run here | would be delivered: did 0+0+1",
                "run@virtual.test | 111 | program refused: /bin/true | would wait: Uh-oh: .qmail runs a program, which is not",
                "fwd@virtual.test | 0 | forward: zoe@far.test | would be delivered: did 0+2+0",
                "twice@virtual.test | 0 | zoe@far.test is not followed any further | would be delivered: did 0+3+0",
                "gone@virtual.test | 100 | forward: Sorry, no mailbox here by that name. | would bounce: Sorry, no",
                "loop@virtual.test | 100 | loop: Loop@virtual.test has had the message before | would bounce: This",
                "ping@virtual.test | 100 | loop: ping@virtual.test has had the message before | would bounce: This",
                "list@local.test | 0 | lspawn: mbox: appended to | would be delivered: did 2+1+0",
                "prog@local.test | 0 | program, not run here, whose exit code would decide: exit 0 | would be",
                "void@local.test | 0 | the message is thrown away | would be delivered: did 0+0+0",
                "none@local.test | 100 | alias: gets what nobody else gets | would bounce: Sorry, no mailbox here",
                "blank@local.test | 111 | .qmail-blank: found | would wait: Uh-oh: first line",
                "joe@local.test | 0 | belongs to user joe | would be delivered: did 1+0+0",
                "other@local.test | 111 | belongs to user other, uid 4242 | would wait: Unable to deliver as user",
                "ann%virtual.test@hack.test | 0 | percenthack: has hack.test, so it is ann@virtual.test | would be",
                "boss@far.test | 0 | virtualdomains: boss@far.test:alias-boss: local | would be delivered: did 0+1+0",
                "x@a.wild.test | 0 | .qmail-wild-x: not there | would be",
                "x@out.wild.test | 0 | virtualdomains: out.wild.test:: not virtual, remote | would be delivered",
                "zoe@far.test | 0 | MX: 20 b.far.test: 192.0.2.2 2001:db8:0:0:0:0:0:2 | would be delivered: offered",
                "zoe@far.test | 0 | rcpthosts: has far.test | would be delivered: offered as mx.test to 3 servers",
                "zoe@direct.test | 0 | refuses it from clients that have not signed in: 553 5.7.1 | would be delivered: offered",
                "zoe@direct.test | 0 | MX: direct.test has none, so it is tried itself | would be delivered: offered",
                "zoe@null.test | 100 | MX: null.test has the null MX | would bounce: The domain null.test does not",
                "zoe@nowhere.test | 100 | smtproutes: no line for nowhere.test | would bounce: Sorry, I couldn't",
                "zoe@sick.test | 111 | virtualdomains: nothing for it: remote | would wait: DNS lookup of sick.test",
                "zoe@self.test | 100 | this host: 127.0.0.1 | would bounce: Sorry, mail loops back to myself",
                "zoe@route.test | 0 | says [192.0.2.9] port 2525, login as user | would be delivered: offered",
                "zoe@a.sub.test | 0 | says nothing, so the exchangers count | would be delivered: offered",
                "zoe@bad.test | 100 | programs on this machine hand in would go on like this | would be refused: 550",
                "list | 0 | envnoathost: no @, so it is list@local.test | would be delivered",
                "a b@virtual.test | 100 | smtpd: refuses it: 5 | would be refused: 5",
            })
    void saysWhatDecides(String address, int code, String said, String end) throws IOException {
        Map<String, String> before = setting.files();
        assertEquals(code, setting.explain(address), setting.said());
        assertTrue(setting.said().contains(said), setting.said());
        String last = setting.said().lines().toList().getLast();
        assertTrue(last.startsWith(end), setting.said());
        assertFalse(setting.said().contains("secret"), setting.said());
        assertEquals(before, setting.files(), "nothing is written");
    }

    @Test
    void namesEachFileInTheOrderOfTheLookUp() {
        assertEquals(100, setting.explain("a-b.c@local.test"));
        int at = 0;
        for (String name : new String[] {"/.qmail-a-b:c:", "/.qmail-a-default:", "/.qmail-default:"}) {
            int next = setting.said().indexOf(name + " not there");
            assertTrue(next > at, name + " in " + setting.said());
            at = next;
        }
    }

    @Test
    void waitsWhereAControlFileCannotBeRead() throws IOException {
        for (String name : new String[] {"badrcptto", "locals", "smtproutes"}) {
            Path file = setting.state.control().resolve(name);
            byte[] before = Files.readAllBytes(file);
            Files.write(file, new byte[] {(byte) 0xff, '\n'});
            assertEquals(111, setting.explain("zoe@far.test"), setting.said());
            assertTrue(setting.said().contains("explain: fatal: control/" + name), setting.said());
            Files.write(file, before);
        }
        setting.control("concurrencyremote", "0");
        assertEquals(111, setting.explain("zoe@far.test"));
        assertTrue(setting.said().contains("concurrencyremote: 0"), setting.said());
        Files.write(setting.state.users().resolve("cdb"), new byte[] {1, 2, 3});
        assertEquals(111, setting.explain("ann@virtual.test"));
    }

    @Test
    void twoServicesSayTheWholeBetweenThem() throws IOException {
        assertEquals(99, setting.explain("-l", "zoe@far.test"));
        assertFalse(setting.said().contains("MX:"), setting.said());
        assertEquals(0, setting.explain("-r", "zoe@far.test"));
        assertTrue(setting.said().contains("MX: 10 a.far.test: 192.0.2.1"), setting.said());
        assertFalse(setting.said().contains("smtpd:"), setting.said());
        assertEquals(0, setting.explain("-l", "fwd@virtual.test"), "the message itself is taken here");
        assertTrue(setting.said().contains("far.test: its way out cannot be seen from here"), setting.said());
        assertEquals(0, setting.explain("-r", "ann@virtual.test"));
        assertTrue(setting.said().contains("its files cannot be seen from here"), setting.said());
        Files.delete(setting.state.users().resolve("cdb"));
        Files.delete(setting.state.users());
        assertEquals(111, setting.explain("ann@virtual.test"));
        assertTrue(setting.said().contains("users cannot be seen from here"), setting.said());
        assertEquals(0, setting.explain("-r", "zoe@far.test"));
    }

    @Test
    void refusesAWrongCall() {
        for (String[] wrong : new String[][] {
            {}, {"-l"}, {"-x", "ann@virtual.test"}, {"a@b.test", "c@d.test"}, {""}, {"a\nb@virtual.test"}
        }) {
            assertEquals(100, setting.explain(wrong), setting.said());
            assertTrue(setting.said().startsWith("explain: "), setting.said());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ann@virtual.test,delivered",
        "full@virtual.test,bounces",
        "nobody@virtual.test,refused",
        "run@virtual.test,waits",
    })
    void saysTheSameAsJson(String address, String outcome) {
        int code = setting.explain(address);
        String text = setting.said();
        assertEquals(code, setting.explain("--json", address));
        String json = setting.said();
        assertEquals(1, json.lines().count());
        assertTrue(
                json.startsWith("{\"address\":\"" + address + "\",\"steps\":[{\"part\":\"smtpd\",\"depth\":0,"), json);
        assertTrue(json.contains("],\"outcome\":\"" + outcome + "\",\"text\":\"would "), json);
        for (String line : text.lines().toList()) {
            String said = line.strip().replaceFirst("^[a-z]+: ", "").replace("\"", "\\\"");
            assertTrue(json.contains("\"text\":\"" + said + "\""), line + " in " + json);
        }
    }

    @Test
    void asJsonNothingThatIsSaidEndsAText() {
        assertEquals(100, setting.explain("--json", "\"a\\\\\\\"],b\"@virtual.test"));
        assertTrue(
                setting.said().startsWith("{\"address\":\"\\\"a\\\\\\\\\\\\\\\"],b\\\"@virtual.test\",\"steps\":[{"),
                setting.said());
        assertEquals(99, setting.explain("-l", "zoe@far.test", "--json"));
        assertTrue(setting.said().contains("],\"outcome\":\"elsewhere\",\"text\":\"for another host"), setting.said());
        assertEquals(0, setting.explain("--json", "-r", "zoe@far.test"));
        assertTrue(setting.said().contains("\"outcome\":\"delivered\""), setting.said());
        assertEquals(100, setting.explain("-lr", "zoe@far.test"));
        assertEquals(100, setting.explain("--jsno", "zoe@far.test"));
    }
}
