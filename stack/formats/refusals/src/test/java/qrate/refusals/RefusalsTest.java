package qrate.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
    private static final String SAID = "192.0.2.1 failed after I sent the message.\nRemote host said: ";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            AUTHENTICATION | GMAIL | 550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires x - gsmtp
            AUTHENTICATION | GMAIL | 421-4.7.26 This mail has been rate limited because it is unauthenticated. - gsmtp
            AUTHENTICATION | GMAIL | 550-5.7.26 Unauthenticated email from yahoo.com is not accepted due to domain's DMARC policy. gsmtp
            TROUBLE | GMAIL | 451-4.7.26 Unauthenticated email from a.test is not accepted due to domain's DMARC policy, but temporary DNS failures - gsmtp
            PTR | GMAIL | 550-5.7.25 [192.0.2.9] The IP address sending this message does not have a PTR record - gsmtp
            AUTHENTICATION | GMAIL | 550 5.7.27 SPF = Did not pass - gsmtp
            TLS | GMAIL | 421-4.7.29 Your email has been rate limited because you're not using a TLS connection - gsmtp
            AUTHENTICATION | GMAIL | 421 4.7.30 DKIM = Did not pass. - gsmtp
            AUTHENTICATION | GMAIL | 421 5.7.32 the From: header (RFC5322) isn't aligned - gsmtp
            AUTHENTICATION | GMAIL | 421 4.7.40 no DMARC record - gsmtp
            RATE | GMAIL | 421-4.7.28 Gmail has detected an unusual rate of mail originating from your IP address 192.0.2.9 - gsmtp
            RATE | GMAIL | 421-4.7.0 Our system has detected an unusual rate of unsolicited mail https://support.google.com/mail/x
            BUSY | GMAIL | 450 4.2.1 The user you are trying to contact is receiving email too quickly. - gsmtp
            FULL | GMAIL | 452 4.2.2 The recipient's inbox is out of storage space. - gsmtp
            UNKNOWN | GMAIL | 550-5.1.1 The email account that you tried to reach does not exist. - gsmtp
            BLOCKED | GMAIL | 550 5.7.1 This message is likely suspicious due to the very low reputation of the sending domain - gsmtp
            CONTENT | GMAIL | 550 5.7.1 This message is likely unsolicited mail. - gsmtp
            RATE | YAHOO | 421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes
            BLOCKED | YAHOO | 421 4.7.1 [TS03] All messages from 192.0.2.9 will be permanently deferred; Retrying will NOT succeed.
            BLOCKED | YAHOO | 553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.9, because the ip is in Spamhaus's list
            AUTHENTICATION | YAHOO | 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes
            AUTHENTICATION | MICROSOFT | 550 5.7.515 Access denied, sending domain A.TEST doesn't meet the required authentication level. [x.prod.outlook.com]
            AUTHENTICATION | MICROSOFT | 550 5.7.509 Access denied, sending domain yahoo.com does not pass DMARC verification [x.prod.outlook.com]
            BLOCKED | MICROSOFT | 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).
            BLOCKED | MICROSOFT | 550 5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent (S3150). [x.prod.protection.outlook.com]
            RATE | MICROSOFT | 451 4.7.650 The mail server [192.0.2.9] has been temporarily rate limited due to IP reputation. (S775) [x.outlook.com]
            RATE | MICROSOFT | 421 RP-001 (BAY004) Unfortunately, some messages from 192.0.2.9 weren't sent.
            BLOCKED | MICROSOFT | 550 5.7.606 Access denied, banned sending IP [192.0.2.9]. To request removal visit https://sender.office.com/
            UNKNOWN | MICROSOFT | 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [x.prod.outlook.com]
            BLOCKED | APPLE | 554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137
            BLOCKED | APPLE | 550 5.7.1 [HM08] Message rejected due to local policy.
            BLOCKED | OTHER | 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org
            BLOCKED | OTHER | 550 permanent failure for one or more recipients, see https://www.barracudacentral.org/x
            GREYLISTED | OTHER | 450 4.2.0 <b@c.test>: Recipient address rejected: Greylisted, see http://x.test
            AUTHENTICATION | OTHER | 550 5.7.20 No passing DKIM signature found
            AUTHENTICATION | OTHER | 550 5.7.23 SPF validation failed
            PTR | OTHER | 550 5.7.25 Reverse DNS validation failed
            UNKNOWN | OTHER | 550 5.1.1 <b@c.test>: Recipient address rejected
            UNKNOWN | OTHER | 550 sorry, no mailbox here by that name (#5.1.1)
            FULL | OTHER | 552 5.2.2 no room
            FULL | OTHER | 452 Mailbox full
            RATE | OTHER | 421 Too many concurrent connections from this client
            SIZE | OTHER | 552 5.3.4 too big
            """)
    void knowsTheRepliesOfProviders(RefusalKind kind, MailProvider provider, String reply) {
        Optional<Advice> found = RefusalWords.explain(SAID + reply + "\n");
        assertEquals(Optional.of(kind), found.map(Advice::kind), reply);
        assertEquals(provider, found.get().provider(), reply);
    }

    @Test
    void readsASentenceThatGoesOverSeveralLines() {
        String text = SAID
                + "550-5.7.1 This message does not have authentication\n"
                + "550-5.7.1 information or fails to pass authentication checks.\n"
                + "550 5.7.1 abc.169 - gsmtp\n";
        assertEquals(
                RefusalKind.AUTHENTICATION,
                RefusalWords.explain(text).orElseThrow().kind());
    }

    @Test
    void readsALineOfTheLedgerAsTheReplyItself() {
        String text =
                SAID + "421-4.7.28 Gmail has detected an unusual rate of\n421 4.7.28 https://support.google.com/x\n";
        String logged = text.replace(' ', '_').replace('\n', '/');
        assertEquals(RefusalWords.explain(text), RefusalWords.explain(logged));
        assertEquals(
                RefusalKind.RATE, RefusalWords.explain(logged).orElseThrow().kind());
    }

    @Test
    void hasNoWordsForWhatItDoesNotKnow() {
        assertEquals(Optional.empty(), RefusalWords.explain(SAID + "550 5.7.1 go away\n"));
        assertEquals(Optional.empty(), RefusalWords.explain(SAID + "599 5.1.1.7 4.5.6.7\n"));
        assertEquals(Optional.empty(), RefusalWords.explain(SAID + "250 2.0.0 OK gsmtp\n"));
        assertEquals(Optional.empty(), RefusalWords.explain(SAID + "5501 spamhaus\n"));
        assertEquals(Optional.empty(), RefusalWords.explain(SAID));
        assertEquals(Optional.empty(), RefusalWords.explain("Connected to 192.0.2.1 but connection died. (#4.4.2)\n"));
        assertEquals(Optional.empty(), RefusalWords.explain("Sorry, no mailbox here by that name. (#5.1.1)\n"));
    }

    @Test
    void takesTheStatusOfTheRepliesOwnClassAndNoAddress() {
        RemoteReply reply = RemoteReply.in(SAID + "550 host 5.7.1.2 said 4.2.2 and (#5.1.1)")
                .orElseThrow();
        assertEquals("5.1.1", reply.status());
        assertEquals("host 5.7.1.2 said 4.2.2 and (#5.1.1)", reply.words());
        assertEquals(
                "4.2.2", RemoteReply.in(SAID + "550 4.2.2 full").orElseThrow().status());
        assertEquals(
                "",
                RemoteReply.in(SAID + "550 12.1.1 5.1 5..1 5.1.1234")
                        .orElseThrow()
                        .status());
    }

    @Test
    void looksAtABoundedPartOfAReply() {
        String long1 = SAID + "550 " + "x".repeat(RemoteReply.TEXT_CHARS_MAX) + " spamhaus";
        assertEquals(Optional.empty(), RefusalWords.explain(long1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            421 4.7.0 Try again in 300 seconds | PT5M
            450 4.7.1 Please try again in 5 minutes | PT5M
            450 greylisted, retry after 42s | PT42S
            421 Try again in 1 hour | PT1H
            421 Try again in 72 hours | PT1H
            421 Try again in 999999 minutes | PT1H
            """)
    void readsHowLongToWait(String reply, Duration wait) {
        assertEquals(Optional.of(wait), RefusalWords.wait(SAID + reply));
    }

    @Test
    void readsNoWaitWhereThereIsNone() {
        for (String reply : List.of(
                "421 Try again in 0 seconds",
                "421 Try again in 99999999999999999999 seconds",
                "421 Try again in a while",
                "421 Try again in 5 bananas",
                "421 try again later",
                "250 try again in 5 seconds")) {
            assertEquals(Optional.empty(), RefusalWords.wait(SAID + reply), reply);
        }
    }

    @Test
    void namesTheSendersDomainWhereSomethingIsToBeDone() {
        Advice advice = RefusalWords.explain(SAID + "550 5.7.26 unauthenticated - gsmtp")
                .orElseThrow();
        assertTrue(advice.forSender("ann@example.org").action().contains("qrate dns example.org"));
        assertTrue(advice.forSender("").action().contains("qrate dns DOMAIN"));
        assertTrue(advice.forSender("ann@$(reboot)").action().contains("qrate dns DOMAIN"));
        assertTrue(advice.actionLine().startsWith("What the postmaster of this host can do: "));
    }

    @Test
    void eachLineOfTheTableCanBeReached() {
        Set<RefusalRule> unreached = new HashSet<>(RefusalTable.read());
        unreached.removeIf(rule -> {
            MailProvider whose = rule.provider().orElse(MailProvider.OTHER);
            String status = rule.statuses().isEmpty()
                    ? ""
                    : (rule.statuses().getFirst().family() == '4' ? "4." : "5.")
                            + rule.statuses().getFirst().subject() + "."
                            + rule.statuses().getFirst().from();
            String words = String.join(" ... ", rule.phrases());
            RemoteReply reply = new RemoteReply(550, status, words);
            return RefusalTable.read().stream()
                    .filter(one -> one.fits(reply, whose))
                    .findFirst()
                    .equals(Optional.of(rule));
        });
        assertEquals(
                List.of(),
                unreached.stream()
                        .map(rule -> rule.phrases() + " " + rule.said())
                        .collect(Collectors.toList()));
    }

    @Test
    void eachMeaningIsASentenceAndEachActionNone() {
        for (RefusalRule rule : RefusalTable.read()) {
            assertTrue(rule.said().meaning().endsWith("."), rule.said().meaning());
            assertFalse(rule.said().action().endsWith("."), rule.said().action());
            assertFalse(rule.said().action().startsWith("@"), rule.said().action());
        }
    }

    @Test
    void knowsWhoseUsersADomainHas() {
        assertEquals(MailProvider.GMAIL, MailProvider.ofDomain("GMail.com"));
        assertEquals(MailProvider.OTHER, MailProvider.ofDomain("gmail.com.evil.test"));
    }
}
