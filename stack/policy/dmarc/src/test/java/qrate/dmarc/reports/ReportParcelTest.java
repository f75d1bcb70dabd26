package qrate.dmarc.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.testkit.Fuzz;

class ReportParcelTest {
    private static final byte[] PACKED = {0x1f, (byte) 0x8b, 8, 0, '\n', '\n', 3};

    private static ReportParcel parcel(String domain, String id, String file, String... to) {
        return new ReportParcel(domain, id, file, List.of(to), PACKED);
    }

    private static ReportParcel parcelTo(String... to) {
        return parcel("example.com", "1.0.example.com@mx.example", "mx.example!example.com!1!2!0.xml.gz", to);
    }

    @Test
    void isReadAsItWasWritten() {
        ReportParcel written = parcelTo("a@example.com", "b+c@reports.example");
        ReportParcel read = ReportParcel.read(written.bytes()).orElseThrow();
        assertEquals(written.domain(), read.domain());
        assertEquals(written.id(), read.id());
        assertEquals(written.file(), read.file());
        assertEquals(List.of("a@example.com", "b+c@reports.example"), read.to());
        assertArrayEquals(PACKED, read.packed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "@example.com",
                "a@",
                "a@exa mple.com",
                "a b@example.com",
                "<a@example.com>",
                "a@example.com,b@example.com",
                "a@example.com\nbcc: x@example.com",
                "\"a\"@example.com",
                "\u00e4@example.com",
            })
    void takesNothingForAnAddressThatCouldBeMore(String address) {
        assertThrows(IllegalArgumentException.class, () -> parcelTo(address));
        byte[] forged = new String(parcelTo("a@example.com").bytes(), ISO_8859_1)
                .replace("to a@example.com", "to " + address)
                .getBytes(ISO_8859_1);
        assertTrue(ReportParcel.read(forged)
                .map(ReportParcel::to)
                .filter(to -> to.contains(address))
                .isEmpty());
    }

    @Test
    void takesNothingThatCouldBeMoreThanAName() {
        for (String bad : List.of("", "a b", "a\nb", "a\"b", "<a>", "x".repeat(1_000))) {
            assertThrows(IllegalArgumentException.class, () -> parcel("example.com", bad, "f", "a@example.com"));
            assertThrows(IllegalArgumentException.class, () -> parcel("example.com", "i", bad, "a@example.com"));
            assertThrows(IllegalArgumentException.class, () -> parcel(bad, "i", "f", "a@example.com"));
        }
        assertThrows(IllegalArgumentException.class, () -> parcelTo());
        String[] many = new String[ReportParcel.ADDRESSES_MAX + 1];
        java.util.Arrays.fill(many, "a@example.com");
        assertThrows(IllegalArgumentException.class, () -> parcelTo(many));
    }

    @Test
    void anythingElseIsNone() {
        byte[] good = parcelTo("a@example.com").bytes();
        String text = new String(good, ISO_8859_1);
        for (String bad : List.of(
                "",
                "\n\n",
                "root:x:0:0:root:/root:/bin/sh\n\n",
                text.replace("dmarc-report 1", "dmarc-report 2"),
                text.replace("domain ", "domains "),
                text.replace("\u001f", "P"),
                text.replace("\n\n", "\n"),
                text.substring(0, text.indexOf("\n\n") + 2))) {
            assertEquals(Optional.empty(), ReportParcel.read(bad.getBytes(ISO_8859_1)), bad);
        }
        assertEquals(Optional.empty(), ReportParcel.read(java.util.Arrays.copyOf(good, ReportParcel.BYTES_MAX + 1)));
    }

    /// Entry point: {@link ReportParcel#read}.
    @Test
    void whateverIsReadIsWrittenTheSame() {
        Fuzz.Outcome outcome = Fuzz.run(
                "dmarc parcels",
                List.of(
                        parcelTo("a@example.com").bytes(),
                        parcelTo("a@example.com", "b@example.net").bytes()),
                bytes -> ReportParcel.read(bytes)
                        .ifPresent(read ->
                                assertTrue(ReportParcel.read(read.bytes()).isPresent())));
        assertTrue(outcome.runs() > 0);
    }
}
