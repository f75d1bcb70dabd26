package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.message.Field;

/// The counting of smfi_addheader, smfi_insheader and smfi_chgheader.
class EditedHeaderTest {
    private static final EditedHeader HEADER = EditedHeader.of(
            List.of(Field.of("Received", "own")),
            List.of(
                    Field.of("Received", "1"),
                    Field.of("X", "a"),
                    Field.of("To", "t"),
                    Field.of("x", "b"),
                    Field.of("X", "c")));

    private static String after(MilterReply.FieldChange... changes) {
        return text(HEADER.after(List.of(changes)));
    }

    private static String text(EditedHeader header) {
        return new String(header.bytes(), StandardCharsets.ISO_8859_1).replace("\n", ";");
    }

    private static MilterReply.FieldChange change(int index, String name, String value) {
        return new MilterReply.ChangeField(index, name, value);
    }

    @Test
    void anAddedFieldStandsAtTheEnd() {
        assertEquals(
                "Received: own;Received: 1;X: a;To: t;x: b;X: c;Y: y;", after(new MilterReply.AddField("Y", " y")));
    }

    @Test
    void anInsertedFieldIsCountedFromTheTopWithOurOwnReceived() {
        assertEquals(
                "Y: y;Received: own;Received: 1;X: a;To: t;x: b;X: c;",
                after(new MilterReply.InsertField(0, "Y", " y")));
        assertEquals(
                "Received: own;Y: y;Received: 1;X: a;To: t;x: b;X: c;",
                after(new MilterReply.InsertField(1, "Y", " y")));
        assertEquals(
                "Received: own;Received: 1;X: a;To: t;x: b;X: c;Y: y;",
                after(new MilterReply.InsertField(99, "Y", " y")));
    }

    @Test
    void twoInsertedAtTheSamePlaceStandInReverse() {
        assertEquals(
                "B: b;A: a;Received: own;Received: 1;X: a;To: t;x: b;X: c;",
                after(new MilterReply.InsertField(0, "A", " a"), new MilterReply.InsertField(0, "B", " b")));
    }

    @Test
    void aChangedFieldIsCountedFromOneAmongThoseOfItsName() {
        assertEquals("Received: own;Received: 1;X: a;To: t;x: 2;X: c;", after(change(2, "x", " 2")));
        assertEquals("Received: own;Received: 1;x: 1;To: t;x: b;X: c;", after(change(0, "x", " 1")));
    }

    @Test
    void ourOwnReceivedIsNeitherCountedNorChanged() {
        assertEquals("Received: own;Received: 2;X: a;To: t;x: b;X: c;", after(change(1, "Received", " 2")));
    }

    @Test
    void anIndexBeyondTheLastAddsOrTakesNothingAway() {
        assertEquals("Received: own;Received: 1;X: a;To: t;x: b;X: c;X: d;", after(change(4, "X", " d")));
        assertEquals("Received: own;Received: 1;X: a;To: t;x: b;X: c;", after(change(4, "X", "")));
    }

    @Test
    void theOrderInWhichFieldsAreTakenAwayDoesNotMatter() {
        String left = "Received: own;Received: 1;To: t;x: b;";
        assertEquals(left, after(change(1, "X", ""), change(3, "X", "")));
        assertEquals(left, after(change(3, "X", ""), change(1, "X", "")));
    }

    @Test
    void theNextMilterCountsWhatIsLeft() {
        EditedHeader next = HEADER.after(List.of(change(1, "X", "")));
        assertEquals("Received: own;Received: 1;To: t;X: c;", text(next.after(List.of(change(1, "X", "")))));
    }

    @Test
    void aFieldThatWasAddedIsShownToTheNext() {
        EditedHeader next = HEADER.after(List.of(new MilterReply.InsertField(0, "Y", " y\n\tz")));
        assertEquals("y\tz", next.shown().getFirst().value());
        assertEquals(6, next.shown().size());
        assertEquals(7, next.fields().size());
    }

    @Test
    void aLastLineWithoutItsEndGetsOne() {
        EditedHeader header = EditedHeader.of(List.of(), List.of(new Field("To: x", 0, true)));
        assertEquals("To: x;Y: y;", text(header.after(List.of(new MilterReply.AddField("Y", " y")))));
    }
}
