package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientTest {
    private static final Client USER = new Client(
            "2001:db8::7",
            "host.example",
            "[10.0.0.1]",
            "UTF8SMTPSA",
            "jürgen=x;y+z@here.example",
            "TLSv1.3 TLS_AES_256_GCM_SHA384",
            "submission");

    private static final List<Recipient> TO = List.of(Recipient.of("ann@here.example"));

    private static Envelope again(Envelope envelope) {
        return Envelope.travelled(envelope.sender(), envelope.travelling(), envelope.recipients());
    }

    @Test
    void travelsBehindTheParametersAndComesBackAsItWas() {
        for (String parameters : new String[] {"", "BODY=8BITMIME SMTPUTF8", "RET=HDRS ENVID=a+20b"}) {
            Envelope envelope = new Envelope("bob@far.example", parameters, USER, TO);
            assertEquals(envelope, again(envelope));
        }
    }

    @Test
    void isOneOfOursWhoLoggedInMayRelayOrRunsProgramsHere() {
        Client stranger = new Client("192.0.2.7", "", "far.test", "ESMTP", "", "", "smtp");
        assertFalse(stranger.ours());
        assertFalse(Client.UNKNOWN.ours());
        assertTrue(USER.ours());
        assertTrue(stranger.relaying().ours());
        assertTrue(Client.uid(1000).ours());
        assertEquals(stranger.relaying(), Client.parse(stranger.relaying().text()));
    }

    /// The release before reads the words that it knows, and passes over those behind them.
    @Test
    void saysThatItsMessageIsSpamBehindAllThatTheReleaseBeforeReads() {
        Client stranger = new Client("192.0.2.7", "", "far.test", "ESMTP", "", "", "smtp");
        assertEquals("192.0.2.7;;far.test;ESMTP;;;smtp", stranger.text());
        assertEquals(
                "192.0.2.7;;far.test;ESMTP;;;smtp;;spam", stranger.withSpam().text());
        assertEquals(
                "192.0.2.7;;far.test;ESMTP;;;smtp;relay;spam",
                stranger.withSpam().relaying().text());
        assertTrue(Client.parse(stranger.withSpam().text()).spam());
        assertFalse(Client.parse(stranger.withSpam().text()).relay());
        assertFalse(Client.parse(stranger.relaying().text()).spam());
        assertTrue(Client.UNKNOWN.withSpam().text().endsWith(";spam"));
    }

    @Test
    void leavesAnEnvelopeFromNobodyAsPlainAsItWas() {
        Envelope envelope = new Envelope("bob@far.example", "SMTPUTF8", TO);
        assertEquals("SMTPUTF8", envelope.travelling());
        assertEquals(envelope, again(envelope));
    }

    @Test
    void comesBackWhateverAStrangerSaysOfItself() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            String[] words = new String[7];
            for (int i = 0; i < words.length; i++) {
                StringBuilder word = new StringBuilder();
                for (int left = random.nextInt(12); left > 0; left--) {
                    word.append((char) (random.nextBoolean() ? random.nextInt(128) : ' ' + random.nextInt(0x500)));
                }
                words[i] = word.toString();
            }
            Client client = new Client(
                    words[0],
                    words[1],
                    words[2],
                    words[3],
                    words[4],
                    words[5],
                    words[6],
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean());
            Envelope envelope = new Envelope("", "SMTPUTF8", client, TO);
            assertEquals(envelope, again(envelope));
            assertTrue(envelope.travelling().chars().allMatch(c -> c >= ' ' && c <= '~'), envelope::travelling);
        }
    }

    @Test
    void neverMakesAnEnvelopesTextLongerThanTheReleaseBeforeReads() {
        String endless = "é".repeat(5000);
        Client greedy = new Client("192.0.2.7", endless, endless, "ESMTP", "", "", "smtp");
        Envelope envelope = new Envelope("", "RET=HDRS ENVID=" + "x".repeat(300), greedy, TO);
        assertTrue(envelope.travelling().length() <= Envelope.TEXT_BYTES_MAX);
        Envelope back = again(envelope);
        assertEquals(envelope.parameters(), back.parameters());
        assertEquals(new Client("192.0.2.7", "", "", "ESMTP", "", "", "smtp"), back.client());
        String full = "x".repeat(Envelope.TEXT_BYTES_MAX);
        assertEquals(full, new Envelope("", full, greedy, TO).travelling());
    }

    @Test
    void takesWhatMakesNoSenseForNobody() {
        for (String odd : new String[] {"", ";", "a;b;c", "+", "+zz;;;;;;"}) {
            Client client = Client.parse(odd);
            assertTrue(client.equals(Client.UNKNOWN) || odd.startsWith("+zz"), odd);
        }
        assertEquals(
                "smtp", Client.parse("1.2.3.4;;;SMTP;;;smtp;a;later;release").door());
    }

    @Test
    void saysWhetherItWroteTheMessageItselfUntilThatIsSentOn() {
        assertFalse(USER.first());
        assertTrue(USER.firstHand().first());
        assertTrue(Client.parse(USER.firstHand().text()).first());
        assertEquals(USER, USER.firstHand().sentOn());
        assertFalse(new Client("192.0.2.7", "", "far.test", "ESMTP", "", "", "smtp")
                .firstHand()
                .first());
        assertEquals(
                USER.relaying().firstHand(),
                Client.parse(USER.relaying().firstHand().text()));
    }
}
