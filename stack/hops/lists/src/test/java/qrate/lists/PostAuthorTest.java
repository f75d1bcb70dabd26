package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Verdict;

/// The author's domain says by DMARC whether a list may write in the author's name.
class PostAuthorTest {
    private static final String RECEIVED =
            "Received: from far.test (192.0.2.7)\n  by mx.example.test with ESMTP; now\n";
    private static final String BOB = "From: \"Bob B.\" <bob@far.test>\n";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void make() throws Exception {
        rig = new Rig(folder);
        assertEquals(0, rig.hand("ezmlm-sub", rig.dir().toString(), Rig.ANN));
    }

    private void file(String name, String text) throws Exception {
        Files.writeString(rig.dir().resolve(name), text + "\n", UTF_8);
    }

    private static String checked(String policy) {
        return "Authentication-Results: mx.example.test; spf=pass smtp.mailfrom=bob@far.test;\n"
                + "\tdmarc=pass header.from=far.test" + policy + "\n";
    }

    private String posted(String header) throws Exception {
        assertEquals(0, rig.post("bob@far.test", header + "Subject: hello\n\nbody\n"), rig.said);
        return rig.last().text();
    }

    private static List<String> named(String message, String name) {
        return message.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith(name + ":"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "' policy.dmarc=reject',true",
        "' policy.dmarc=quarantine',true",
        "' policy.dmarc=none',false",
        "'',false"
    })
    void theListIsTheAuthorWhereThePolicyForbidsOthers(String policy, boolean rewritten) throws Exception {
        String post = posted(checked(policy) + RECEIVED + BOB);
        if (rewritten) {
            assertEquals(List.of("From: \"Bob B.\" via team <team@example.test>"), named(post, "From"));
            assertEquals(List.of("Reply-To: \"Bob B.\" <bob@far.test>"), named(post, "Reply-To"));
            assertEquals(List.of("X-Original-From: \"Bob B.\" <bob@far.test>"), named(post, "X-Original-From"));
        } else {
            assertEquals(List.of(BOB.strip()), named(post, "From"));
            assertEquals(List.of(), named(post, "Reply-To"));
            assertEquals(List.of(), named(post, "X-Original-From"));
        }
        assertTrue(post.endsWith("Subject: hello\n\nbody\n"), post);
    }

    @Test
    void theListsFileSaysOtherwise() throws Exception {
        file(PostAuthor.FILE, "never");
        assertEquals(List.of(BOB.strip()), named(posted(checked(" policy.dmarc=reject") + RECEIVED + BOB), "From"));
        file(PostAuthor.FILE, "always");
        assertEquals(List.of("From: bob via team <team@example.test>"), named(posted("From: bob@far.test\n"), "From"));
        file(PostAuthor.FILE, "sometimes");
        assertEquals(111, rig.post("bob@far.test", BOB + "\nbody\n"));
        assertTrue(rig.said.contains("rewritefrom: must be auto, always or never"), rig.said);
    }

    @Test
    void whatAStrangerSaysInOurNameCountsForNothingAndGoesNoFurther() throws Exception {
        String post = posted(RECEIVED + checked(" policy.dmarc=reject") + BOB);
        assertEquals(List.of(BOB.strip()), named(post, "From"));
        assertFalse(post.contains("Authentication-Results"), post);
    }

    @Test
    void whatTheGateFoundStaysForWhoeverSealsThePost() throws Exception {
        String other = "Authentication-Results: mx.other.test; spf=none\n";
        String post = posted(checked(" policy.dmarc=reject") + RECEIVED + other + checked("") + BOB);
        assertEquals(2, named(post, "Authentication-Results").size(), post);
        assertTrue(post.contains(checked(" policy.dmarc=reject")) && post.contains(other), post);
    }

    @Test
    void answersGoWhereTheAuthorOrTheListSaysIfOneDoes() throws Exception {
        file(PostAuthor.FILE, "always");
        String own = posted(BOB + "Reply-To: else@far.test\n");
        assertEquals(List.of("Reply-To: else@far.test"), named(own, "Reply-To"));
        file("headeradd", "Reply-To: <#l#>@<#h#>");
        String lists = posted(BOB);
        assertEquals(List.of("Reply-To: team@example.test"), named(lists, "Reply-To"));
        file("headerremove", "reply-to");
        file("headeradd", "X-Nothing: more");
        String removed = posted(BOB + "Reply-To: else@far.test\n");
        assertEquals(List.of("Reply-To: \"Bob B.\" <bob@far.test>"), named(removed, "Reply-To"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=?utf-8?Q?J=C3=B6rg?= <j@far.test> | =?utf-8?Q?J=C3=B6rg?=",
                "J\u00f6rg <j@far.test> | J\u00f6rg",
                "\"boss@bank.test\" <bob@far.test> | bob",
                "b.b@far.test | \"b.b\"",
                "a@far.test, Zoe <z@far.test> | a",
                "nonsense <<> | somebody"
            })
    void theNameIsTheAuthorsUnlessItLooksLikeAnAddress(String from, String name) throws Exception {
        file(PostAuthor.FILE, "always");
        String post = posted("From: " + from + "\n");
        assertEquals(List.of("From: " + name + " via team <team@example.test>"), named(post, "From"));
        assertEquals(List.of("X-Original-From: " + from), named(post, "X-Original-From"));
    }

    @Test
    void aForgedOriginalGoesAndOnlyOneFromIsLeft() throws Exception {
        file(PostAuthor.FILE, "always");
        String post = posted("X-Original-From: boss@bank.test\n" + BOB + "From: boss@bank.test\n");
        assertEquals(1, named(post, "From").size(), post);
        assertFalse(post.contains("boss@bank.test"), post);
    }

    @Test
    void aPostSaysThatTheListsDomainSendsItOn() throws Exception {
        posted(BOB);
        assertEquals(Optional.of("example.test"), rig.last().envelope().sentOnBy());
        assertFalse(rig.last().envelope().hasOwnFrom());
        posted(checked(" policy.dmarc=reject") + RECEIVED + BOB);
        assertTrue(rig.last().envelope().hasOwnFrom());
        rig.answer = new Verdict.Never("no parameters here");
        assertEquals(100, rig.post("bob@far.test", BOB + "\nbody\n"));
    }
}
