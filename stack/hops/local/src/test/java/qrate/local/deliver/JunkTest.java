package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Client;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// Where spam goes.
class JunkTest {
    private static final String ANN = "example.org-ann@example.org";
    private static final String BOX = "domains/example.org/ann/Maildir";
    private static final String JUNK = BOX + "/.Junk";

    @TempDir
    Path root;

    private Setting setting;
    private long next = 1;

    @BeforeEach
    void set() throws Exception {
        setting = new Setting(root);
        setting.domain("example.org", "ann");
    }

    @AfterEach
    void close() {
        setting.close();
    }

    private void rule(String... lines) throws IOException {
        Files.write(root.resolve("control/spam"), List.of(lines));
        setting.restart(); // control files are looked at once a second
    }

    private Verdict spam(long id, String to) throws Exception {
        Spawner.Job job = Setting.job(id, "x@far.test", Setting.MESSAGE, to);
        Client client = new Client("192.0.2.7", "", "far.test", "ESMTP", "", "", "smtp").withSpam();
        return setting.deliver(new Spawner.Job(
                        job.id(), job.birth(), job.sender(), "", client, job.body(), "", job.deliveries()))
                .getFirst();
    }

    private String where(String to) throws Exception {
        assertEquals('K', spam(next++, to).code());
        return setting.list(BOX).size() + " " + setting.list(JUNK).size();
    }

    @Test
    void itIsDeliveredLikeOtherMailWithoutARule() throws Exception {
        assertEquals("1 0", where(ANN));
        assertFalse(Files.exists(setting.maildirs().resolve(JUNK)));
    }

    @Test
    void itGoesIntoAFolderOfItsOwnWhichIsMadeWhereTheDomainWantsThat() throws Exception {
        rule("other.org:mark", "example.org:junk");
        assertEquals("0 1", where(ANN));
        assertTrue(Files.exists(setting.maildirs().resolve(JUNK + "/maildirfolder")));
        assertTrue(Files.isDirectory(setting.maildirs().resolve(BOX + "/new")));
        assertEquals("0 2", where(ANN));
        setting.deliver(next++, "x@far.test", Setting.MESSAGE, ANN);
        assertEquals(1, setting.list(BOX).size());
        rule("example.org:refuse"); // it came with mail for others, too
        assertEquals("1 3", where(ANN));
        rule("example.org:mark", ":junk");
        assertEquals("2 3", where(ANN));
    }

    @Test
    void aRepeatedDeliveryFindsItsFileWhereverTheRuleWouldHaveItGoNow() throws Exception {
        rule(":junk");
        assertEquals('K', spam(7, ANN).code());
        rule(":mark");
        assertEquals('K', spam(7, ANN).code());
        assertEquals(0, setting.list(BOX).size());
        assertEquals(1, setting.list(JUNK).size());
        Files.delete(setting.maildirs()
                .resolve(JUNK)
                .resolve(setting.list(JUNK).getFirst().file()));
        assertEquals('K', spam(7, ANN).code());
        assertEquals('K', spam(8, ANN).code());
        rule(":junk");
        assertEquals('K', spam(8, ANN).code());
        assertEquals(1, setting.list(BOX).size());
        assertEquals(0, setting.list(JUNK).size());
    }

    @Test
    void itCountsForTheQuota() throws Exception {
        rule(":junk");
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 200, List.of(), true));
        assertEquals("0 1", where(ANN));
        assertEquals("0 2", where(ANN));
        assertTrue(Files.readString(setting.maildirs().resolve(BOX + "/maildirsize"))
                .startsWith("200S\n"));
        assertFalse(Files.exists(setting.maildirs().resolve(JUNK + "/maildirsize")));
        assertEquals('D', spam(next++, ANN).code());
        assertEquals(
                'D', setting.deliver(next++, "x@far.test", Setting.MESSAGE, ANN).code());
    }

    @Test
    void whereAFileSaysWhichFolderItGoesThereAndAMailboxThatIsGoneIsNotMade() throws Exception {
        rule(":junk");
        setting.assign("joe\0", "joe", "joe", "", "");
        setting.put("joe/.qmail", "./Maildir/\n");
        assertEquals('Z', spam(next++, "joe@h").code());
        assertFalse(Files.exists(setting.maildirs().resolve("joe/Maildir")));
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(setting.maildirs().resolve("joe/Maildir/" + folder));
            Files.createDirectories(setting.maildirs().resolve("joe/Maildir/.Junk/" + folder));
        }
        assertEquals('K', spam(next++, "joe@h").code());
        assertEquals(1, setting.list("joe/Maildir/.Junk").size());
        setting.put("joe/.qmail", "./Maildir/.Junk/\n");
        assertEquals('K', spam(next++, "joe@h").code());
        assertEquals(2, setting.list("joe/Maildir/.Junk").size());
    }

    @Test
    void whatIsSentOnIsSpamForTheNextMailboxToo() throws Exception {
        rule(":junk");
        setting.route("ann@example.org", Setting.mailbox("example.org", "ann", 0, List.of("bob@example.org"), true));
        assertEquals("0 1", where(ANN));
        assertTrue(setting.forwarded.getFirst().envelope().client().spam());
    }

    @Test
    void aRuleThatMakesNoSensePutsSpamOffAndNothingElse() throws Exception {
        rule(":delete");
        assertEquals('Z', spam(next++, ANN).code());
        assertEquals(
                'K', setting.deliver(next++, "x@far.test", Setting.MESSAGE, ANN).code());
    }
}
