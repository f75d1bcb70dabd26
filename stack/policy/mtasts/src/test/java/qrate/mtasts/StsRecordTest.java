package qrate.mtasts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// RFC 8461 §3.1.
class StsRecordTest {
    @Test
    void standsAtItsOwnNameBelowTheDomain() {
        assertEquals("_mta-sts.example.com", StsRecord.name("example.com"));
    }

    @Test
    void givesTheIdOfTheStandardsExample() {
        assertEquals(Optional.of("20160831085700Z"), StsRecord.id(List.of("v=STSv1; id=20160831085700Z;")));
    }

    @Test
    void takesBlanksAroundTheDelimitersAndFieldsItDoesNotKnow() {
        for (String text :
                List.of("v=STSv1;id=1", "v=STSv1 ;\tid = 1 ", "v=STSv1; x-y.z=4; id=1; more=2", "v=STSv1;id=1;id=2")) {
            assertEquals(Optional.of("1"), StsRecord.id(List.of(text)), text);
        }
    }

    @Test
    void passesOverOtherTextsOfTheSameName() {
        assertEquals(Optional.of("a"), StsRecord.id(List.of("v=spf1 -all", "v=STSv1; id=a", "v=STSv12; id=b")));
    }

    @Test
    void isNoneWhereThereAreTwo() {
        assertEquals(Optional.empty(), StsRecord.id(List.of("v=STSv1; id=a", "v=STSv1; id=a")));
    }

    @Test
    void isNoneWithoutAVersionInFrontOrAnIdThatIsOne() {
        for (String text : List.of(
                "",
                "v=STSv1",
                "v=STSv1;",
                "v=stsv1; id=a",
                "id=a; v=STSv1;",
                "v=STSv1; id=",
                "v=STSv1; id=a-b",
                "v=STSv1; ID=a",
                "v=STSv1; id=" + "a".repeat(33))) {
            assertEquals(Optional.empty(), StsRecord.id(List.of(text)), text);
        }
    }

    /// Strangers' fields are passed over, and yet they must be fields.
    @Test
    void isNoneWhereAnyOfItsFieldsIsNone() {
        for (String field : List.of(
                "x",
                "=y",
                "x=",
                "-x=y",
                "x y=z",
                "x=y z",
                "x=y=z",
                "x=\u00fc",
                "x=\u0001",
                "a".repeat(33) + "=y",
                "")) {
            assertEquals(Optional.empty(), StsRecord.id(List.of("v=STSv1; id=a; " + field + "; y=z")), field);
        }
        assertEquals(Optional.of("a"), StsRecord.id(List.of("v=STSv1; id=a; " + "a".repeat(32) + " = %!~ ; ")));
    }
}
