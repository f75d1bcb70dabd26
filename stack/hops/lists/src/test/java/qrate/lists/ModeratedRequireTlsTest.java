package qrate.lists;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.lists.Rig.ANN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;

/// RFC 8689 §6 for posts that wait for a moderator.
class ModeratedRequireTlsTest {
    private static final String POST = "From: bob@x.test\nSubject: hush\n\nbody\n";
    private static final Duration ELEVEN_DAYS = Duration.ofDays(11);

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(folder, "-m");
        rig.hand("ezmlm-sub", rig.dir().toString(), ANN);
        rig.hand("ezmlm-sub", rig.dir() + "/mod", "mod@x.test");
    }

    /// @return what a moderator's answer goes to, behind `team-accept-`
    private String stored(boolean requiresTls) throws Exception {
        if (requiresTls) {
            rig.more.put("QRATE_REQUIRETLS", "1");
        }
        assertEquals(0, rig.mail("ezmlm-store", "bob@x.test", "team", "", POST));
        rig.more.clear();
        assertEquals(requiresTls, rig.last().envelope().requiresTls());
        return rig.replyTo().substring("accept-".length());
    }

    private List<Path> marks() throws Exception {
        Path marks = rig.dir().resolve("mod/requiretls");
        try (Stream<Path> all = Files.exists(marks) ? Files.list(marks) : Stream.empty()) {
            return all.toList();
        }
    }

    @Test
    void goesOutAsItCameHoweverTheModeratorsAnswerDid() throws Exception {
        String secret = stored(true);
        assertEquals(1, marks().size());
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", secret, "x: y\n\n"));
        assertEquals(ANN, rig.last().envelope().recipients().getFirst().address());
        assertTrue(rig.last().envelope().requiresTls());
        assertEquals(List.of(), marks());
        String open = stored(false);
        rig.more.put("QRATE_REQUIRETLS", "1");
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-accept-", open, "x: y\n\n"));
        assertFalse(rig.last().envelope().requiresTls());
    }

    @Test
    void goesOutAsItCameByAPage() throws Exception {
        stored(true);
        ListLook.Waiting post = rig.look().waiting().getFirst();
        rig.decisions().decide(rig.look(), post, Decisions.Decision.ACCEPT, "");
        assertEquals(0, rig.decided());
        assertEquals(ANN, rig.last().envelope().recipients().getFirst().address());
        assertTrue(rig.last().envelope().requiresTls());
    }

    @Test
    void goesBackAsItCame() throws Exception {
        String secret = stored(true);
        assertEquals(0, rig.mail("ezmlm-moderate", "mod@x.test", "team-reject-", secret, "x: y\n\n"));
        assertEquals("bob@x.test", rig.last().envelope().recipients().getFirst().address());
        assertTrue(rig.last().envelope().requiresTls());
        stored(true);
        rig.later(ELEVEN_DAYS);
        assertEquals(0, rig.mail("ezmlm-clean", "", "team", "", ""));
        assertTrue(rig.last().text().contains("No moderator answered"));
        assertTrue(rig.last().envelope().requiresTls());
        assertEquals(List.of(), marks());
    }

    @Test
    void leavesNothingBehindWhereNoModeratorCouldBeAsked() throws Exception {
        rig.answer = new Verdict.Later("full");
        rig.more.put("QRATE_REQUIRETLS", "1");
        assertEquals(111, rig.mail("ezmlm-store", "bob@x.test", "team", "", POST));
        assertEquals(List.of(), marks());
        assertEquals(0, rig.look().waitingCount());
    }
}
