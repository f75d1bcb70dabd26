package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.dkim.DkimPeers.Peer;
import qrate.testkit.Seeds;

/// What others say of messages, signatures and keys that chance made or damaged. They agree with us whether a signature
/// is good, or the table says who does not, and why. Where RFC 6376 §6.1.1 has a verifier look at every tag closely, we
/// do.
@Tag("peer")
@Timeout(300)
class DkimVerdictPeersTest {
    private static final int CASES = 500;

    /// @param what the tags or the record that chance made
    /// @param mine the words and reasons of ours
    private record Case(String what, String message, List<DkimResult> mine, boolean good, String told) {
        boolean weSay(String reason) {
            return !good && mine.stream().anyMatch(one -> one.reason().contains(reason));
        }

        boolean onlyWePass(String form) {
            return good && Pattern.compile(form, Pattern.DOTALL).matcher(what).find();
        }
    }

    private record Difference(Set<Peer> peers, String why, Predicate<Case> known) {}

    private static final List<Difference> TABLE = new ArrayList<>();

    /// What we refuse for a reason, and these let pass.
    private static void lenient(String reason, String why, Peer first, Peer... others) {
        TABLE.add(new Difference(EnumSet.of(first, others), why, one -> one.weSay(reason)));
    }

    /// What passes with us, and these refuse.
    private static void strict(String form, String why, Peer first, Peer... others) {
        TABLE.add(new Difference(EnumSet.of(first, others), why, one -> one.onlyWePass(form)));
    }

    static {
        Peer python = Peer.PYTHON;
        Peer perl = Peer.PERL;
        Peer opendkim = Peer.OPENDKIM;
        Peer jdkim = Peer.JDKIM;
        Set<Peer> all = EnumSet.allOf(Peer.class);
        TABLE.add(new Difference(
                all,
                "RFC 5321 §2.3.8: a CR or LF alone is no mail, and programs differ in what they make of it",
                one -> hasBrokenLineEnd(one.message)));
        TABLE.add(new Difference(
                all,
                "a line in the header that is no field begins the body with us; others stop, or pass over it",
                one -> hasLineThatIsNoField(one.message)));
        TABLE.add(new Difference(
                EnumSet.of(python, perl),
                "RFC 5322 §4.5.3: a blank may stand before a field's colon; they know none, or not before each",
                one -> Pattern.compile("(?m)^[!-9;-~]+[ \t]+:")
                        .matcher(one.message)
                        .find()));
        lenient("From is not signed", "§5.4: From MUST be signed", python, perl);
        lenient("h= has an empty part", "§3.5, §3.6.1: no name in h= is empty", python, perl, opendkim, jdkim);
        lenient("l= is more than the body has", "§3.5: l= MUST NOT be more than the body", python, perl, jdkim);
        lenient("l= is no number", "§3.5: l= is digits", perl, jdkim);
        lenient("t= is no number", "§3.5: t= is 1 to 12 digits", perl);
        lenient("q= has ", "§3.5: q= names a way that the verifier knows", jdkim);
        lenient("a tag that stands twice", "§3.2: a tag MUST NOT stand twice", perl, opendkim);
        lenient("a tag without a name and =", "§3.2: a tag begins with a letter and has a =", perl, opendkim);
        lenient("is no domain name", "§3.5: no blank in d= and s=, nor a final dot", python, perl, opendkim);
        lenient("the canonicalization in c= is not known", "§3.5: no blank beside the slash of c=", opendkim);
        lenient("version is not known", "§3.5, §3.6.1: v= is 1, and DKIM1 in front of a key", python, perl, opendkim);
        lenient("the required tag v= is missing or empty", "§3.5: v= is required", perl);
        lenient("is no Base64", "§3.2, §3.5: what Base64 cannot hold is none", python, perl, opendkim, jdkim);
        lenient(
                "a character that no tag may hold",
                "§3.2: only printable characters and folds",
                python,
                perl,
                opendkim);
        lenient("s= has an empty part", "§3.6.1: no service in s= is empty", perl, jdkim);
        lenient("the key is not for mail", "§3.6.1: s= must be * or email", jdkim);
        lenient("the key is of another kind", "§3.6.1: k= must fit a=", perl, opendkim);
        lenient("the key is not for SHA-256", "§3.6.1: h= must hold the hash of a=", python);
        lenient("(t=s)", "§3.6.1: under t=s the domain of i= is that of d=", python);
        strict(
                "(?i)h *= *[^;]*dkim-signature",
                "§3.5: h= never means the signature itself; where it names no other field, they take it all the same",
                python,
                perl,
                opendkim,
                jdkim);
        String noCase = "RFC 5234 §2.3: words of a grammar have no case; they compare some by it";
        strict(
                "(a ?= ?RSA|q ?= ?DNS|c ?= ?Relaxed|k ?= ?RSA|s ?= ?EMAIL|h ?= ?SHA256)",
                noCase,
                python,
                perl,
                opendkim,
                jdkim);
        strict("d ?= ?EXAMPLE|i ?= ?@EXAMPLE", "RFC 1035 §2.3.3: names of domains have no case", python);
        strict("q ?= ?dns/txt:http", "§3.5: ways in q= that are not known are passed over", python);
        strict("s ?= ?email:other", "§3.6.1: of several services in s= one must fit", python);
        strict("g ?= ?", "§3.6.1: g= of RFC 4871 is passed over, since RFC 6376", perl, jdkim);
        strict("y ?= ?\u00e4", "§3.2: what tags that are not known hold is not looked at", opendkim, jdkim);
        strict("h ?= ?sha256 :", "§3.6.1: blanks may stand beside the colons of h=", perl);
        strict("l ?= ?0", "§3.4.5: l=0 signs nothing of a body; Mail::DKIM takes it for none, or for the whole", perl);
        strict("i = a = 20b", "§3.5: quoted-printable in i= is not looked at", jdkim);
        TABLE.add(new Difference(
                EnumSet.of(jdkim),
                "§3.4.4: an empty body is nothing in the relaxed form; jDKIM takes a line end for it",
                one -> one.good && one.message.replaceAll("(\r\n[ \t]*)+$", "").indexOf("\r\n\r\n") < 0));
    }

    @TempDir
    static Path folder;

    private static Post post;
    private static DkimPeers peers;

    private final Map<Difference, Integer> differences = new LinkedHashMap<>();
    private final List<String> unknown = new ArrayList<>();
    private int passed;

    @BeforeAll
    static void open() throws IOException {
        post = new Post();
        peers = new DkimPeers(post, folder);
    }

    @AfterAll
    static void close() throws IOException {
        peers.close();
        post.close();
    }

    private static boolean hasBrokenLineEnd(String message) {
        String rest = message.replace("\r\n", "");
        return rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0;
    }

    private static boolean hasLineThatIsNoField(String message) {
        int end = message.indexOf("\r\n\r\n");
        String header = end < 0 ? message : message.substring(0, end);
        return header.matches("(?s)[ \t].*")
                || header.lines().anyMatch(line -> !line.matches("(?s)[!-9;-~]+[ \t]*:.*|[ \t].*"));
    }

    private interface Property {
        void of(Random random) throws IOException;
    }

    private void forAll(Property property) {
        Seeds.forAll(CASES, random -> {
            try {
                property.of(random);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        System.out.println("dkim: " + passed + " pass, differences: " + differences.values());
        assertEquals("", unknown.stream().limit(12).collect(Collectors.joining("\n")));
        assertTrue(passed > CASES / 20, "not everything is broken: " + passed);
    }

    private void compare(byte[] message, String what) throws IOException {
        List<DkimResult> mine = post.results(message);
        boolean good = mine.stream().map(DkimResult::word).toList().equals(List.of("pass"));
        passed += good ? 1 : 0;
        for (Peer peer : Peer.values()) {
            String told = peers.words(peer, message);
            if (told.equals("pass") != good) {
                Case one = new Case(what, new String(message, ISO_8859_1), mine, good, told);
                TABLE.stream()
                        .filter(known -> known.peers.contains(peer) && known.known.test(one))
                        .findFirst()
                        .ifPresentOrElse(
                                known -> differences.merge(known, 1, Integer::sum),
                                () -> unknown.add(peer + " " + told + ", we " + mine + ": "
                                        + (what.isEmpty() ? one.message : what)));
            }
        }
    }

    @Test
    void damagedMessagesEndAlike() {
        List<String> messages = List.of(
                Post.MESSAGE,
                "From: a@example.test\n\nno last line end",
                "From: a@example.test\n\nblank  line at the\tend\n\n \n",
                "From: a@example.test\nTo: b\nTo: c\n\n",
                "From: a@example.test\nSubject: folded\n\t and  wide \n\n.\n..dots\n.\n");
        forAll(random -> {
            String message = messages.get(random.nextInt(messages.size()));
            byte[] sent = Post.sent(Post.bytes(Post.fields(message, List.of(Post.RSA_KEY)) + message));
            compare(DkimChance.damaged(sent, random), "");
        });
    }

    @Test
    void signaturesOfChanceEndAlike() {
        forAll(random -> {
            String tags = DkimChance.tags(random);
            compare(Post.bytes(DkimChance.signed(tags, Post.MESSAGE.replace("\n", "\r\n"))), tags);
        });
    }

    @Test
    void keysOfChanceEndAlike() {
        AtomicInteger number = new AtomicInteger();
        String key = Post.record(Post.RSA).replaceFirst(".*p=", "");
        forAll(random -> {
            String record = DkimChance.record(random, key);
            String selector = "c" + number.incrementAndGet();
            peers.publish(selector, record);
            String tags = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; h=from; s=" + selector
                    + (random.nextInt(3) == 0 ? "; i=@a.example.test" : "");
            compare(Post.bytes(DkimChance.signed(tags, Post.MESSAGE.replace("\n", "\r\n"))), record);
        });
    }
}
