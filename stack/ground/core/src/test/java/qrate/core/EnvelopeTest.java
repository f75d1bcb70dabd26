package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    @Test
    void refusesWhatCouldStartASecondField() {
        for (String bad : new String[] {"a@b\n", "a\rb@c", "a\0b@c", "x".repeat(Envelope.TEXT_BYTES_MAX + 1)}) {
            assertThrows(IllegalArgumentException.class, () -> Envelope.of(bad, "a@b"));
            assertThrows(IllegalArgumentException.class, () -> Envelope.of("", bad));
            assertThrows(IllegalArgumentException.class, () -> new Recipient("a@b", bad));
        }
    }

    @Test
    void needsARecipient() {
        assertThrows(IllegalArgumentException.class, () -> new Envelope("", "", List.of()));
    }

    @Test
    void tellsWhoeverIsNextToHoldTheMessageBesideItsParameters() {
        Client client = new Client("192.0.2.7", "", "far.test", "ESMTP", "", "", "smtp");
        Envelope plain = new Envelope("ann@a.test", "RET=HDRS", client, List.of(Recipient.of("bob@b.test")));
        assertFalse(plain.held());
        Envelope held = plain.toHold();
        assertTrue(Envelope.travelled(held.sender(), held.travelling(), held.recipients())
                .held());
        assertEquals(held, held.toHold());
        assertEquals(plain, held.notHeld());
        assertEquals(
                Envelope.of("", "bob@b.test"),
                Envelope.of("", "bob@b.test").toHold().notHeld());
    }

    @Test
    void keepsThatItGoesOverSureConnectionsOnlyThroughWhateverItTravels() {
        Envelope plain = new Envelope("ann@a.test", "RET=HDRS", Client.uid(5), List.of(Recipient.of("bob@b.test")));
        assertFalse(plain.requiresTls());
        Envelope secret = plain.requiringTls();
        assertEquals(secret, secret.requiringTls());
        assertTrue(Envelope.travelled(secret.sender(), secret.toHold("why").travelling(), secret.recipients())
                .notHeld()
                .leaving()
                .requiresTls());
        List<Envelope> taken = new ArrayList<>();
        Intake never = (envelope, _) -> {
            taken.add(envelope);
            return new Verdict.Never("parameters are not known here");
        };
        Body body = Body.of(new byte[0]);
        never.sentOn(plain, body, "b.test");
        never.sentOn(secret, body, "b.test");
        assertEquals(
                List.of(false, false, true),
                taken.stream().map(Envelope::requiresTls).toList());
        assertEquals(never, never.asTold(java.util.Map.of()));
        never.asTold(java.util.Map.of(Envelope.REQUIRETLS_VARIABLE, "1")).accept(plain, body);
        assertTrue(taken.getLast().requiresTls());
    }

    @Test
    void remembersWhyItWasHeldUntilItLeavesTheQueue() {
        Client client = new Client("192.0.2.7", "", "pc", "ESMTPSA", "ann@a.test", "", "submission").firstHand();
        Envelope plain = new Envelope("ann@a.test", "RET=HDRS", client, List.of(Recipient.of("bob@b.test")));
        Envelope held = plain.toHold("more than 5; größer=");
        assertTrue(held.held());
        assertEquals(held, held.toHold("another reason"));
        Envelope kept = Envelope.travelled(held.sender(), held.notHeld().travelling(), held.recipients());
        assertFalse(kept.held());
        assertEquals("more than 5; größer=", kept.heldFor());
        assertEquals(client, kept.client());
        assertEquals(plain.from(client.sentOn()), kept.leaving());
        assertEquals("", plain.heldFor());
        assertEquals(
                Envelope.WHY_CHARS_MAX, plain.toHold("x".repeat(500)).heldFor().length());
        Envelope full = new Envelope("", "ENVID=" + "x".repeat(490), plain.recipients()).toHold("no room");
        assertTrue(full.held());
        assertEquals("", full.heldFor());
    }

    @Test
    void splitsAtTheLastAtSign() {
        assertEquals(new Address("a@b", "example.test"), Address.of("a@b@Example.TEST"));
        assertEquals(new Address("joe", ""), Address.of("joe"));
        assertEquals(Optional.empty(), Address.of("joe").host());
        assertEquals("Joe@example.test", Address.of("Joe@EXAMPLE.test").toString());
    }

    @Test
    void verdictsHaveQmailsCodes() {
        for (char code : new char[] {'K', 'Z', 'D'}) {
            assertEquals(code, Verdict.of(code, "t").code());
        }
        assertThrows(IllegalArgumentException.class, () -> Verdict.of('k', ""));
    }

    @Test
    void prefixesABodyAndCountsIt() throws IOException {
        Body body = Body.of(new byte[] {'c', '\n'}).prefixed(new byte[] {'a', '\n'});
        assertEquals(4, body.size());
        assertEquals("a\nc\n", new String(body.open().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
}
