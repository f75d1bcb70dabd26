package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private static final Parameters ALL = new Parameters("BODY=8BITMIME smtputf8 Ret=HDRS ENVID=RET=FULL");

    @Test
    void findsAValueByItsNameInAnyCase() {
        assertEquals(Optional.of("HDRS"), ALL.value("RET"));
        assertEquals(Optional.of("RET=FULL"), ALL.value("ENVID"));
        assertEquals(Optional.of(""), ALL.value("SMTPUTF8"));
        assertEquals(Optional.empty(), ALL.value("BOD"));
        assertEquals(Optional.empty(), new Parameters("").value(""));
    }

    @Test
    void knowsWhetherOneIsThere() {
        assertTrue(ALL.has("SMTPUTF8"));
        assertTrue(ALL.has("BODY"));
        assertFalse(ALL.has("FULL"));
        assertFalse(new Parameters("").has("BODY"));
    }

    @Test
    void keepsSomeInTheirOrder() {
        assertEquals(
                "smtputf8 ENVID=RET=FULL",
                ALL.only("ENVID", "SMTPUTF8", "NOTIFY").text());
        assertEquals("", ALL.only("NOTIFY").text());
    }

    @Test
    void putsAnotherValueInOnesPlace() {
        assertEquals(
                "BODY=8BITMIME smtputf8 RET=FULL ENVID=RET=FULL",
                ALL.replaced("RET", "FULL").text());
        assertEquals(ALL, ALL.replaced("NOTIFY", "NEVER"));
    }

    @Test
    void aRecipientIsReportedOnAsItsNotifySays() {
        for (String kind : new String[] {"SUCCESS", "FAILURE", "DELAY"}) {
            assertEquals(!kind.equals("SUCCESS"), Recipient.of("a@b.test").notifies(kind), kind);
            assertFalse(new Recipient("a@b.test", "notify=never").notifies(kind), kind);
            assertTrue(new Recipient("a@b.test", "ORCPT=rfc822;x NOTIFY=delay,Success,FAILURE").notifies(kind), kind);
        }
        assertFalse(new Recipient("a@b.test", "NOTIFY=SUCCESS").notifies("FAILURE"));
    }

    @Test
    void successReportedHereIsNotReportedAgainFromFurtherOn() {
        assertEquals("NOTIFY=NEVER", new Recipient("a@b.test", "NOTIFY=SUCCESS").withoutSuccess());
        assertEquals(
                "NOTIFY=FAILURE ORCPT=rfc822;x",
                new Recipient("a@b.test", "NOTIFY=success,FAILURE ORCPT=rfc822;x").withoutSuccess());
        assertEquals("NOTIFY=DELAY", new Recipient("a@b.test", "NOTIFY=DELAY").withoutSuccess());
        assertEquals("", Recipient.of("a@b.test").withoutSuccess());
    }
}
