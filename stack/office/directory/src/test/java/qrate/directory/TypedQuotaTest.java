package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TypedQuotaTest {
    @Test
    void sizesAreTakenAsPeopleWriteThem() {
        Map.of(
                        "500 MB", 500L << 20,
                        "500mb", 500L << 20,
                        " 1.5 GB ", 1536L << 20,
                        "1,5 GB", 1536L << 20,
                        "1,500 MB", 1500L << 20,
                        "0.25 MiB", 256L << 10,
                        "2 TB", 2L << 40,
                        "999999 TB", 999_999L << 40,
                        "52428800S", 52_428_800L)
                .forEach((text, bytes) -> assertEquals(Optional.of(new Quota(bytes, 0)), Quota.typed(text), text));
        assertEquals(Optional.of(new Quota(50 << 20, 1000)), Quota.typed("50MB,1000C"));
        assertEquals(Optional.of(Quota.NONE), Quota.typed("NOQUOTA"));
    }

    @Test
    void whatCouldMeanTwoThingsIsRefused() {
        for (String text : List.of("big", "1.500 GB", "1,50,000 MB", "-1 MB", "1 PB", "1e3 MB", "MB", "1..5 GB")) {
            assertEquals(Optional.empty(), Quota.typed(text), text);
        }
    }

    @Test
    void whatStandsInTheFieldIsReadAsTheSame() {
        for (Quota quota :
                List.of(new Quota(500 << 20, 0), new Quota(1536L << 20, 7), new Quota(1001, 0), new Quota(0, 9))) {
            assertEquals(Optional.of(quota), Quota.typed(quota.field().replace(" ", "")), quota.field());
            assertEquals(Optional.of(quota), Quota.typed(quota.field()), quota.field());
        }
        assertEquals("500 MB", new Quota(500 << 20, 0).field());
        assertEquals("", Quota.NONE.field());
    }
}
