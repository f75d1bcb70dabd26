package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.checkpassword.AppSecret;
import qrate.core.State;
import qrate.directory.AppPasswords;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Passkey;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.RecoveryCodes;
import qrate.directory.Totp;
import qrate.snapshots.SnapshotWriter;

/// Every option that vpopmail's usage texts name: what it does here, or that it is refused and why.
class OptionsOfCommandsTest extends DirectoryByHand {
    private static final String HASH = new Password.Clear("old").hash(4);

    @BeforeEach
    void start() throws Exception {
        done("vadddomain example.test secret-word");
        done("vadduser ann@example.test secret-word");
    }

    private String done(String line) throws Exception {
        assertEquals(0, run(line), err.toString(UTF_8));
        return out.toString(UTF_8);
    }

    private void refused(String line, String why) throws Exception {
        assertEquals(100, run(line));
        assertEquals(line.substring(0, line.indexOf(' ')) + ": fatal: " + why + "\n", err.toString(UTF_8));
    }

    private EditableDirectory.Mailbox mailbox(String address) throws IOException {
        return domains.mailbox(address).orElseThrow();
    }

    private String catchAll(String domain) throws IOException {
        return domains.domain(domain).orElseThrow().catchAll();
    }

    @Test
    void aRecoveryAddressIsSetWithAMailboxOrLater() throws Exception {
        done("vadduser -R bob@elsewhere.test bob@example.test secret-word");
        assertEquals("bob@elsewhere.test", mailbox("bob@example.test").recovery());
        done("vmoduser -R bob@other.test bob@example.test");
        assertEquals("bob@other.test", mailbox("bob@example.test").recovery());
        assertTrue(done("vuserinfo --json bob@example.test").contains("\"recoveryAddress\":\"bob@other.test\""));
        assertEquals(100, run("vmoduser -R bob@example.test bob@example.test"));
        assertEquals(100, run("vmoduser -R bob bob@example.test"));
        done("vmoduser -R none bob@example.test");
        assertEquals("", mailbox("bob@example.test").recovery());
    }

    /// Command line, and why not.
    private static final List<String> REFUSED = List.of(
            "vadddomain -u joe a.test x|-u: one user owns every mailbox here",
            "vadddomain -i 5 a.test x|-i: one user owns every mailbox here",
            "vadddomain -g 5 a.test x|-g: one user owns every mailbox here",
            "vadddomain -d /home a.test x|-d: a domain's folder is domains/NAME",
            "vadduser -n bob@example.test|-n: nobody signs in without a password: use -r",
            "vmoduser -d ann@example.test|-d: everybody may change his own password here",
            "vmoduser -b ann@example.test|-b: a mailbox keeps its mail; vdeluser has it refused",
            "vmoduser -o ann@example.test|-o: a domain's limits hold for everybody",
            "vmoduser -S ann@example.test|-S: who runs the system signs in to the admin service as admin",
            "vmoduser -E ann@example.test|-E: who runs the system signs in to the admin service as admin",
            "vmoduser -F ann@example.test|-F: nothing here deletes mail for its content",
            "vmoduser -D /x ann@example.test|-D: a home is domains/DOMAIN/USER",
            "vmoduser -3 ann@example.test|-3: there are no flags for other programs",
            "vuserinfo -p ann@example.test|-p: passwords and their hashes are shown to nobody",
            "vuserinfo -C ann@example.test|-C: passwords and their hashes are shown to nobody",
            "vuserinfo -l ann@example.test|-l: logins are in the log of pop3d and smtpd",
            "vmoddomlimits -d x|-d: there are no default limits: a new domain has none",
            "vmoddomlimits -Q 5 example.test|-Q: a domain has no quota of its own; -q is that of a new mailbox",
            "vmoddomlimits -M 5 example.test|-M: a domain has no quota of its own; -q is that of a new mailbox",
            "vmoddomlimits -m 5 example.test|-m: a new mailbox has no limit on messages",
            "vmoddomlimits -F 5 example.test|-F: a forward is an alias: -A",
            "vmoddomlimits -R 5 example.test|-R: there are no autoresponders",
            "vmoddomlimits -L 5 example.test|-L: lists are not limited",
            "vmoddomlimits -g p example.test|-g: what may be done is said for each mailbox: vmoduser domain",
            "vmoddomlimits -z a example.test|-z: a postmaster may do everything in his domain, others nothing",
            "vconvert -e -m example.test|-e: accounts of the system are not read: write users and hashes to a file for -p",
            "vconvert -S example.test|-S: there is no sqwebmail");

    @Test
    void refusesWhatHasNoMeaningHere() throws Exception {
        for (String line : REFUSED) {
            int bar = line.indexOf('|');
            refused(line.substring(0, bar), line.substring(bar + 1));
        }
    }

    @Test
    void takesWithAWarningWhatTurnsOffWhatIsNotThere() throws Exception {
        for (String flag : List.of("w", "i", "r", "u", "f", "m")) {
            done("vmoduser -" + flag + " ann@example.test");
            assertTrue(err.toString(UTF_8).startsWith("vmoduser: warning: -" + flag + ": "));
        }
        done("vmoduser -n -c words ann@example.test");
        assertEquals("words", domains.mailbox("ann@example.test").orElseThrow().name());
        done("vadduser -s -c words bob@example.test secret-word");
        assertEquals("words", domains.mailbox("bob@example.test").orElseThrow().name());
    }

    @Test
    void anEmptyCommentTakesItAwayAndABlankOneIsAWrongCall() throws Exception {
        done("vmoduser -c words ann@example.test");
        assertEquals(100, run(List.of("vmoduser", "-c", " ", "ann@example.test")));
        assertEquals("words", mailbox("ann@example.test").name());
        assertEquals(0, run(List.of("vmoduser", "-c", "", "ann@example.test")), err.toString(UTF_8));
        assertEquals("", mailbox("ann@example.test").name());
        assertEquals("\n", done("vuserinfo -c ann@example.test"));
        assertEquals(0, run(List.of("vadduser", "-c", "", "bob@example.test", "secret-word")), err.toString(UTF_8));
        assertEquals("", mailbox("bob@example.test").name());
    }

    @Test
    void everyCommandTellsItsVersion() throws Exception {
        for (String name : Commands.programs().keySet()) {
            assertEquals("version: qrate\n", done(name + " -v"), name);
        }
        assertTrue(done("vmoduser -h").startsWith("vmoduser: usage: vmoduser [-v] "));
        assertTrue(done("vdominfo -v -n example.test").endsWith("\nexample.test\n"));
    }

    @Test
    void vadddomainSaysWhatHappensToMailForNobody() throws Exception {
        done("vadddomain -b a.test secret-word");
        done("vadddomain -b bounce-no-mailbox b.test secret-word");
        done("vadddomain -b far@example.org c.test secret-word");
        done("vadddomain -e far@example.org d.test secret-word");
        done("vadddomain -O -e postmaster -q 7MB e.test secret-word");
        assertEquals("", catchAll("a.test"));
        assertEquals("", catchAll("b.test"));
        assertEquals("far@example.org", catchAll("c.test"));
        assertEquals("far@example.org", catchAll("d.test"));
        assertEquals("postmaster@e.test", catchAll("e.test"));
        assertEquals(new Quota(7 << 20, 0), mailbox("postmaster@e.test").quota());
        assertEquals(
                EditableDirectory.Limits.NONE,
                domains.domain("e.test").orElseThrow().limits());
        done("vadddomain -b delete g.test secret-word");
        assertEquals("delete", catchAll("g.test"));
        assertTrue(done("vdominfo g.test").contains("catch-all: delete"));
        refused(
                "vadddomain -b /x f.test secret-word",
                "mail for nobody is refused, thrown away (delete), or sent on to an address: /x");
        refused("vadddomain f.test secret-word more", "a domain and a password, no more");
        refused("vadddomain -r f.test secret-word", "-r makes a password, and one is on the command line");
        refused("vadduser -r f@example.test secret-word", "-r makes a password, and one is on the command line");
        refused("vpasswd -r ann@example.test secret-word", "-r makes a password, and one is on the command line");
        assertTrue(domains.domain("f.test").isEmpty());
    }

    @Test
    void vdeldomainDeletesAliasDomainsOnlyWhenForced() throws Exception {
        done("vaddaliasdomain example.test example.net");
        done("vaddaliasdomain example.org example.test"); // swapped, as vpopmail lets it be
        refused(
                "vdeldomain example.test",
                "nothing is removed; -f removes the domain example.test, its 2 mailboxes with all mail, and its 0 alias lines"
                        + " and also the alias domain example.net; the alias domain example.org");
        refused("vaddaliasdomain example.test example.net", "example.net exists already");
        refused("vaddaliasdomain a.test b.test", "Domain does not exist");
        refused("vaddaliasdomain a.test A.test", "real domain and alias domain are the same");
        assertEquals("example.net (alias of example.test)\n", done("vdominfo -n example.net"));
        assertEquals("example.test\n", done("vdominfo -r example.net"));
        assertTrue(done("vdominfo example.test").endsWith("alias: example.net\nalias: example.org\n"));
        done("vdeldomain example.net");
        assertEquals("Warning: this goes too: the alias domain example.org\n", done("vdeldomain -f example.test"));
        assertEquals(List.of(), domains.domains());
    }

    @Test
    void vmoduserAndVsetuserquotaTakeAWholeDomain() throws Exception {
        done("vsetuserquota example.test 3MB");
        assertEquals(new Quota(3 << 20, 0), mailbox("ann@example.test").quota());
        assertEquals(new Quota(3 << 20, 0), mailbox("postmaster@example.test").quota());
        done("vmoduser -p -s -q 4MB,5C example.test");
        assertEquals(new Quota(4 << 20, 5), mailbox("postmaster@example.test").quota());
        assertFalse(mailbox("ann@example.test").is(Property.POP)
                || mailbox("ann@example.test").is(Property.SMTP));
        done("vmoduser -x -a example.test");
        assertTrue(mailbox("ann@example.test").is(Property.POP)
                && mailbox("ann@example.test").is(Property.POSTMASTER));
        done("vmoduser -x example.test");
        assertFalse(mailbox("ann@example.test").is(Property.POSTMASTER));
        assertTrue(mailbox("postmaster@example.test").is(Property.POSTMASTER), "who is that by name");
        done("vmoduser -e " + HASH + " ann@example.test");
        assertTrue(domains.accounts().signIn("ann@example.test", "old").isPresent());
        done("vmoduser -C newer-word ann@example.test");
        assertTrue(domains.accounts().signIn("ann@example.test", "newer-word").isPresent());
        refused("vmoduser -q x example.test", "Invalid quota");
        refused("vsetuserquota nowhere.test 1MB", "Domain does not exist");
    }

    @Test
    void appPasswordsAreShownAndEndedAndASecondFactorIsRemoved() throws Exception {
        assertEquals("", done("app-passwords ann@example.test"));
        domains.apply(new Edit.AddAppPassword(
                "ann@example.test", new AppPasswords.Wish("phone", true, true), AppSecret.make(new SecureRandom())));
        AppPasswords.Listed one = domains.appPasswords("ann@example.test").getFirst();
        assertEquals(
                one.id() + " for POP3 and SMTP since " + one.created() + " used never phone\n",
                done("app-passwords ann@example.test"));
        assertEquals(
                "[{\"id\":\"" + one.id() + "\",\"label\":\"phone\",\"pop\":true,\"smtp\":true,\"created\":\""
                        + one.created() + "\",\"used\":\"\"}]\n",
                done("app-passwords --json ann@example.test"));
        refused("app-passwords -d x ann@example.test", "There is no such app password");
        done("app-passwords -d " + one.id() + " ann@example.test");
        refused("app-passwords nobody@example.test", "There is no mailbox nobody@example.test");
        assertEquals("off\n", done("second-factor ann@example.test"));
        refused("second-factor -d ann@example.test", "No two-step sign-in is set there");
        domains.apply(new Edit.SetSecondFactor(
                "ann@example.test", Totp.make(new SecureRandom()), 1, RecoveryCodes.make(new SecureRandom())));
        assertTrue(
                done("second-factor Ann@example.test").matches("on since .*, recovery codes left: 10, passkeys: 0\n"));
        assertTrue(done("second-factor --json ann@example.test").startsWith("{\"on\":true,\"since\":\"20"));
        done("second-factor -d ann@example.test");
        domains.apply(new Edit.AddPasskey(
                "ann@example.test",
                new Passkey("phone", new Passkey.Credential("mail.example.test", "AQID", "BAUG"), "", 0),
                RecoveryCodes.make(new SecureRandom())));
        assertTrue(done("second-factor ann@example.test").endsWith("left: 10, passkeys: 1, no program\n"));
        done("second-factor -d ann@example.test");
        assertEquals(
                "{\"on\":false,\"since\":\"\",\"codes\":0,\"program\":false,\"passkeys\":[]}\n",
                done("second-factor --json ann@example.test"));
    }

    @Test
    void statisticsShowsEveryDayOfAMonth() throws Exception {
        String[] lines = done("statistics example.test").split("\n", -1);
        assertEquals(33, lines.length, "a head, thirty days, their sum, an end");
        assertTrue(lines[0].startsWith("day        ") && lines[31].startsWith("together   "), lines[31]);
        assertTrue(done("statistics --json example.test").startsWith("[{\"day\":\""));
        refused("statistics no.test", "Domain does not exist");
    }

    @Test
    void vforwardSetsAllOfAForwardAndShowsIt() throws Exception {
        assertEquals("keeps a copy\n", done("vforward ann@example.test"));
        done("vforward ann@example.test b@far.test a@far.test");
        assertEquals("a@far.test\nb@far.test\nkeeps a copy\n", done("vforward ann@example.test"));
        done("vforward -n ann@example.test a@far.test");
        assertEquals("a@far.test\nkeeps no copy\n", done("vforward ann@example.test"));
        assertEquals("{\"to\":[\"a@far.test\"],\"keep\":false}\n", done("vforward --json ann@example.test"));
        refused("vforward -n ann@example.test", "-n goes with targets, -d with none");
        refused("vforward -d ann@example.test a@far.test", "-n goes with targets, -d with none");
        refused("vforward ann@example.test ann@example.test", "ann@example.test leads back to this mailbox");
        refused("vforward ann@example.test a@far.test |x", "|x is no email address");
        refused("vforward nobody@example.test", "There is no mailbox nobody@example.test");
        done("vforward -d ann@example.test");
        assertEquals("keeps a copy\n", done("vforward ann@example.test"));
    }

    @Test
    void vtextsShowsAndSetsWhatADomainSays() throws Exception {
        assertEquals("language: -\n", done("vtexts example.test"));
        done("vtexts -L zh-Hant example.test");
        input = "Dear {sender}\n";
        done("vtexts -n bounce-failed -l en -s example.test");
        assertEquals("language: zh-Hant\nbounce-failed en\n", done("vtexts example.test"));
        assertEquals("Dear {sender}\n", done("vtexts -n bounce-failed -l en example.test"));
        assertEquals(
                "{\"language\":\"zh-Hant\",\"texts\":[{\"name\":\"bounce-failed\",\"language\":\"en\","
                        + "\"text\":\"Dear {sender}\\n\"}]}\n",
                done("vtexts --json example.test"));
        input = "{adress}";
        refused(
                "vtexts -n quota-warning -l en -s example.test",
                "text: {adress} is not known here. These are: {address} {used} {limit} {percent}");
        input = "";
        refused(
                "vtexts -n quota-warning -l en -s example.test",
                "text: it must not be blank, and may hold letters, line ends and tabs only");
        refused("vtexts -n nothing -l en example.test", "No such text");
        refused("vtexts -L fr example.test", "language: one of en, zh-Hant, or empty");
        refused("vtexts -n bounce-failed example.test", "-n and -l belong together; with them -s or -d, and no -L");
        refused("vtexts none.test", "Domain does not exist");
        input = "System's {percent}";
        done("vtexts -n quota-subject -l en -s");
        assertEquals("System's {percent}\n", done("vtexts -n quota-subject -l en example.test"));
        done("vtexts -n bounce-failed -l en -d example.test");
        assertTrue(done("vtexts -n bounce-failed -l en example.test").startsWith("Your message did not reach"));
        done("vtexts -L none example.test");
        assertEquals("language: -\n", done("vtexts example.test"));
    }

    @Test
    void vuserinfoAndVdominfoShowSingleFields() throws Exception {
        done("vsetuserquota ann@example.test 1000S");
        Path home = folder.resolve("maildirs/domains/example.test/ann");
        Files.writeString(home.resolve("Maildir/new/1.a.h"), "x".repeat(250));
        assertEquals("ann\n7789\n7789\n" + home + "\n1000S\n25%\n", done("vuserinfo -nugdqQ ann@example.test"));
        done("vmoduser -c Chan ann@example.test");
        assertEquals("Chan\n", done("vuserinfo -c ann@example.test"));
        assertTrue(done("vuserinfo ann@example.test").contains("\ngecos:  Chan\n"));
        assertEquals("NOQUOTA\n", done("vuserinfo -Q postmaster@example.test"));
        assertTrue(done("vuserinfo -a -n ann@example.test").contains("\nusage:  25%\n"));
        assertEquals("R\nann\nR\npostmaster\n".replace("R", "-".repeat(42)), done("vuserinfo -n -D example.test"));
        refused("vuserinfo -D nowhere.test", "Domain does not exist");
        refused("vuserinfo -D example.test ann@example.test", "an address, or -D and a domain");
        assertEquals(
                "example.test\n7789\n7789\n" + home.getParent() + "\n2\nexample.test\n",
                done("vdominfo -nugdtr example.test"));
        assertTrue(done("vdominfo -a -n").startsWith("domain: example.test\n"));
    }

    @Test
    void valiasShowsNamesAndDeletesAWholeAlias() throws Exception {
        done("valias -i a@example.org sales@example.test");
        done("valias -i b@example.org sales@example.test");
        done("valias -i c@example.org team@example.test");
        assertEquals("sales\nteam\n", done("valias -n example.test"));
        assertEquals(3, done("valias example.test").lines().count());
        refused("valias -n sales@example.test", "Please enter domain name only");
        refused("valias -d example.test", "Invalid email address");
        refused("valias -i a@example.org sales@example.test", "sales@example.test goes to a@example.org already");
        done("valias -d sales@example.test");
        refused("valias -s sales@example.test", "Alias does not exist");
    }

    @Test
    void vmoddomlimitsShowsSetsAndDeletes() throws Exception {
        done("vmoddomlimits -P 2 -A 3 -q 5MB example.test");
        assertEquals(
                "max pop accounts: 2\nmax aliases: 3\ndefault quota: 5242880S\n",
                done("vmoddomlimits -S example.test"));
        refused(
                "vadduser bob@example.test secret-word",
                "2 of 2 mailboxes are used. An administrator can raise the limit");
        refused("vmoddomlimits -P x example.test", "Limits are whole numbers and a quota");
        done("vmoddomlimits -D example.test");
        assertEquals(
                EditableDirectory.Limits.NONE,
                domains.domain("example.test").orElseThrow().limits());
        refused("vmoddomlimits -S nowhere.test", "Domain does not exist");
    }

    @Test
    void vmkpasswdWritesTheSnapshotAnew() throws Exception {
        SnapshotWriter snapshots = new SnapshotWriter(new State(folder), 0, 0);
        OptionalLong before = snapshots.revision("example.test");
        done("vmkpasswd example.test");
        assertTrue(snapshots.revision("example.test").orElseThrow() > before.orElseThrow());
        refused("vmkpasswd nowhere.test", "Domain does not exist");
    }

    @Test
    void vconvertReadsVpasswdAndWritesItAgain() throws Exception {
        Path file = folder.resolve("maildirs/domains/example.test/vpasswd");
        Files.writeString(
                file,
                "postmaster:" + HASH + ":1:0:Postmaster:/home/vpopmail/domains/example.test/postmaster:NOQUOTA:secret\n"
                        + "ann:" + HASH + ":1:2:Ann:/x:10MB\n"
                        + "bob:" + HASH + ":1:6144:Bob:/x:500S,7C:clear\n\n");
        assertEquals("converting example.test done\n", done("vconvert -c -m example.test"));
        assertTrue(domains.accounts().signIn("bob@example.test", "old").isPresent());
        assertFalse(mailbox("ann@example.test").is(Property.POP));
        assertTrue(mailbox("ann@example.test").is(Property.SMTP));
        assertEquals(
                EditableDirectory.Mailbox.of(
                        "bob@example.test",
                        new Quota(500, 7),
                        Set.of(Property.POP, Property.POSTMASTER, Property.KEEP)),
                mailbox("bob@example.test"));
        Files.delete(file);
        assertEquals("converting example.test done\n", done("vconvert -m -c"));
        String home = folder.resolve("maildirs/domains/example.test").toString();
        String text = Files.readString(file);
        assertEquals(
                "ann:" + HASH + ":1:2:ann:" + home + "/ann:10485760S\n"
                        + "bob:" + HASH + ":1:6144:bob:" + home + "/bob:500S,7C\n"
                        + "postmaster:" + HASH + ":1:4096:postmaster:" + home + "/postmaster:NOQUOTA\n",
                text);
        for (String name : List.of("vpasswd", "vpasswd.cdb")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(name))));
        }
        // the cdb alone is enough
        Files.delete(file);
        done("vdeluser bob@example.test");
        done("vconvert -c -m example.test");
        assertEquals(new Quota(500, 7), mailbox("bob@example.test").quota());
    }

    @Test
    void vconvertSaysWhichLinesDidNotConvert() throws Exception {
        Path file = folder.resolve("maildirs/domains/example.test/vpasswd");
        Files.writeString(
                file,
                "ann:" + HASH + ":1:0:A:/x:much\nno line\ncid:plain:1:0:C:/x:NOQUOTA\nbob:" + HASH + ":1:0:B:/x:\n");
        assertEquals(100, run("vconvert -c -m example.test"));
        assertEquals("""
                vconvert: warning: example.test line 1: ann: Invalid quota
                vconvert: warning: example.test line 2: : no user
                vconvert: warning: example.test line 3: cid: Invalid hash: not of a supported kind (bcrypt, $1$, $5$, $6$ and DES are)
                vconvert: fatal: example.test: 3 of its lines did not convert
                """, err.toString(UTF_8));
        assertTrue(domains.mailbox("bob@example.test").isPresent());
        refused("vconvert -c -m nowhere.test", "Domain does not exist: nowhere.test");
        refused("vconvert -c example.test", "from and to: -c -m, -m -c, or -p file -m");
        refused("vconvert -c -p x example.test", "from and to: -c -m, -m -c, or -p file -m");
        Files.delete(file);
        assertEquals(111, run("vconvert -c -m example.test"));
    }

    @Test
    void vconvertReadsAListOfUsersAndHashes() throws Exception {
        Path list = Files.writeString(folder.resolve("list"), "bob:" + HASH + "\n\ncid\t" + HASH + "\n");
        done("vconvert -p " + list + " -m example.test");
        assertTrue(domains.accounts().signIn("bob@example.test", "old").isPresent());
        assertTrue(domains.accounts().signIn("cid@example.test", "old").isPresent());
    }
}
