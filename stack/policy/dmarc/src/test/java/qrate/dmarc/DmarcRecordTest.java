package qrate.dmarc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.dmarc.Disposition.NONE;
import static qrate.dmarc.Disposition.QUARANTINE;
import static qrate.dmarc.Disposition.REJECT;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.dmarc.DmarcRecord.Policies;
import qrate.dmarc.DmarcRecord.PublicSuffix;

/// RFC 9989 §4.7, §4.8.
class DmarcRecordTest {
    private static DmarcRecord read(String text) {
        return DmarcRecord.parse(text).orElseThrow();
    }

    private static Policies policies(String text) {
        return read(text).policies();
    }

    @Test
    void readsEveryTag() {
        DmarcRecord record = read("v=DMARC1; p=reject; sp=quarantine; np=none; psd=n; t=y; adkim=s; aspf=s; fo=1:d:s; "
                + "rua=mailto:a@example.org,mailto:b@example.net; ruf=mailto:c@example.org");
        assertEquals(new Policies(REJECT, QUARANTINE, NONE, true), record.policies());
        assertEquals(PublicSuffix.NO, record.psd());
        assertTrue(record.testing() && record.strictDkim() && record.strictSpf());
        assertEquals("1:d:s", record.fo());
        assertEquals(
                List.of(
                        new ReportAddress("a@example.org", "example.org"),
                        new ReportAddress("b@example.net", "example.net")),
                record.rua());
        assertEquals(List.of(new ReportAddress("c@example.org", "example.org")), record.ruf());
        assertEquals(List.of(), record.faults());
    }

    @Test
    void whatIsMissingHasItsDefault() {
        for (String text : List.of("v=DMARC1", "v=DMARC1;", "v = DMARC1 ; ", "V=DMARC1; x=y;")) {
            DmarcRecord record = read(text);
            assertEquals(new Policies(NONE, NONE, NONE, true), record.policies(), text);
            assertEquals(PublicSuffix.UNKNOWN, record.psd());
            assertFalse(record.testing() || record.strictDkim() || record.strictSpf());
            assertEquals("0", record.fo());
            assertEquals(List.of(), record.rua());
            assertEquals(List.of(), record.faults());
        }
    }

    @Test
    void withoutTheVersionInFrontAndInItsCaseThereIsNoRecord() {
        for (String text : List.of(
                "",
                "p=reject",
                "p=reject; v=DMARC1",
                "v=dmarc1; p=reject",
                "v=DMARC2; p=reject",
                "v=DMARC1 p=reject",
                " v=DMARC1; p=reject",
                "v=DMARC1x; p=reject",
                "v=spf1 -all",
                "v",
                ";v=DMARC1",
                "v=DMARC1;" + " ".repeat(DmarcRecord.TEXT_CHARS_MAX))) {
            assertEquals(Optional.empty(), DmarcRecord.parse(text), text);
        }
    }

    @Test
    void unknownTagsAndThoseOfTheOldRfcAreIgnored() {
        DmarcRecord record = read("v=DMARC1; p=reject; pct=10; rf=afrf; ri=86400; later=1");
        assertEquals(REJECT, record.policies().p());
        assertEquals(List.of(), record.faults());
    }

    @Test
    void npFollowsSpAndSpFollowsP() {
        assertEquals(new Policies(REJECT, REJECT, REJECT, true), policies("v=DMARC1; p=reject"));
        assertEquals(new Policies(NONE, REJECT, REJECT, true), policies("v=DMARC1; p=none; sp=reject"));
        assertEquals(new Policies(NONE, NONE, REJECT, true), policies("v=DMARC1;p=none;np=reject"));
        assertEquals(new Policies(NONE, REJECT, REJECT, true), policies("v=DMARC1; sp=reject"));
    }

    @Test
    void wordsOfPoliciesHaveNoCase() {
        assertEquals(new Policies(REJECT, NONE, NONE, true), policies("v=DMARC1; P=Reject; SP=NONE"));
    }

    @Test
    void aBrokenPolicyIsNoneIfSomebodyIsToldOfIt() {
        for (String broken : List.of("p=bounce", "p=reject; sp=x", "p=reject; np=", "p=reject; p=reject")) {
            DmarcRecord told = read("v=DMARC1; " + broken + "; rua=mailto:a@example.org");
            assertEquals(new Policies(NONE, NONE, NONE, true), told.policies(), broken);
            assertFalse(told.faults().isEmpty());
            assertFalse(policies("v=DMARC1; " + broken).usable(), broken);
            assertFalse(
                    policies("v=DMARC1; " + broken + "; rua=https://example.org/")
                            .usable(),
                    broken);
        }
    }

    @Test
    void otherBrokenTagsTakeTheirDefault() {
        DmarcRecord record = read(
                "v=DMARC1; p=reject; adkim=x; aspf=strict; psd=; t=1; junk; =z; fo=0:1; " + "ruf=mailto:a@example.org");
        assertEquals(REJECT, record.policies().p());
        assertFalse(record.strictDkim() || record.strictSpf() || record.testing());
        assertEquals(PublicSuffix.UNKNOWN, record.psd());
        assertEquals("0", record.fo());
        assertEquals(7, record.faults().size(), record.faults().toString());
    }

    @Test
    void foCountsForNothingWithoutRuf() {
        assertEquals("0", read("v=DMARC1; fo=1").fo());
        assertEquals("1", read("v=DMARC1; fo=1; ruf=mailto:a@example.org").fo());
        for (String odd : List.of("2", "d:d", "0:0", "1:0", "", "d:", "0 1")) {
            assertEquals(
                    "0",
                    read("v=DMARC1; fo=" + odd + "; ruf=mailto:a@example.org").fo(),
                    odd);
        }
    }

    @Test
    void addressesAreDecodedAndOldSizesIgnored() {
        assertEquals(
                List.of(
                        new ReportAddress("a@example.org", "example.org"),
                        new ReportAddress("b!c@example.org", "example.org"),
                        new ReportAddress("e@example.org", "example.org")),
                ReportAddress.list(
                        "mailto:a@Example.ORG!10m , MAILTO:b%21c@example.org!5, mailto:e@example.org?subject=x"));
    }

    @Test
    void schemesThatAreNotKnownAndBrokenAddressesAreIgnored() {
        assertEquals(
                List.of(),
                ReportAddress.list(
                        "https://example.org/report,,mailto:,mailto:a,mailto:@b,mailto:a@b..c,"
                                + "mailto:a%0d%0a@example.org,mailto:a%zz@example.org,mailto:a%@example.org,"
                                + "mailto:<a@example.org>,mailto:b%2Cd@example.org,mailto:\u00fc@example.org,a@example.org,mailto:a%fe@b.example"));
    }

    @Test
    void moreAddressesThanTenAreNotRead() {
        assertEquals(
                ReportAddress.ADDRESSES_MAX,
                ReportAddress.list("mailto:a@example.org,".repeat(50)).size());
    }
}
